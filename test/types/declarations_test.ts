/**
 * The text of declarations: each type, names that are not identifiers, and modules without declarations. `test/system`
 * compiles declarations.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  DecodeError,
  ModuleDecoder,
  type ModuleReport,
  ModuleReportBuilder,
} from "../../src/binary/mod.ts"
import { DeclarationError, type DeclarationErrorReason, declarations } from "../../src/types/mod.ts"
import {
  declaring,
  everything,
  hostileNames,
  named,
  words,
} from "../support/modules/declared_modules.ts"
import {
  build,
  exported,
  exports,
  EXTERNREF,
  func,
  FUNCREF,
  I32,
  I64,
  imported,
  imports,
  memories,
  type Part,
  tables,
  types,
} from "../support/module_builder.ts"
import { random, seed } from "../support/random.ts"

const reportOf = (bytes: Uint8Array): ModuleReport => {
  const builder = new ModuleReportBuilder()
  const decoder = new ModuleDecoder({ sink: builder, unknown: "defer" })
  decoder.push(bytes)
  decoder.finish()
  return builder.build(decoder)
}

/** The lines of a declared type, without comments. */
const linesIn = (text: string, begin: string): ReadonlyArray<string> => {
  const lines = text.split("\n")
  const first = lines.findIndex((line) => line.startsWith(begin))
  const last = lines.indexOf("}", first)
  return lines.slice(first + 1, last).filter((line) => !/^\s*\/\*\*/.test(line)).map((line) =>
    line.trim()
  )
}

const whole = declaring(everything)
const sortedEverything = everything.toSorted((a, b) => (a.name < b.name ? -1 : 1))

test("what has to be given, for each kind and type", () => {
  assert.deepEqual(linesIn(declarations(whole), "export type Imports"), [
    "readonly m: {",
    ...sortedEverything.map(({ given, name }) => `readonly ${name}: ${given}`),
    "}",
  ])
})

test("what an instance has, for each kind and type", () => {
  assert.deepEqual(
    linesIn(declarations(whole), "export type Exports"),
    sortedEverything.map(({ got, name }) => `readonly ${name}: ${got}`),
  )
})

test("what import has, for each kind and type", () => {
  const lines = declarations(whole, { form: "import" }).split("\n")
  assert.deepEqual(
    lines.filter((line) => /^export (?:function|const|let) /.test(line)),
    sortedEverything.map(({ module }) => `export ${module}`),
  )
})

test("each has its type in the text format beside it", () => {
  const text = declarations(whole)
  for (
    const type of ["(func (param i64) (result i64))", "(global (mut f64))", "(memory 1 2 shared)"]
  ) {
    assert.ok(text.includes(`/** \`${type}\` */`), type)
  }
})

test("the same from bytes in any form, and from a report", () => {
  for (const form of ["instantiate", "import"] as const) {
    const text = declarations(whole, { form })
    assert.equal(declarations(whole.buffer, { form }), text)
    const wide = new Uint8Array(whole.length + 7)
    wide.set(whole, 3)
    assert.equal(declarations(new DataView(wide.buffer, 3, whole.length), { form }), text)
    assert.equal(declarations(reportOf(whole), { form }), text)
    assert.equal(
      declarations(declaring(everything.toReversed()), { form }).includes("(ref $type)"),
      true,
    )
  }
})

test("the order of a module does not matter", () => {
  assert.equal(declarations(declaring(everything.toReversed())), declarations(whole))
})

const long = build(
  tables([FUNCREF, 0x05, 1, 9]),
  memories([0x05, 1, 9]),
  exports(exported("table", 1, 0), exported("memory", 2, 0)),
).bytes

const knowsLong = WebAssembly.validate(long)
const skipLong = knowsLong ? false : "this engine knows no tables and memories of 64 bits"

test("the engine has bigint where declarations of 64 bits have it", { skip: skipLong }, () => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(long))
  const call = (from: "table" | "memory", name: string, ...args: ReadonlyArray<unknown>): unknown =>
    Reflect.apply(Reflect.get(Object(exports[from]), name), exports[from], args)
  const lengthOf = (): unknown => Reflect.get(Object(exports["table"]), "length")
  assert.equal(lengthOf(), 1n)
  assert.equal(call("table", "grow", 1n), 1n)
  assert.equal(call("table", "grow", 1n, null), 2n)
  assert.equal(lengthOf(), 3n)
  assert.equal(call("table", "get", 2n), null)
  assert.equal(call("table", "set", 2n, null), undefined)
  assert.equal(call("memory", "grow", 2n), 1n)
  for (
    const [from, name, ...args] of [
      ["table", "grow", 1],
      ["table", "get", 0],
      ["table", "set", 0, null],
      ["memory", "grow", 1],
    ] as const
  ) {
    assert.throws(() => call(from, name, ...args), TypeError, `${from}.${name}`)
  }
})

test("a module without imports and exports", () => {
  const text = declarations(build().bytes)
  assert.match(text, /^export type Imports = \{\}$/m)
  assert.match(text, /^export type Exports = \{\}$/m)
  assert.equal(/Global|Tag/.test(text), false)
  assert.match(declarations(build().bytes, { form: "import" }), /\n\nexport \{\}\n$/)
})

const twice = build(
  types(func([I32], []), func([I64], [])),
  imports(
    imported("b", "f", 0, 1),
    imported("a", "f", 0, 1),
    imported("a", "f", 0, 0),
    imported("a", "f", 0, 1),
    imported("b", "f", 0, 1),
  ),
).bytes

test("an import that is there twice has to fit both types", () => {
  assert.deepEqual(linesIn(declarations(twice), "export type Imports"), [
    "readonly a: {",
    "readonly f: ((p0: number) => void) & ((p0: bigint) => void)",
    "}",
    "readonly b: {",
    "readonly f: (p0: bigint) => void",
    "}",
  ])
})

test("an import that is there twice has one comment, with both types", () => {
  const many = build(
    types(func([I32], []), func([I64], [])),
    imports(
      ...[1, 0, 1].map((type) => imported("m", "functions", 0, type)),
      ...[2, 1, 2].map((minimum) => imported("m", "memories", 2, [0x00, minimum])),
      imported("m", "mixed", 3, [I32, 0]),
      imported("m", "mixed", 0, 0),
      imported("m", "one", 0, 0),
      imported("m", "one", 0, 0),
    ),
  ).bytes
  const lines = declarations(many).split("\n").map((line) => line.trim())
  const commentOf = (name: string) =>
    lines[lines.findIndex((line) => line.startsWith(`readonly ${name}:`)) - 1]
  assert.deepEqual(["functions", "memories", "mixed", "one"].map(commentOf), [
    "/** `(func (param i32))` and `(func (param i64))` */",
    "/** `(memory 1)` and `(memory 2)` */",
    "/** `(func (param i32))` and `(global i32)` */",
    "/** `(func (param i32))` */",
  ])
  for (const [at, line] of lines.entries()) {
    assert.equal(line.startsWith("/**") && lines[at + 1]?.startsWith("/**"), false)
  }
})

const builtins = build(
  types(func([EXTERNREF], [I32])),
  imports(
    imported("wasm:js-string", "length", 0, 0),
    imported("'", "hello", 3, [EXTERNREF, 0]),
    imported("m", "f", 0, 0),
  ),
).bytes

test("builtins and string constants are no imports where the module is compiled with them", () => {
  const modulesOf = (text: string): ReadonlyArray<string> =>
    linesIn(text, "export type Imports").filter((line) => line.endsWith("{"))
  const all = [`readonly "'": {`, "readonly m: {", `readonly "wasm:js-string": {`]
  assert.deepEqual(modulesOf(declarations(builtins)), all)
  assert.deepEqual(modulesOf(declarations(builtins, { builtins: ["js-string"] })), all.slice(0, 2))
  assert.deepEqual(
    modulesOf(declarations(builtins, { builtins: ["js-string"], importedStringConstants: "'" })),
    ["readonly m: {"],
  )
})

/** Imports of functions; an engine imports unknown ones even if a set of that name is enabled. */
const functionsOf = (module: string, ...names: ReadonlyArray<string>): ReadonlyArray<Part> =>
  names.map((name) => imported(module, name, 0, 0))
const jsString =
  ("cast test fromCharCodeArray intoCharCodeArray fromCharCode fromCodePoint charCodeAt codePointAt length concat " +
    "substring equals compare").split(" ")
const odd = build(
  types(func([EXTERNREF], [I32])),
  imports(
    ...functionsOf("wasm:js-string", ...jsString, "nosuch", "toString", "Length"),
    imported("wasm:js-string", "equals", 3, [EXTERNREF, 0]),
    ...functionsOf("wasm:text-decoder", "decodeStringFromUTF8Array", "length"),
    ...functionsOf("wasm:foo", "length"),
    ...functionsOf("js-string", "length"),
    ...functionsOf("wasm:", "length"),
  ),
).bytes

const everyName = [...jsString, "Length", "nosuch", "toString"].toSorted()

// deno-fmt-ignore
const asked: ReadonlyArray<readonly [builtins: ReadonlyArray<string>, left: ReadonlyArray<string>]> = [
  [[], everyName],
  [["text-decoder", "foo", "", "wasm:js-string", "JS-String", "constructor"], everyName],
  [["js-string"], ["Length", "equals", "nosuch", "toString"]],
  [["js-string", "foo", "text-decoder", ""], ["Length", "equals", "nosuch", "toString"]],
]
for (const [builtins, left] of asked) {
  test(`what no engine provides is imported, with the builtins ${JSON.stringify(builtins)}`, () => {
    const names = linesIn(declarations(odd, { builtins }), "export type Imports")
      .map((line) => /^readonly ("[^"]*"|[^:]+):/.exec(line)?.[1] ?? line)
    assert.deepEqual(names, [
      ...['"js-string"', "length", "}", '"wasm:"', "length", "}", '"wasm:foo"', "length", "}"],
      ...['"wasm:js-string"', ...left, "}"],
      ...['"wasm:text-decoder"', "decodeStringFromUTF8Array", "length", "}"],
    ])
  })
}

/** The names of the properties, read as string literals of JavaScript are. */
const namesIn = (text: string, begin: string): ReadonlyArray<unknown> =>
  linesIn(text, begin).map((line) => {
    const [, literal = "", identifier] =
      /^readonly (?:("(?:[^"\\\n]|\\u\{[0-9a-f]+\}|\\["\\])*")|([A-Za-z_$][\w$]*)): \(\) => void$/
        .exec(line) ??
        []
    return identifier ?? new Function(`"use strict"; return ${literal}`)()
  })

const checkNames = (names: ReadonlyArray<string>): void => {
  const unique = [...new Set(names)]
  const sorted = unique.toSorted()
  const bytes = named(unique)
  const text = declarations(bytes)
  assert.deepEqual(namesIn(text, "export type Exports"), sorted)
  const module = declarations(bytes, { form: "import" })
  for (const made of [text, module]) assert.match(made, /^[\x20-\x7e\n]*$/)
  // Every line has one of the expected forms.
  const known =
    /^(?:\/\/ [\w .:;]+|\/\*\* `\(func\)` \*\/|export function [\w$]+\(\): void|declare function _+\d+\(\): void|export \{ _+\d+ as "(?:[^"\\]|\\u\{[0-9a-f]+\}|\\["\\])*" \}|export \{\}|)$/
  for (const line of module.split("\n")) assert.match(line, known)
}

test("names that are words of the language", () => checkNames(words))

test("names that would break out", () => checkNames(hostileNames))

console.log(`declarations_test: seed ${seed}`)
test("names of any characters", () => {
  const next = random(seed)
  const pieces = [...hostileNames, ...words, "a", "_", "$"]
  const names = Array.from(
    { length: 300 },
    () =>
      Array.from(
        { length: next(6) },
        () =>
          next(3) > 0 ? pieces[next(pieces.length)] ?? "" : String.fromCodePoint(
            [next(0x80), next(0xd800), 0xe000 + next(0x10_2000)][next(3)] ?? 0,
          ),
      ).join(""),
  )
  checkNames(names)
})

const changed = (change: (report: ModuleReport) => Partial<ModuleReport>): ModuleReport => {
  const report = reportOf(whole)
  return { ...report, ...change(report) }
}

const typed = (
  kind: "function" | "global" | "table" | "memory" | "tag",
  type: string,
): ModuleReport => changed(() => ({ exports: [{ name: "x", kind, index: 0, type }] }))

// deno-fmt-ignore
const refused: ReadonlyArray<readonly [name: string, reason: DeclarationErrorReason, report: ModuleReport, maximumLength?: number]> = [
  ["a report that ends early", "incomplete", changed(() => ({ unknown: { offset: 9, what: "section" } }))],
  ["a text that is too long", "too-large", reportOf(whole), 500],
  ["a name that is too long", "too-large", reportOf(named(["x".repeat(2_000)])), 1_000],
  ["an empty type", "malformed", typed("function", "")],
  ["the type of another kind", "malformed", typed("function", "(memory 1)")],
  ["a type with an end of a comment", "malformed", typed("function", "(func (param i32)) */")],
  ["a type with an end of a comment inside", "malformed", typed("function", "(func (param */ i32))")],
  ["a type that goes on", "malformed", typed("global", "(global i32) (global i32)")],
  ["a type that stops", "malformed", typed("global", "(global (mut i32")],
  ["an unknown value type", "malformed", typed("global", "(global i33)")],
  ["an unknown heap type", "malformed", typed("global", "(global (ref null foo))")],
  ["a property of every object", "malformed", typed("global", "(global constructor)")],
  ["limits that are none", "malformed", typed("memory", "(memory -1)")],
  ["limits without a number", "malformed", typed("table", "(table funcref)")],
  ["no parameters", "malformed", typed("tag", "(tag (param))")],
]
for (const [name, reason, report, maximumLength] of refused) {
  test(`refused: ${name}: ${reason}`, () => {
    for (const form of ["instantiate", "import"] as const) {
      assert.throws(
        () => declarations(report, { form, maximumLength }),
        (error) => error instanceof DeclarationError && error.reason === reason,
      )
    }
  })
}

test("bytes that are no module are refused by the decoder", () => {
  for (
    const bytes of [new Uint8Array(), whole.subarray(0, 40), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)]
  ) {
    assert.throws(() => declarations(bytes), DecodeError)
  }
})

test("a type of many lines has one in its comment", () => {
  const text = declarations(typed("global", "(global\n\u2028(mut\ti32))"))
  assert.ok(text.includes("  /** `(global (mut i32))` */\n"))
})

/** Calls it like an untyped program. */
const call = (...args: ReadonlyArray<unknown>): unknown =>
  Reflect.apply(declarations, undefined, args)

// deno-fmt-ignore
const notModules: ReadonlyArray<readonly [name: string, given: () => unknown, says: RegExp]> = [
  ["nothing", () => undefined, /not undefined/],
  ["null", () => null, /not null/],
  ["a number", () => 1, /not 1/],
  ["a text", () => "module.wasm\n", /not "module\.wasm\\u\{a\}"/],
  ["a list of bytes", () => [...whole], /not a list/],
  ["an object", () => ({}), /not an object/],
  ["a compiled module", () => new WebAssembly.Module(build().bytes), /compiled module has lost.* pass its bytes, or a report/],
  ["a promise", () => Promise.resolve(whole), /promise.*await it/],
  ["a response", () => new Response("x"), /Response.*arrayBuffer/],
  ["a stream", () => new ReadableStream(), /ReadableStream/],
  ["a symbol", () => Symbol("x"), /Symbol\(x\)/],
  ["a report without imports", () => ({ ...reportOf(whole), imports: undefined }), /bytes of a module, or a report/],
]
for (const [name, given, says] of notModules) {
  test(`neither bytes nor a report: ${name}`, () => {
    assert.throws(
      () => call(given()),
      (error) => error instanceof TypeError && says.test(error.message),
    )
  })
}

// deno-fmt-ignore
const oddReports: ReadonlyArray<readonly [name: string, change: object]> = [
  ["an import that is no object", { imports: [null] }],
  ["a name that is no text", { imports: [{ module: "m", name: 5, kind: "function", type: "(func)" }] }],
  ["a module that is no text", { imports: [{ name: "f", kind: "function", type: "(func)" }] }],
  ["a type that is no text", { exports: [{ name: "f", kind: "function", type: {} }] }],
  ["a kind that is none", { exports: [{ name: "f", kind: "constructor", type: "(func)" }] }],
]
for (const [name, change] of oddReports) {
  test(`a malformed report: ${name}`, () => {
    for (const form of ["instantiate", "import"]) {
      const report = { ...reportOf(whole), imports: [], exports: [], ...change }
      assert.throws(
        () => call(report, { form }),
        (error) => error instanceof DeclarationError && error.reason === "malformed",
      )
    }
  })
}

// deno-fmt-ignore
const oddOptions: ReadonlyArray<readonly [options: unknown, names: RegExp]> = [
  [null, /options/], ["import", /options/], [1, /options/], [["import"], /options/],
  [{ from: "import" }, /option "from"/],
  ...[ "x", "", null, 1, ["import"]].map((form) => [{ form }, /form must be/] as const),
  ...[NaN, -1, "10", null, 10n].map((maximumLength) => [{ maximumLength }, /maximumLength must be/] as const),
  ...["js-string", null, 1, {}, [1], [undefined], new Set(["js-string"])].map((builtins) => [{ builtins }, /builtins must be/] as const),
  ...[1, [], {}, false].map((importedStringConstants) => [{ importedStringConstants }, /importedStringConstants must be/] as const),
]
for (const [index, [options, names]] of oddOptions.entries()) {
  test(`an option that is wrong: ${index}: ${names}`, () => {
    for (const given of [whole, reportOf(whole)]) {
      assert.throws(
        () => call(given, options),
        (error) => error instanceof TypeError && names.test(error.message),
      )
    }
  })
}

// deno-fmt-ignore
const fineOptions: ReadonlyArray<unknown> = [
  undefined, {}, { form: undefined }, { builtins: [], importedStringConstants: null, maximumLength: Infinity },
  { builtins: undefined, importedStringConstants: undefined, maximumLength: undefined, form: "instantiate" },
]
test("options that are absent", () => {
  for (const options of fineOptions) assert.equal(call(whole, options), declarations(whole))
})

// Only isolated pages have shared memory.
const unshared = typeof SharedArrayBuffer === "undefined"
test("bytes in shared memory", { skip: unshared && "no shared memory here" }, () => {
  const shared = new SharedArrayBuffer(whole.length)
  new Uint8Array(shared).set(whole)
  assert.equal(call(shared), declarations(whole))
})

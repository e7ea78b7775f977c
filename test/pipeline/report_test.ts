/**
 * `Wasm.inspect` and `Wasm.compileStreamingWithReport`: their reports, and how they fail.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { Wasm } from "../../mod.ts"
import { printName } from "../../src/binary/mod.ts"
import {
  body,
  build,
  code,
  custom,
  data,
  dataCount,
  elements,
  emptyBody,
  END,
  exported,
  exports,
  func,
  FUNCREF,
  functions,
  globals,
  HEADER,
  I32,
  i32,
  I64,
  imported,
  imports,
  memories,
  name,
  type Part,
  refNull,
  section,
  start,
  tables,
  types,
  vec,
} from "../support/module_builder.ts"
import { settled } from "../support/outcomes.ts"
import { chunks, endless, failing, response, split, typed } from "../support/responses.ts"

type Run = (
  source: Response,
) => Effect.Effect<Wasm.ModuleReport, Wasm.CompileStreamingError>

/** Each way to a report. */
const ways: Readonly<Record<string, Run>> = {
  inspect: (source) => Wasm.inspect(source),
  compileStreamingWithReport: (source) =>
    Wasm.compileStreamingWithReport(source).pipe(
      Effect.tap(({ module }) =>
        Effect.sync(() => assert.ok(module instanceof WebAssembly.Module))
      ),
      Effect.map(({ report }) => report),
    ),
}

/** A response over chunks of a few bytes. */
const streamed = (...sections: ReadonlyArray<Part>): Response =>
  response(chunks(...split(build(sections).bytes, 3)))

const run = <A>(effect: Effect.Effect<A, unknown>): Promise<A> => settled(Effect.runPromise(effect))

/** An engine that compiles everything to the smallest module. */
const compilesAll: Wasm.EngineService = {
  compile: ({ chunks }) =>
    Effect.as(
      chunks.forEach<never>(() => undefined),
      new WebAssembly.Module(build().bytes.slice()),
    ),
}

/** An engine that must not be called. */
const compilesNone: Wasm.EngineService = {
  compile: () => Effect.die(new Error("The engine was asked")),
}

const full: ReadonlyArray<Part> = [
  types(func([], []), func([I32, I64], [I32])),
  imports(
    imported("env", "log", 0, 1),
    imported("env", "memory", 2, [1, 1, 4]),
    imported("env", "base", 3, [I32, 0]),
  ),
  functions(0, 0),
  tables([FUNCREF, 1, 2, 10]),
  globals([I32, 1, i32(7), END], [I64, 0, 0x42, 0, END]),
  exports(
    exported("run", 0, 1),
    exported("table", 1, 0),
    exported("memory", 2, 0),
    exported("counter", 3, 1),
  ),
  start(2),
  elements([0, i32(0), END, vec(1)]),
  dataCount(1),
  code(emptyBody, emptyBody),
  data([0, i32(0), END, name("hello")]),
  custom("producers", vec([name("language"), vec([name("Rust"), name("2024")])])),
  custom("target_features", vec([0x2b, name("bulk-memory")])),
  custom("sourceMappingURL", name("full.wasm.map")),
  custom("build_id", vec(0xca, 0xfe)),
  custom("name", section(0, name("full")), section(1, vec([1, name("run")]))),
]

for (const [way, report] of Object.entries(ways)) {
  test(`${way}() tells what is in a module`, async () => {
    const { sections, ...found } = await run(report(streamed(...full)))
    assert.deepEqual(found, {
      size: build(full).bytes.length,
      unknown: undefined,
      imports: [
        {
          module: "env",
          name: "log",
          kind: "function",
          type: "(func (param i32 i64) (result i32))",
        },
        { module: "env", name: "memory", kind: "memory", type: "(memory 1 4)" },
        { module: "env", name: "base", kind: "global", type: "(global i32)" },
      ],
      exports: [
        { name: "run", kind: "function", index: 1, type: "(func)" },
        { name: "table", kind: "table", index: 0, type: "(table 2 10 funcref)" },
        { name: "memory", kind: "memory", index: 0, type: "(memory 1 4)" },
        { name: "counter", kind: "global", index: 1, type: "(global (mut i32))" },
      ],
      memories: [
        {
          isImported: true,
          minimum: 1,
          maximum: 4,
          is64: false,
          isShared: false,
          type: "(memory 1 4)",
        },
      ],
      tables: [
        {
          isImported: false,
          minimum: 2,
          maximum: 10,
          is64: false,
          isShared: false,
          type: "(table 2 10 funcref)",
        },
      ],
      functions: { imported: 1, defined: 2 },
      globals: { imported: 1, defined: 2 },
      dataSegments: 1,
      elementSegments: 1,
      start: 2,
      features: ["mutable-globals", "bulk-memory"],
      moduleName: "full",
      producers: [{ field: "language", name: "Rust", version: "2024" }],
      targetFeatures: ["+bulk-memory"],
      sourceMappingUrl: "full.wasm.map",
      externalDebugInfo: undefined,
      buildId: "cafe",
      neededLibraries: undefined,
    })
    assert.deepEqual(
      sections.map(({ customName, name }) => customName ?? name),
      [
        "type",
        "import",
        "function",
        "table",
        "global",
        "export",
        "start",
        "element",
        "data count",
        "code",
        "data",
        "producers",
        "target_features",
        "sourceMappingURL",
        "build_id",
        "name",
      ],
    )
    assert.deepEqual(sections[0]?.offset, HEADER.length + 2)
  })

  test(`${way}() of the smallest module`, async () => {
    const found = await run(report(response()))
    assert.equal(found.size, 8)
    for (const list of [found.sections, found.imports, found.exports, found.features]) {
      assert.deepEqual(list, [])
    }
  })

  // deno-fmt-ignore
  const hostile: ReadonlyArray<readonly [raw: string, printed: string]> = [
    ["plain é漢", "plain é漢"],
    ["", ""],
    ["__proto__", "__proto__"],
    ['"quoted\\', '\\"quoted\\\\'],
    ["two\nlines\r", "two\\u{a}lines\\u{d}"],
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["\u0000\u007f\u0085", "\\u{0}\\u{7f}\\u{85}"],
    ["\u202egnp.exe", "\\u{202e}gnp.exe"],
    ["\u2066\u200b\ufeff\u2028\u2029", "\\u{2066}\\u{200b}\\u{feff}\\u{2028}\\u{2029}"],
    ["\u{e0041}tag", "\\u{e0041}tag"],
  ]
  test(`${way}() hands out hostile names as they are, and printName() makes them safe`, async () => {
    const names = hostile.map(([raw]) => raw)
    const found = await run(report(streamed(
      types(func([], [])),
      imports(...names.map((raw) => imported(raw, raw, 0, 0))),
      exports(...names.map((raw, index) => exported(raw, 0, index))),
      ...names.map((raw) => custom(raw)),
      custom("sourceMappingURL", name("\u202ehttps:")),
      custom("name", section(0, name("\u001b[2J"))),
    )))
    assert.deepEqual(
      found.imports.map((entry) => [entry.module, entry.name]),
      names.map((raw) => [raw, raw]),
    )
    assert.deepEqual(found.exports.map((entry) => entry.name), names)
    assert.deepEqual(
      found.sections.map((entry) => entry.customName).slice(3, -2),
      names,
    )
    assert.deepEqual(
      found.exports.map((entry) => printName(entry.name)),
      hostile.map(([, printed]) => printed),
    )
    assert.deepEqual(
      [found.sourceMappingUrl, found.moduleName].map((text) => printName(text ?? "")),
      ["\\u{202e}https:", "\\u{1b}[2J"],
    )
  })

  // deno-fmt-ignore
  const wrong: ReadonlyArray<readonly [title: string, source: () => Response, tag: string, fields: Readonly<Record<string, unknown>>]> = [
    ["nothing", () => response(null), "CompileError", { reason: "empty", code: "unexpected-end", offset: 0 }],
    ["a page", () => response("<!doctype html>"), "CompileError", { reason: "html", code: "magic-mismatch", offset: 0 }],
    ["another magic number", () => response(Uint8Array.of(0, 97, 115, 110)), "CompileError", { reason: "structure", code: "magic-mismatch", offset: 3 }],
    ["a component", () => response(Uint8Array.of(0, 97, 115, 109, 13, 0, 1, 0)), "CompileError", { reason: "component", code: "version-mismatch", offset: 4 }],
    ["half a header", () => response(Uint8Array.of(0, 97, 115)), "CompileError", { reason: "truncated", code: "unexpected-end", offset: 3 }],
    ["half a section", () => response(build([1, 10, 1, 0x60]).bytes.slice()), "CompileError", { reason: "truncated", code: "unexpected-end", offset: 12, section: "type" }],
    ["a type that is not there", () => streamed(types(func([refNull(1)], []))), "CompileError", { reason: "structure", code: "unknown-type", offset: 14, section: "type" }],
    ["an export twice", () => streamed(memories([0, 1]), exports(exported("m", 2, 0), exported("m", 2, 0))), "CompileError", { reason: "structure", code: "duplicate-export-name", offset: 20, section: "export" }],
    ["a body beyond its section", () => streamed(types(func([], [])), functions(0), code([9, 0, END])), "CompileError", { reason: "structure", code: "length-out-of-bounds", offset: 21, section: "code", functionIndex: 0 }],
    ["too large a memory", () => streamed(memories([0, 0x81, 0x80, 4])), "CompileError", { reason: "structure", code: "memory-size", offset: 12, section: "memory" }],
    ["a content type", () => typed("text/html"), "TypeError", { reason: "content-type", contentType: "text/html" }],
    ["a status", () => response("", { status: 404 }), "TypeError", { reason: "status", status: 404 }],
    ["an odd chunk", () => response(chunks("text")), "TypeError", { reason: "chunk" }],
    ["a failing body", () => response(failing("mine")), "SourceError", { reason: "body", cause: "mine" }],
  ]
  for (const [title, source, tag, fields] of wrong) {
    test(`${way}() fails with a typed error: ${title}`, async () => {
      const error = await run(Effect.flip(report(source())))
      assert.equal(error._tag, tag)
      const found = Object.fromEntries(
        Object.keys(fields).map((field) => [field, Reflect.get(error, field)]),
      )
      assert.deepEqual(found, fields)
    })
  }

  test(`${way}() closes the body at a fault`, async () => {
    const { cancelled, stream } = endless(
      build().bytes,
      Uint8Array.of(1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    )
    const error = await run(Effect.flip(report(response(stream))))
    assert.equal(error._tag, "CompileError")
    await settled(cancelled)
  })
}

test("inspect() asks no engine", async () => {
  const found = await run(
    Effect.provideService(Wasm.inspect(streamed(...full)), Wasm.Engine, compilesNone),
  )
  assert.equal(found.moduleName, "full")
})

test("inspect() looks at no instruction, and the engine does", async () => {
  const parts = [types(func([], [I32])), functions(0), code(body(0, END))]
  assert.equal((await run(Wasm.inspect(streamed(...parts)))).functions.defined, 1)
  const error = await run(Effect.flip(Wasm.compileStreamingWithReport(streamed(...parts))))
  assert.equal(error.reason, "engine")
})

// deno-fmt-ignore
const unknown: ReadonlyArray<readonly [what: string, offset: number, sections: ReadonlyArray<Part>]> = [
  ["section id", 14, [types(func([], [])), [99, 1, 0], exports()]],
  ["type form", 11, [types([0x40, 0])]],
  ["value type", 13, [types(func([0x41], []))]],
  ["limits flags", 11, [memories([0x40, 1])]],
]
for (const [what, offset, sections] of unknown) {
  test(`a report ends at what the decoder does not know: ${what}`, async () => {
    const { bytes } = build(sections)
    const inspected = await run(Wasm.inspect(streamed(...sections)))
    assert.deepEqual(inspected.unknown, { what, offset })
    assert.equal(inspected.size, bytes.length)
    // The engine alone decides: one that accepts everything returns a module, this runtime's own rejects it.
    const compiled = await run(Effect.provideService(
      Wasm.compileStreamingWithReport(streamed(...sections)),
      Wasm.Engine,
      compilesAll,
    ))
    assert.deepEqual(compiled.report, inspected)
    const error = await run(Effect.flip(Wasm.compileStreamingWithReport(streamed(...sections))))
    assert.equal(error._tag, "CompileError")
    assert.ok(error.cause instanceof WebAssembly.CompileError)
  })
}

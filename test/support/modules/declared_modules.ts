/**
 * Modules that only import and export again: one entry of every kind and type that declarations distinguish, with any names.
 */
import {
  array,
  build,
  exported,
  exports,
  EXTERNREF,
  F32,
  F64,
  func,
  FUNCREF,
  I32,
  I64,
  imported,
  imports,
  type Part,
  ref,
  refNull,
  struct,
  types,
  u,
  V128,
} from "../module_builder.ts"

const [FUNC, TABLE, MEMORY, GLOBAL, TAG] = [0, 1, 2, 3, 4]
const [CONST, VAR] = [0, 1]
const [ANY, EQ, I31, STRUCT, ARRAY, EXN] = [0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x69]
const [NONE, NOEXTERN, NOFUNC, NOEXN] = [0x71, 0x72, 0x73, 0x74]

/** An import that is exported again, and how it is declared. */
export interface Declared {
  readonly name: string
  readonly kind: number
  /** The type; for a function or a tag, its parameters and results. */
  readonly type: Part
  /** The declared type of the import. */
  readonly given: string
  /** The declared type of the instance's export. */
  readonly got: string
  /** The declaration for `import`. */
  readonly module: string
}

const functionOf = (
  name: string,
  parameters: ReadonlyArray<Part>,
  results: ReadonlyArray<Part>,
  [taken, given, returned = given]: readonly [taken: string, given: string, returned?: string],
): Declared => ({
  name,
  kind: FUNC,
  type: func(parameters, results),
  given: `(${taken}) => ${given}`,
  got: `(${taken}) => ${returned}`,
  module: `function ${name}(${taken}): ${returned}`,
})

const globalOf = (name: string, isMutable: boolean, type: Part, value: string): Declared => {
  const alias = isMutable ? "MutableGlobal" : "Global"
  const given = isMutable ? `MutableGlobal<${value}>` : `${value} | Global<${value}>`
  return {
    name,
    kind: GLOBAL,
    type: [type, isMutable ? VAR : CONST],
    given: value === "never"
      ? "WebAssembly.Global"
      : value === "unknown" && !isMutable
      ? value
      : given,
    got: `${alias}<${value}>`,
    module: `${isMutable ? "let" : "const"} ${name}: ${value}`,
  }
}

const tableOf = (name: string, type: Part, alias: string, element: string): Declared => {
  const got = `${alias}<${element}>`
  const given = alias === "Table" ? "WebAssembly.Table" : got
  return { name, kind: TABLE, type, given, got, module: `const ${name}: _${got}` }
}

const memoryOf = (name: string, type: Part, got: string, module = got): Declared => ({
  ...{ name, kind: MEMORY, type, given: got, got, module: `const ${name}: ${module}` },
})

/** Types 0 and 1, which reference types refer to. */
const ownTypes: ReadonlyArray<Part> = [struct([I32, 1]), array([I64, 1])]

/** Each kind, and each type of a value in both directions. */
// deno-fmt-ignore
export const everything: ReadonlyArray<Declared> = [
  functionOf("none", [], [], ["", "void"]),
  functionOf("numbers", [I32, F32, F64], [I32], ["p0: number, p1: number, p2: number", "number"]),
  functionOf("long", [I64], [I64], ["p0: bigint", "bigint"]),
  functionOf("pair", [], [F64, I64], ["", "readonly [number, bigint]", "[number, bigint]"]),
  functionOf("vector", [V128], [], ["p0: never", "void"]),
  functionOf("vectors", [], [I32, V128], ["", "unknown", "[number, never]"]),
  functionOf("external", [EXTERNREF], [EXTERNREF], ["p0: unknown", "unknown"]),
  functionOf("present", [ref(EXTERNREF)], [ref(ANY)], ["p0: {} | undefined", "{} | undefined"]),
  functionOf("callback", [FUNCREF], [ref(FUNCREF)], ["p0: Function | null", "Function"]),
  functionOf("any", [ANY], [EQ], ["p0: unknown", "number | object | null"]),
  functionOf("small", [I31], [ref(I31)], ["p0: number | null", "number"]),
  functionOf("shape", [STRUCT], [ref(ARRAY)], ["p0: object | null", "object"]),
  functionOf("own", [refNull(0)], [ref(1)], ["p0: object | null", "object"]),
  functionOf("thrown", [EXN], [NOEXN], ["p0: never", "unknown", "never"]),
  functionOf("bottom", [NONE, NOEXTERN], [NOFUNC], ["p0: null, p1: null", "null"]),
  functionOf("impossible", [ref(NONE)], [], ["p0: never", "void"]),
  globalOf("constant", false, I32, "number"),
  globalOf("variable", true, F64, "number"),
  globalOf("longConstant", false, I64, "bigint"),
  globalOf("longVariable", true, I64, "bigint"),
  globalOf("externalConstant", false, EXTERNREF, "unknown"),
  globalOf("externalVariable", true, EXTERNREF, "unknown"),
  globalOf("functionVariable", true, FUNCREF, "Function | null"),
  globalOf("vectorConstant", false, V128, "never"),
  tableOf("functionTable", [FUNCREF, 0x00, 1], "Table", "Function | null"),
  tableOf("externalTable", [EXTERNREF, 0x01, 1, 2], "Table", "unknown"),
  tableOf("longTable", [FUNCREF, 0x05, 1, 2], "Table64", "Function | null"),
  tableOf("fullTable", [ref(EXTERNREF), 0x01, 1, 2], "Table", "{} | undefined"),
  tableOf("longFullTable", [ref(FUNCREF), 0x05, 1, 2], "Table64", "Function"),
  memoryOf("memory", [0x00, 1], "WebAssembly.Memory"),
  memoryOf("shared", [0x03, 1, 2], "WebAssembly.Memory"),
  memoryOf("longMemory", [0x04, 1], "Memory64", "_Memory64"),
  { name: "tag", kind: TAG, type: func([I32], []), given: "Tag", got: "Tag", module: "const tag: _Tag" },
]

/** The bytes of a module that imports them from `m` and exports them again. */
export const declaring = (
  externals: ReadonlyArray<Pick<Declared, "name" | "kind" | "type">>,
): Uint8Array<ArrayBuffer> => {
  const signatures: Array<Part> = [...ownTypes]
  const counts = [0, 0, 0, 0, 0]
  const given: Array<Part> = []
  const taken: Array<Part> = []
  for (const { kind, name, type } of externals) {
    let own = type
    if (kind === FUNC || kind === TAG) {
      own = kind === TAG ? [0x00, u(signatures.length)] : u(signatures.length)
      signatures.push(type)
    }
    const index = counts[kind] ?? 0
    counts[kind] = index + 1
    given.push(imported("m", name, kind, own))
    taken.push(exported(name, kind, u(index)))
  }
  return build(types(...signatures), imports(...given), exports(...taken)).bytes
}

/** A module with these functions of no parameters. */
export const named = (names: ReadonlyArray<string>): Uint8Array<ArrayBuffer> =>
  declaring(names.map((name) => ({ name, kind: FUNC, type: func([], []) })))

/** Words of the language that cannot be identifiers, or look like it. */
export const words: ReadonlyArray<string> =
  ("abstract any arguments as asserts async await bigint boolean break case catch class const constructor continue debugger " +
    "declare default defer delete do else enum eval export exports extends false finally for from function get global " +
    "globalThis if implements import in infer instanceof interface intrinsic is keyof let module namespace never new null " +
    "number object of out override package private protected public readonly require return satisfies set static string " +
    "super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield " +
    "Array Error Exports Function Global Imports Infinity Instance NaN Object Promise Symbol Tag WebAssembly __proto__ " +
    "_0 __0 ___0 _Tag p0 then toString").split(" ")

/** Names that would break out of a string, a line, a comment or a template, or look like something else. */
export const hostileNames: ReadonlyArray<string> = [
  ...["", " ", "0", "1e3", "-1", "a b", "a-b", "a.b", "#a", "a:", "?", "[x]", "(): void"],
  ...[`"`, `""`, `\\`, `\\"`, `\\\\"`, `'`, "`", "${0}", `"; export const evil: 1; "`],
  ...["*/", "/*", "//", "*/ export const evil: 1 /*", "<!--", "-->", "</script>"],
  ...[
    "\n",
    "\r\n",
    "a\nexport const evil: 1",
    "\u2028",
    "\u2029",
    "\u0085",
    "\0",
    "\x000",
    "\t",
    "\x7f",
  ],
  ...["\u202eabc", "\u200b", "\ufeff", "é", "e\u0301", "名前", "𝒳", "😀", "\u{10ffff}", "\ue000"],
  "x".repeat(300),
]

// The report: imports, exports and custom sections as the engine sees them, types in text, names.
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  ModuleDecoder,
  type ModuleReport,
  ModuleReportBuilder,
  NameSection,
  printName,
} from "../../src/binary/mod.ts"
import {
  array,
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
  EXTERNREF,
  F64,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  I64,
  imported,
  imports,
  memories,
  name,
  type Part,
  ref,
  refNull,
  section,
  start,
  struct,
  tables,
  tags,
  types,
  u,
  V128,
  vec,
} from "../support/module_builder.ts"
import { bytewise } from "../support/verdicts.ts"

/** The report of a module fed byte by byte, which has to equal that of the whole module. */
const report = (
  ...sections: ReadonlyArray<Part>
): { report: ModuleReport; names: ModuleReportBuilder } => {
  const { bytes } = build(sections)
  const builder = new ModuleReportBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  for (const chunk of bytewise(bytes)) decoder.push(chunk)
  decoder.finish()
  const whole = new ModuleReportBuilder()
  const other = new ModuleDecoder({ sink: whole })
  other.push(bytes)
  other.finish()
  assert.deepEqual(builder.build(decoder), whole.build(other))
  return { report: builder.build(decoder), names: builder }
}

const PLAIN: ReadonlyArray<Part> = [
  types(func([], []), func([I32, I32], [I64])),
  imports(
    imported("env", "add", 0, 1),
    imported("env", "table", 1, [FUNCREF, 1, 1, 10]),
    imported("env", "memory", 2, [1, 1, 2]),
    imported("env", "global", 3, [I32, 0]),
    imported("é漢", "\u{1f600}", 3, [F64, 0]),
  ),
  functions(0),
  globals([I32, 1, i32(0), END]),
  exports(
    exported("run", 0, 1),
    exported("table", 1, 0),
    exported("memory", 2, 0),
    exported("counter", 3, 2),
  ),
  code(emptyBody),
  custom("note", 1, 2),
  custom("note"),
]

test("ModuleReport has the imports, exports and custom sections that the engine sees", () => {
  const { bytes } = build(PLAIN)
  const module = new WebAssembly.Module(bytes.slice())
  const found = report(...PLAIN).report
  assert.deepEqual(
    found.imports.map(({ kind, module, name }) => ({ module, name, kind })),
    WebAssembly.Module.imports(module).map(({ kind, module, name }) => ({ module, name, kind })),
  )
  assert.deepEqual(
    found.exports.map(({ kind, name }) => ({ name, kind })),
    WebAssembly.Module.exports(module).map(({ kind, name }) => ({ name, kind })),
  )
  const notes = found.sections.filter((section) => section.customName === "note")
  assert.deepEqual(
    notes.map(({ offset, size }) => [...bytes.subarray(offset + 5, offset + size)]),
    WebAssembly.Module.customSections(module, "note").map((part) => [...new Uint8Array(part)]),
  )
})

test("ModuleReport prints types in the text format", () => {
  const { exports: found, imports: asked, memories: found64, tables: foundTables } = report(
    types(
      func([], []),
      func([I32, V128], [ref(0), refNull(0x70)]),
      struct(),
      array([I64, 0]),
      func([ref(0x70), EXTERNREF, 0x71, 0x73, refNull(3)], []),
    ),
    imports(
      imported("m", "f", 0, 1),
      imported("m", "g", 0, 4),
      imported("m", "e", 4, [0, 0]),
      imported("m", "m", 2, [7, 1, 2]),
      imported("m", "g", 3, [I32, 1]),
      imported("m", "g", 3, [ref(0x6c), 0]),
      imported("m", "t", 1, [refNull(0), 5, 0, u(2n ** 64n - 1n)]),
    ),
    tables([FUNCREF, 1, 1, 10]),
    memories([0, 3]),
    exports(exported("t", 1, 1), exported("m", 2, 1)),
  ).report
  assert.deepEqual(asked.map(({ type }) => type), [
    "(func (param i32 v128) (result (ref 0) funcref))",
    "(func (param (ref func) externref nullref nullfuncref (ref null 3)))",
    "(tag)",
    "(memory i64 1 2 shared)",
    "(global (mut i32))",
    "(global (ref i31))",
    "(table i64 0 18446744073709551615 (ref null 0))",
  ])
  assert.deepEqual(found.map(({ type }) => type), ["(table 1 10 funcref)", "(memory 3)"])
  assert.deepEqual(found64[0], {
    isImported: true,
    minimum: 1,
    maximum: 2,
    is64: true,
    isShared: true,
    type: "(memory i64 1 2 shared)",
  })
  assert.equal(found64[1]?.maximum, undefined)
  assert.deepEqual(foundTables.map(({ isImported }) => isImported), [true, false])
})

test("ModuleReport tells sections, counts and the start function", () => {
  const { report: found } = report(
    types(func([], [])),
    functions(0, 0),
    memories([0, 1]),
    start(1),
    elements([1, 0, 0]),
    dataCount(2),
    code(emptyBody, emptyBody),
    data([1, 0], [1, 0]),
  )
  assert.deepEqual(found.sections[0], {
    id: 1,
    name: "type",
    customName: undefined,
    offset: 10,
    size: 4,
  })
  assert.deepEqual(found.functions, { imported: 0, defined: 2 })
  assert.deepEqual([found.start, found.dataSegments, found.elementSegments], [1, 2, 1])
})

const FEATURES: ReadonlyArray<readonly [string, ReadonlyArray<Part>]> = [
  ["", PLAIN.slice(0, 2)],
  ["mutable-globals", [imports(imported("m", "g", 3, [I32, 1]))]],
  ["multi-value", [types(func([], [I32, I32]))]],
  ["reference-types", [types(func([EXTERNREF], []))]],
  ["reference-types", [tables([FUNCREF, 0, 0], [FUNCREF, 0, 0])]],
  ["bulk-memory", [dataCount(0)]],
  ["bulk-memory", [data([1, 0])]],
  ["simd", [types(func([V128], []))]],
  ["threads", [memories([3, 1, 1])]],
  ["memory64", [memories([4, 1])]],
  ["memory64", [imports(imported("m", "m", 2, [4, 1]))]],
  ["table64", [tables([FUNCREF, 4, 1])]],
  ["table64", [imports(imported("m", "t", 1, [FUNCREF, 4, 1]))]],
  ["multi-memory", [memories([0, 1], [0, 1])]],
  ["extended-const", [globals([I32, 0, i32(1), i32(1), 0x6a, END])]],
  ["exceptions", [types(func([], [])), tags([0, 0])]],
  ["typed-function-references", [types(func([], []), func([refNull(0)], []))]],
  ["gc", [types(struct())]],
]
for (const [feature, sections] of FEATURES) {
  test(`ModuleReport detects ${feature === "" ? "no feature" : feature} in ${sections.length} sections`, () => {
    assert.deepEqual(report(...sections).report.features, feature === "" ? [] : [feature])
  })
}

test("ModuleReport reads the custom sections of tools", () => {
  const { names, report: found } = report(
    custom("dylink.0", section(1, 0, 0, 0, 0), section(2, vec(name("libc.so"), name("libm.so")))),
    custom("producers", vec([name("language"), vec([name("Rust"), name("2021")])])),
    custom("target_features", vec([0x2b, name("simd128")], [0x2d, name("threads")])),
    custom("sourceMappingURL", name("a.wasm.map")),
    custom("external_debug_info", name("a.debug.wasm")),
    custom("build_id", vec(0xde, 0xad, 0x01)),
    custom("name", section(0, name("mod")), section(1, vec([0, name("f")], [5, name("g")]))),
  )
  assert.deepEqual(found.neededLibraries, ["libc.so", "libm.so"])
  assert.deepEqual(found.producers, [{ field: "language", name: "Rust", version: "2021" }])
  assert.deepEqual(found.targetFeatures, ["+simd128", "-threads"])
  assert.equal(found.sourceMappingUrl, "a.wasm.map")
  assert.equal(found.externalDebugInfo, "a.debug.wasm")
  assert.equal(found.buildId, "dead01")
  assert.equal(found.moduleName, "mod")
  assert.deepEqual([0, 1, 5, 6].map((i) => names.functionName(i)), ["f", undefined, "g", undefined])
})

test("ModuleReport takes custom sections of nonsense", () => {
  for (const title of ["producers", "target_features", "build_id", "dylink", "dylink.0", "name"]) {
    for (
      const bytes of [[], [255], [9, 9, 9], [255, 255, 255, 255, 255, 255], [1, 4, 1, 2], [2, 1]]
    ) {
      report(custom(title, bytes))
    }
  }
})

test("ModuleReportBuilder keeps no name section larger than asked for", () => {
  const { bytes } = build(custom("name", section(0, name("a long module name"))))
  const builder = new ModuleReportBuilder({ maximumNameSection: 5 })
  const decoder = new ModuleDecoder({ sink: builder })
  decoder.push(bytes)
  decoder.finish()
  assert.equal(builder.build(decoder).moduleName, undefined)
})

test("ModuleReportBuilder reports what came before a fault", () => {
  const { bytes } = build(imports(imported("m", "g", 3, [I32, 0])), [99, 0])
  const builder = new ModuleReportBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  assert.throws(() => decoder.push(bytes), { code: "malformed-section-id" })
  assert.equal(builder.build(decoder).imports.length, 1)
})

test("NameSection looks names up in a section out of order", () => {
  const payload = build(section(1, vec([5, name("g")], [0, name("f")]))).bytes.slice(8)
  const names = new NameSection(payload)
  assert.equal(names.functionNameCount, 2)
  assert.deepEqual([0, 1, 5].map((i) => names.functionName(i)), ["f", undefined, "g"])
})

test("printName escapes what could deceive or break a line", () => {
  assert.equal(printName("plain name é漢"), "plain name é漢")
  assert.equal(printName('"\\'), '\\"\\\\')
  assert.equal(printName("\n\x1b[31m\x7f\u0085"), "\\u{a}\\u{1b}[31m\\u{7f}\\u{85}")
  assert.equal(
    printName("\u202eabc\u2066\u200b\ufeff\u2028"),
    "\\u{202e}abc\\u{2066}\\u{200b}\\u{feff}\\u{2028}",
  )
  assert.equal(printName("\u{e0041}\ud800"), "\\u{e0041}\\u{d800}")
})

// Imports, functions, tables, memories, globals, tags, exports, start: entries and index bounds.
import {
  AT,
  code,
  emptyBody,
  END,
  exported,
  exports,
  EXTERNREF,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  I64,
  i64,
  imported,
  imports,
  memories,
  name,
  ref,
  refNull,
  section,
  start,
  tables,
  tags,
  types,
  u,
} from "../support/module_builder.ts"
import { accepts, defers, rejects } from "../support/verdicts.ts"

const TYPES = types(func([], []), func([I32], [I64]), [0x5f, 0])
const FUNC = 0
const TABLE = 1
const MEMORY = 2
const GLOBAL = 3
const TAG = 4

// Imports
accepts("imports of every kind", [
  TYPES,
  imports(
    imported("m", "f", FUNC, 1),
    imported("m", "t", TABLE, [FUNCREF, 1, 1, 2]),
    imported("m", "t64", TABLE, [EXTERNREF, 4, u(2n ** 20n)]),
    imported("", "", MEMORY, [0, 1]),
    imported("m", "shared", MEMORY, [3, 1, 2]),
    imported("m", "m64", MEMORY, [5, 1, u(2n ** 37n - 1n)]),
    imported("m", "g", GLOBAL, [I32, 1]),
    imported("m", "g", GLOBAL, [ref(0x70), 0]),
    imported("m", "e", TAG, [0, 0]),
  ),
])
accepts("a long import", [types(func([], [])), imports(imported("x".repeat(500), "y", FUNC, 0))])
defers("malformed-import-kind", "import kind 5", [imports([name("m"), name("f"), AT, 5, 0])])
defers("malformed-import-kind", "compact imports", [imports([name("m"), name(""), AT, 0x7f, 1])])
rejects("unknown-type", "an import of an unknown type", [
  TYPES,
  imports(imported("m", "f", 0, [AT, 3])),
])
rejects("unexpected-type-form", "an import of a struct type", [
  TYPES,
  imports(imported("m", "f", FUNC, [AT, 2])),
])
rejects("malformed-utf8", "a module name that is not UTF-8", [imports([1, AT, 0x80, 0, 0, 0])])
rejects("malformed-utf8", "an import name that is not UTF-8", [imports([0, 2, 97, AT, 0xff, 0, 0])])

// Functions
rejects("unknown-type", "a function of an unknown type", [TYPES, functions(0, [AT, 3])])
rejects("unexpected-type-form", "a function of a struct type", [TYPES, functions([AT, 2])])

// Tables
accepts("tables", [tables([FUNCREF, 0, 0], [EXTERNREF, 1, 1, 1], [refNull(0x6e), 0, 3])])
accepts("a table with an initializer", [
  TYPES,
  imports(imported("m", "f", FUNC, 0)),
  tables([0x40, 0, ref(0), 0, 1, 0xd2, 0, END]),
])
accepts("sizes of ten bytes that fit", [
  tables([FUNCREF, 0, [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]]),
])
accepts("a 64-bit table with the largest maximum", [tables([FUNCREF, 5, 0, u(2n ** 64n - 1n)])])
rejects("type-mismatch", "a table that null does not fill", [tables([AT, ref(0x70), 0, 1])])
rejects("type-mismatch", "a table's initializer of another type", [
  tables([0x40, 0, FUNCREF, 0, 1, 0xd0, EXTERNREF, AT, END]),
])
defers("malformed-reference-type", "a table of numbers", [tables([AT, I32, 0, 0])])
defers("malformed-table-form", "another form of table", [tables([0x40, AT, 1, FUNCREF, 0, 0, END])])
defers("malformed-limits-flags", "shared tables", [tables([FUNCREF, AT, 3, 0, 0])])
defers("malformed-limits-flags", "limits flags 8", [tables([FUNCREF, AT, 8, 0])])
rejects("minimum-above-maximum", "a table whose minimum is above its maximum", [
  tables([FUNCREF, AT, 1, 2, 1]),
])
rejects("minimum-above-maximum", "a 64-bit table with upper halves out of order", [
  tables([FUNCREF, AT, 5, u(2n ** 33n), u(2n ** 32n + 5n)]),
], { limits: "core" })
rejects("table-size", "a 32-bit table beyond 32 bits", [tables([FUNCREF, 1, 0, AT, u(2n ** 32n)])])
rejects("leb128-too-large", "a size beyond 64 bits", [
  tables([FUNCREF, 4, Array(9).fill(0x80), AT, 0x02]),
])
rejects("leb128-too-long", "a size of eleven bytes", [
  tables([FUNCREF, 4, Array(9).fill(0x80), AT, 0x80, 0]),
])

// Memories
accepts("memories", [memories([0, 0], [1, 0, u(65536)], [3, 1, 1], [4, u(2 ** 20)], [7, 0, 9])])
rejects("memory-size", "a memory above 65536 pages", [memories([0, AT, u(65537)])])
rejects("memory-size", "a maximum above 65536 pages", [memories([1, 0, AT, u(65537)])])
rejects("memory-size", "a 64-bit memory above 2^48 pages", [memories([4, AT, u(2n ** 48n + 1n)])])
accepts("a 64-bit memory of 2^48 pages", [memories([4, u(2n ** 48n)])], { limits: "core" })
rejects("minimum-above-maximum", "a memory whose minimum is above its maximum", [
  memories([AT, 1, 2, 1]),
])
rejects("shared-memory-without-maximum", "a shared memory without maximum", [memories([AT, 2, 1])])
defers("malformed-limits-flags", "custom page sizes", [memories([AT, 8, 1, 0])])

// Globals
accepts("globals", [globals([I32, 0, i32(-1), END], [I64, 1, i64(2n ** 63n - 1n), END])])
defers("malformed-mutability", "a global's mutability of 2", [globals([I32, AT, 2, i32(0), END])])
defers("malformed-value-type", "a global of a packed type", [globals([AT, 0x77, 0, i32(0), END])])

// Tags
accepts("tags", [types(func([I32], [])), tags([0, 0])])
defers("malformed-tag-attribute", "a tag attribute of 1", [TYPES, tags([AT, 1, 0])])
defers("tag-result-type", "a tag with results", [TYPES, tags([0, AT, 1])])
rejects("unknown-type", "a tag of an unknown type", [TYPES, tags([0, AT, 3])])
rejects("unexpected-type-form", "a tag of a struct type", [TYPES, tags([0, AT, 2])])

// Exports
const DEFINED = [
  TYPES,
  functions(0),
  tables([FUNCREF, 0, 0]),
  memories([0, 0]),
  tags([0, 0]),
  globals([I32, 0, i32(0), END]),
]
const BODY = code(emptyBody)
accepts("exports of every kind", [
  ...DEFINED,
  exports(
    exported("", FUNC, 0),
    exported("a", TABLE, 0),
    exported("b", MEMORY, 0),
    exported("c", GLOBAL, 0),
    exported("d", TAG, 0),
  ),
  BODY,
])
accepts("export names that differ in trailing zeros", [
  ...DEFINED,
  exports(
    exported("a", 0, 0),
    exported("a\0", 0, 0),
    exported("a\0\0\0\0", 0, 0),
    exported("", 0, 0),
  ),
  BODY,
])
accepts("many export names", [
  ...DEFINED,
  exports(...Array.from({ length: 200 }, (_, i) => exported(`name ${i}`, FUNC, 0))),
  BODY,
])
rejects("duplicate-export-name", "an export name twice", [
  ...DEFINED,
  exports(
    exported("long name", FUNC, 0),
    exported("b", FUNC, 0),
    AT,
    exported("long name", GLOBAL, 0),
  ),
])
rejects("duplicate-export-name", "an empty export name twice", [
  ...DEFINED,
  exports(exported("", FUNC, 0), AT, exported("", FUNC, 0)),
])
rejects("unknown-function", "an unknown function", [
  ...DEFINED,
  exports(exported("a", FUNC, [AT, 1])),
])
rejects("unknown-table", "an unknown table", [...DEFINED, exports(exported("a", TABLE, [AT, 1]))])
rejects("unknown-memory", "an unknown memory", [
  ...DEFINED,
  exports(exported("a", MEMORY, [AT, 1])),
])
rejects("unknown-global", "an unknown global", [
  ...DEFINED,
  exports(exported("a", GLOBAL, [AT, 1])),
])
rejects("unknown-tag", "an unknown tag", [...DEFINED, exports(exported("a", TAG, [AT, 1]))])
defers("malformed-export-kind", "export kind 5", [...DEFINED, exports([name("a"), AT, 5, 0])])
rejects("malformed-utf8", "an export name that is not UTF-8", [
  ...DEFINED,
  exports([1, AT, 0xc3, 0, 0]),
])

// Start
accepts("a start function", [...DEFINED, start(0), BODY])
rejects("unknown-function", "an unknown start function", [...DEFINED, section(8, AT, 1)])
rejects("start-function-type", "a start function with parameters", [
  TYPES,
  functions(1),
  section(8, AT, 0),
])

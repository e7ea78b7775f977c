/**
 * Modules for the tests of the command: one with something of everything and names that would control a terminal, and
 * invalid ones.
 */
import {
  body,
  build,
  code,
  custom,
  data,
  END,
  exported,
  exports,
  F64,
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
  type Part,
  sizeOf,
  start,
  struct,
  tables,
  types,
  u,
  vec,
} from "../module_builder.ts"

type Bytes = Uint8Array<ArrayBuffer>

const [FUNC, TABLE, MEMORY, GLOBAL] = [0, 1, 2, 3]

const subsection = (id: number, ...payload: ReadonlyArray<Part>): Part => [
  id,
  u(sizeOf(...payload)),
  payload,
]

const nameSection = (moduleName: string, names: ReadonlyArray<readonly [number, string]>): Part =>
  custom(
    "name",
    subsection(0, name(moduleName)),
    subsection(1, vec(...names.map(([index, text]) => [u(index), name(text)]))),
  )

const producers = custom(
  "producers",
  vec(
    [name("language"), vec([name("Rust"), name("")])],
    [
      name("processed-by"),
      vec([name("rustc"), name("1.90.0")], [name("wasm-bindgen"), name("0.2.100")]),
    ],
  ),
)

/** A hostile name: escapes, a right-to-left override, a line separator. */
export const hostileName = "evil\u001b[2J\u202e\u2028\u0007name"

/** A module with something of everything: `add` and `trap` and `sum64` can be called. */
export const everything: Bytes = build(
  types(func([I32, I32], [I32]), func([], []), func([I64, F64], [I64, F64])),
  imports(
    imported("env", "log", FUNC, 1),
    imported("env", hostileName, GLOBAL, [I32, 0]),
  ),
  functions(0, 1, 2),
  tables([FUNCREF, 1, 1, 10]),
  memories([1, 1, 2]),
  globals([I32, 1, i32(7), END], [I64, 0, i64(8), END]),
  exports(
    exported("add", FUNC, 1),
    exported("trap", FUNC, 2),
    exported("sum64", FUNC, 3),
    exported("memory", MEMORY, 0),
    exported("table", TABLE, 0),
    exported("counter", GLOBAL, 1),
  ),
  code(
    body(0x00, 0x20, 0x00, 0x20, 0x01, 0x6a, END),
    body(0x00, 0x00, END),
    body(0x00, 0x20, 0x00, i64(1), 0x7c, 0x20, 0x01, END),
  ),
  data([0x00, i32(0), END, name("hello")]),
  nameSection("everything", [[0, "log"], [1, "add"], [2, hostileName], [3, "sum64"]]),
  producers,
  custom("sourceMappingURL", name("everything.wasm.map")),
  custom("build_id", name("\u0001\u0002\u0003\u0004")),
  custom(hostileName, 1, 2, 3),
).bytes

/** Like `everything`, but without imports, so that it can be instantiated. */
export const callable: Bytes = build(
  types(
    func([I32, I32], [I32]),
    func([], []),
    func([I64, F64], [I64, F64]),
    func([I32, I32], [I32]),
  ),
  functions(0, 1, 2, 3),
  exports(
    exported("add", FUNC, 0),
    exported("trap", FUNC, 1),
    exported("sum64", FUNC, 2),
    exported("div", FUNC, 3),
  ),
  code(
    body(0x00, 0x20, 0x00, 0x20, 0x01, 0x6a, END),
    body(0x00, 0x00, END),
    body(0x00, 0x20, 0x00, i64(1), 0x7c, 0x20, 0x01, END),
    body(0x00, 0x20, 0x00, 0x20, 0x01, 0x6d, END),
  ),
  nameSection("callable", [[0, "add"], [1, "trapping"], [2, "sum64"], [3, "divide"]]),
).bytes

/** Another build of `callable`: one function more, one larger, one gone, an import, a feature. */
export const rebuilt: Bytes = build(
  types(func([I32, I32], [I32]), func([], []), func([I64, F64], [I64, F64])),
  imports(imported("env", "log", FUNC, 1)),
  functions(0, 1, 2, 1),
  exports(
    exported("add", FUNC, 1),
    exported("trap", FUNC, 2),
    exported("sum64", FUNC, 3),
  ),
  code(
    body(0x00, 0x20, 0x00, 0x20, 0x01, 0x6a, i32(1), 0x6a, END),
    body(0x00, 0x00, END),
    body(0x00, 0x20, 0x00, i64(1), 0x7c, 0x20, 0x01, END),
    body(0x00, i32(0), 0xc0, 0x1a, END),
  ),
  nameSection("callable", [[0, "log"], [1, "add"], [2, "trapping"], [3, "sum64"], [4, "extended"]]),
).bytes

/** Not valid: `i32.add` of an i32 and an f32, in the function "broken". */
export const invalid: Bytes = build(
  types(func([I32], [I32])),
  functions(0),
  exports(exported("broken", FUNC, 0)),
  code(body(0x00, i64(5), 0x20, 0x00, 0x43, 0, 0, 0x80, 0x3f, 0x6a, 0x0f, END)),
).bytes

/** Malformed: a type section with fewer entries than its count. */
export const malformed: Bytes = build([1, 2, 3, 0x60]).bytes

/** Has a type of a kind that the decoder does not know: a continuation. */
export const unknownType: Bytes = build([1, 2, 1, 0x5d]).bytes

/** Its body has an instruction that there is not. */
export const undecodable: Bytes = build(
  types(func([], [])),
  functions(0),
  code(body(0x00, 0xff, END)),
).bytes

/** Exports `make`, which returns a struct of a type of its own, after some other types. */
export const makingStruct = (others: number): Bytes =>
  build(
    types(
      ...Array<number>(others).fill(0).map(() => struct()),
      struct([I32, 0]),
      func([], [[0x63, others]]),
    ),
    functions(others + 1),
    exports(exported("make", FUNC, 0)),
    code(body(0x00, 0xfb, 0x01, others, END)),
  ).bytes

/** Starts, and traps at once. */
export const trappingStartWithExport: Bytes = build(
  types(func([], [])),
  functions(0),
  exports(exported("run", FUNC, 0)),
  start(0),
  code(body(0x00, 0x00, END)),
).bytes

/** Exports `run`, which never returns. */
export const endless: Bytes = build(
  types(func([], [])),
  functions(0),
  exports(exported("run", FUNC, 0)),
  code(body(0x00, 0x03, 0x40, 0x0c, 0, END, END)),
).bytes

/** Exports `run`, which cannot be called: the start function does not return. */
export const endlessStart: Bytes = build(
  types(func([], [])),
  functions(0),
  exports(exported("run", FUNC, 0)),
  start(0),
  code(body(0x00, 0x03, 0x40, 0x0c, 0, END, END)),
).bytes

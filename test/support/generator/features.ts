/**
 * The proposals that a generated module may use, and which of them the running engine supports.
 */
import {
  array,
  body,
  build,
  code,
  END,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  i64,
  memories,
  type Part,
  ref,
  tables,
  tags,
  types,
  V128,
} from "../module_builder.ts"

/** A proposal, by a name. */
export type Feature =
  | "simd"
  | "relaxed-simd"
  | "threads"
  | "tail-calls"
  | "extended-const"
  | "multi-memory"
  | "memory64"
  | "table64"
  | "function-references"
  | "gc"
  | "exceptions"
  | "legacy-exceptions"

const procedure = (...instructions: ReadonlyArray<Part>): ReadonlyArray<Part> => [
  types(func([], [])),
  functions(0),
  code(body(0, instructions, END)),
]
const zeros = (count: number): Part => new Array<number>(count).fill(0)

/** The smallest modules that need a feature. */
// deno-fmt-ignore
const PROBES: ReadonlyArray<readonly [feature: Feature, sections: ReadonlyArray<Part>]> = [
  ["simd", [globals([V128, 0, 0xfd, 12, zeros(16), END])]],
  ["relaxed-simd", procedure([0xfd, 12, zeros(16), 0xfd, 12, zeros(16), 0xfd, 0x80, 0x02, 0x1a])],
  ["threads", [types(func([], [])), functions(0), memories([3, 1, 1]), code(body(0, i32(0), 0xfe, 0x10, 2, 0, 0x1a, END))]],
  ["tail-calls", procedure([0x12, 0])],
  ["extended-const", [globals([I32, 0, i32(1), i32(2), 0x6a, END])]],
  ["multi-memory", [memories([0, 1], [0, 1])]],
  ["memory64", [types(func([], [])), functions(0), memories([4, 1]), code(body(0, i64(0), 0x28, 2, 0, 0x1a, END))]],
  ["table64", [types(func([], [])), functions(0), tables([FUNCREF, 4, 1]), code(body(0, i64(0), 0x25, 0, 0x1a, END))]],
  ["function-references", [types(func([ref(0x70)], []))]],
  ["gc", [types(array([0x78, 1]), func([], [])), functions(1), code(body(0, i32(0), 0xfb, 7, 0, 0xfb, 15, 0x1a, END))]],
  ["exceptions", [types(func([], [])), functions(0), tags([0, 0]), code(body(0, 0x1f, 0x40, 1, 2, 0, END, END))]],
  ["legacy-exceptions", procedure([0x06, 0x40, 0x19, END])],
]

/** All features. */
export const FEATURES: ReadonlyArray<Feature> = PROBES.map(([feature]) => feature)

/**
 * Proposals that V8 12, which Node 22 has, implements in early forms: it gets the validity of many modules wrong that use
 * them. It is recognized by its rejection of an unreachable `throw_ref`.
 */
const EARLY: ReadonlySet<Feature> = new Set<Feature>(
  ["memory64", "table64", "function-references", "gc", "exceptions"],
)

const has = (sections: ReadonlyArray<Part>): boolean => WebAssembly.validate(build(sections).bytes)

const isEarly = !has(procedure([0x00, 0x0a]))

/** The features of the running engine. */
export const engineFeatures: ReadonlySet<Feature> = new Set(
  PROBES.flatMap(([feature, sections]) =>
    has(sections) && !(isEarly && EARLY.has(feature)) ? [feature] : []
  ),
)

/**
 * Modules like those that compilers make, for tests that validate and run them: functions by name, and checks of their
 * results.
 */
import type { Feature } from "../generator/features.ts"
import {
  block,
  br,
  brIf,
  EMPTY,
  globalGet,
  globalSet,
  I32_ADD,
  I32_EQZ,
  localGet,
  localSet,
  loop,
} from "../instructions.ts"
import {
  body,
  code,
  END,
  exported,
  exports,
  functions,
  i32,
  type Part,
  u,
  vec,
} from "../module_builder.ts"

/** A function of such a module. */
export interface ProgramFunction {
  readonly name: string
  readonly type: number
  /** The types of its locals. */
  readonly locals?: ReadonlyArray<Part>
  readonly body: ReadonlyArray<Part>
}

/** A module, and what its exports return. */
export interface Program {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly features: ReadonlyArray<Feature>
  /** An export, its arguments, its result. */
  readonly checks: ReadonlyArray<
    readonly [name: string, given: ReadonlyArray<number>, result: number]
  >
}

/** The sections of functions, all of which are exported. */
export const functionSections = (
  list: ReadonlyArray<ProgramFunction>,
): { readonly declared: Part; readonly exported: Part; readonly bodies: Part } => ({
  declared: functions(...list.map(({ type }) => u(type))),
  exported: exports(...list.map(({ name }, index) => exported(name, 0, u(index)))),
  bodies: code(
    ...list.map(({ body: instructions, locals = [] }) =>
      body(vec(...locals.map((type) => [1, type])), ...instructions, END)
    ),
  ),
})

/** Runs the checks of a program; returns a description of the first one that fails. */
export const runProgram = ({ bytes, checks }: Program): string | undefined => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  for (const [name, given, expected] of checks) {
    const run: unknown = exports[name]
    const result: unknown = typeof run === "function" ? run(...given) : undefined
    if (result !== expected) return `${name}(${given}) is ${result}, not ${expected}`
  }
  return undefined
}

// Building blocks of programs

const LT_U = 0x49

/** `f64.const`. */
export const f64 = (value: number): Part => [
  0x44,
  ...new Uint8Array(Float64Array.of(value).buffer),
]

/** Adds to an `i32` local. */
export const add = (local: number, value: number): Part => [
  localGet(local),
  i32(value),
  I32_ADD,
  localSet(local),
]

/** Adds to an `i32` global. */
export const addToGlobal = (global: number, value: number): Part => [
  globalGet(global),
  i32(value),
  I32_ADD,
  globalSet(global),
]

/** An infinite loop; a branch to label 1 leaves it. */
export const forever = (...instructions: ReadonlyArray<Part>): Part =>
  block(EMPTY, loop(EMPTY, ...instructions, br(0)))

/** A loop with a counter from 0 up to, but excluding, the value of another local. */
export const upTo = (
  counter: number,
  limit: number,
  ...instructions: ReadonlyArray<Part>
): Part => [
  i32(0),
  localSet(counter),
  forever(
    [localGet(counter), localGet(limit), LT_U, I32_EQZ, brIf(1)],
    ...instructions,
    add(counter, 1),
  ),
]

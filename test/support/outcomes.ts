/**
 * The ways in which a compilation is run in the tests (through each front end, with native streaming and without), and its
 * possible outcomes.
 */
import assert from "node:assert/strict"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import { compileStreaming, instantiateStreaming, Wasm } from "../../mod.ts"
import { toNative } from "../../src/native_errors.ts"
import { replacingNative } from "./native_streaming.ts"

/** The expected outcome of a case. */
export type Outcome =
  | { readonly kind: "module" }
  | { readonly kind: "error"; readonly tag: Tag; readonly reason: string | undefined }
  | { readonly kind: "same"; readonly value: unknown }

type Tag = "TypeError" | "CompileError" | "LinkError" | "RuntimeError"

/** A module, or an instance. */
export const ok: Outcome = { kind: "module" }
/** A native `TypeError`, with the reason in its `cause`. */
export const typeError = (reason: Wasm.TypeErrorReason): Outcome => ({
  kind: "error",
  tag: "TypeError",
  reason,
})
/** A native `WebAssembly.CompileError`, with the reason in its `cause`. */
export const compileError = (reason: Wasm.CompileErrorReason): Outcome => ({
  kind: "error",
  tag: "CompileError",
  reason,
})
/** A native `WebAssembly.LinkError`. */
export const linkError: Outcome = { kind: "error", tag: "LinkError", reason: undefined }
/** A native `WebAssembly.RuntimeError` of a trap. */
export const trap: Outcome = { kind: "error", tag: "RuntimeError", reason: "trap" }
/** A rejection with this same value as its reason. */
export const same = (value: unknown): Outcome => ({ kind: "same", value })

const constructorOf = (tag: Tag): unknown =>
  tag === "TypeError" ? TypeError : Reflect.get(WebAssembly, tag)

/** Rejects if a promise does not settle in time. */
export const settled = <A>(promise: Promise<A>, milliseconds = 10_000): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Still pending")), milliseconds)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

/** Checks that a promise was rejected as the case expects. */
export const checkRejection = (error: unknown, outcome: Outcome): void => {
  if (outcome.kind === "module") throw error
  if (outcome.kind === "same") return assert.ok(Object.is(error, outcome.value), `got ${error}`)
  assert.equal(field(error, "constructor"), constructorOf(outcome.tag), `got ${error}`)
  const cause = field(error, "cause")
  assert.equal(field(cause, "_tag"), outcome.tag)
  assert.equal(field(cause, "reason"), outcome.reason)
}

/** Checks that a promise settles as the case expects. */
export const checkPromise = async (promise: Promise<unknown>, outcome: Outcome): Promise<void> => {
  let value: unknown
  try {
    value = await settled(promise)
  } catch (error) {
    return checkRejection(error, outcome)
  }
  assert.equal(outcome.kind, "module", `resolved to ${Object.prototype.toString.call(value)}`)
  const module = field(value, "module") ?? value
  assert.ok(module instanceof WebAssembly.Module)
}

/** Runs an Effect and settles like the Promise API, so that the same table serves both. */
export const nativePromise = async <A>(
  effect: Effect.Effect<A, Wasm.InstantiateStreamingError>,
): Promise<A> => {
  const exit = await Effect.runPromiseExit(effect)
  if (Exit.isSuccess(exit)) return exit.value
  const failure = exit.cause.reasons.find(Cause.isFailReason)
  throw failure === undefined ? Cause.squash(exit.cause) : toNative(failure.error)
}

/** Calls with arguments of any kind, as JavaScript would. */
export const call = (
  run: unknown,
  ...args: ReadonlyArray<unknown>
): Promise<WebAssembly.Module> => {
  assert.ok(typeof run === "function")
  return Reflect.apply(run, undefined, args)
}

/** The Effect API with arguments of any kind. */
export const callEffect = (
  run: unknown,
  ...args: ReadonlyArray<unknown>
): Effect.Effect<WebAssembly.Module, Wasm.InstantiateStreamingError> => {
  assert.ok(typeof run === "function")
  return Reflect.apply(run, undefined, args)
}

/** One way of compiling. */
export interface Way {
  readonly name: string
  readonly compile: (...args: ReadonlyArray<unknown>) => Promise<unknown>
  readonly instantiate: (...args: ReadonlyArray<unknown>) => Promise<unknown>
}

/** Removes native streaming while `run` runs, and restores it afterwards. */
export const withoutNative = <A>(run: () => Promise<A>): Promise<A> =>
  replacingNative(undefined, run)

/** Installs both functions in place of the native ones while `run` runs, and restores those afterwards. */
export const installed = async <A>(run: () => Promise<A>): Promise<A> => {
  const own = { compileStreaming, instantiateStreaming }
  const before = Object.entries(own).map(([name, value]) => {
    const descriptor = Object.getOwnPropertyDescriptor(WebAssembly, name)
    Reflect.set(WebAssembly, name, value)
    return [name, descriptor] as const
  })
  try {
    return await run()
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(WebAssembly, name)
      else Object.defineProperty(WebAssembly, name, descriptor)
    }
  }
}

const asNative = (name: string, args: ReadonlyArray<unknown>): Promise<unknown> =>
  installed(() => settled(call(Reflect.get(WebAssembly, name), ...args)))

/** The ways in which every case of a table is run. */
export const ways: ReadonlyArray<Way> = [
  {
    name: "native streaming",
    compile: (...args) => call(compileStreaming, ...args),
    instantiate: (...args) => call(instantiateStreaming, ...args),
  },
  {
    name: "no native streaming",
    compile: (...args) => withoutNative(() => settled(call(compileStreaming, ...args))),
    instantiate: (...args) => withoutNative(() => settled(call(instantiateStreaming, ...args))),
  },
  {
    name: "in the place of native",
    compile: (...args) => asNative("compileStreaming", args),
    instantiate: (...args) => asNative("instantiateStreaming", args),
  },
  {
    name: "Effect",
    compile: (...args) => nativePromise(callEffect(Wasm.compileStreaming, ...args)),
    instantiate: (...args) => nativePromise(callEffect(Wasm.instantiateStreaming, ...args)),
  },
]

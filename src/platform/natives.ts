/**
 * Platform functions, taken once, when this library is imported. Programs replace globals later (polyfills, test
 * environments, fake timers, this library's own functions); looking one up late would find the replacement, and
 * `WebAssembly.compileStreaming = compileStreaming` would recurse without end.
 *
 * `Response` and `ReadableStream` are not here: Node and Deno load them at the first access, which takes longer than
 * importing this library. They are taken from the objects that are passed in (`brands.ts`).
 *
 * @module
 */
import type { EngineOptions } from "../options.ts"

/** The engine's functions, bound to their namespace. */
export interface NativeEngine {
  /** `undefined` if the engine has no streaming. */
  compileStreaming:
    | ((source: Response, options: EngineOptions) => Promise<WebAssembly.Module>)
    | undefined
  /** `undefined` if WebAssembly is disabled. */
  readonly compile:
    | ((bytes: Uint8Array<ArrayBuffer>, options: EngineOptions) => Promise<WebAssembly.Module>)
    | undefined
  readonly instantiate:
    | ((module: WebAssembly.Module, imports: object | undefined) => Promise<WebAssembly.Instance>)
    | undefined
  readonly validate: ((bytes: Uint8Array<ArrayBuffer>) => boolean) | undefined
}

/** `undefined` if WebAssembly is disabled, as in the lockdown mode of some browsers. */
const namespace: object | undefined = Reflect.get(globalThis, "WebAssembly")

const bound = (name: string) => {
  const method: unknown = namespace === undefined ? undefined : Reflect.get(namespace, name)
  return typeof method === "function" ? method.bind(namespace) : undefined
}

/** The engine's functions. Only tests write to it, to replace `compileStreaming`. */
export const native: NativeEngine = {
  compileStreaming: bound("compileStreaming"),
  compile: bound("compile"),
  instantiate: bound("instantiate"),
  validate: bound("validate"),
}

type ErrorClass = new (message?: string) => Error

/** One of the engine's error classes; a substitute of the same name if WebAssembly is disabled. */
const errorClass = (name: "CompileError" | "LinkError" | "RuntimeError"): ErrorClass => {
  const found: unknown = namespace === undefined ? undefined : Reflect.get(namespace, name)
  const isClass = (value: unknown): value is ErrorClass => typeof value === "function"
  if (isClass(found)) return found
  const Missing = class extends Error {}
  Object.defineProperty(Missing, "name", { value: name })
  Object.defineProperty(Missing.prototype, "name", { value: name, writable: true })
  return Missing
}

/** `WebAssembly.CompileError`. */
export const NativeCompileError: ErrorClass = errorClass("CompileError")
/** `WebAssembly.LinkError`. */
export const NativeLinkError: ErrorClass = errorClass("LinkError")
/** `WebAssembly.RuntimeError`. */
export const NativeRuntimeError: ErrorClass = errorClass("RuntimeError")

/** The native `Promise`, the class of all returned promises: shims may replace the global. */
export const NativePromise: PromiseConstructor = globalThis.Promise

/** The global of the same name. */
export const setTimeout: typeof globalThis.setTimeout = globalThis.setTimeout
/** The global of the same name. */
export const clearTimeout: typeof globalThis.clearTimeout = globalThis.clearTimeout
/** The global of the same name. */
export const setInterval: typeof globalThis.setInterval = globalThis.setInterval
/** The global of the same name. */
export const clearInterval: typeof globalThis.clearInterval = globalThis.clearInterval

const { performance } = globalThis

/** The time of a monotonic clock, in milliseconds. */
export const now: () => number = performance.now.bind(performance)

/** A descriptor, as Deno's getter loads its Node compatibility layer when read. */
const immediate = Object.getOwnPropertyDescriptor(globalThis, "setImmediate")
const { MessageChannel } = globalThis

/**
 * Resolves in a later turn of the event loop, after the tasks that are already queued. `scheduler.yield` would take
 * precedence over a page's timers, and a timer would take at least 4 ms.
 */
export const nextTurn = (): Promise<void> =>
  new NativePromise((resolve) => {
    const setImmediate: unknown = immediate?.value ?? immediate?.get?.()
    if (typeof setImmediate === "function") {
      setImmediate(resolve)
      return
    }
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })

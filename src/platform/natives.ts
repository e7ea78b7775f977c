/**
 * What belongs to the platform, taken once, when this library is imported. Programs put their own functions in the place
 * of globals (polyfills, test environments, fake timers, and ours in the place of the native one); a late look at a name
 * would find those, and `WebAssembly.compileStreaming = compileStreaming` would call itself forever.
 *
 * `Response` and `ReadableStream` are not here: Node and Deno load them at the first use, which takes longer than
 * importing this library. They are taken from the objects at hand (`brands.ts`).
 *
 * @module
 */
import type { EngineOptions } from "../options.ts"

/** The engine's functions, bound to their namespace. */
export interface NativeEngine {
  /** `undefined` where the engine has no streaming. */
  compileStreaming:
    | ((source: Response, options: EngineOptions) => Promise<WebAssembly.Module>)
    | undefined
  /** `undefined` where WebAssembly is switched off. */
  readonly compile:
    | ((bytes: Uint8Array<ArrayBuffer>, options: EngineOptions) => Promise<WebAssembly.Module>)
    | undefined
  readonly instantiate:
    | ((module: WebAssembly.Module, imports: object | undefined) => Promise<WebAssembly.Instance>)
    | undefined
  readonly validate: ((bytes: Uint8Array<ArrayBuffer>) => boolean) | undefined
}

/** Where WebAssembly is switched off, as in the lockdown mode of some browsers, there is no namespace. */
const namespace: object | undefined = Reflect.get(globalThis, "WebAssembly")

const bound = (name: string) => {
  const method: unknown = namespace === undefined ? undefined : Reflect.get(namespace, name)
  return typeof method === "function" ? method.bind(namespace) : undefined
}

/** The engine. Tests replace its streaming; nothing else writes to it. */
export const native: NativeEngine = {
  compileStreaming: bound("compileStreaming"),
  compile: bound("compile"),
  instantiate: bound("instantiate"),
  validate: bound("validate"),
}

type ErrorClass = new (message?: string) => Error

/** One of the engine's error classes; an error of that name where WebAssembly is switched off. */
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

/** The class of promises, by which the returned ones are made: shims put their own in its place. */
export const NativePromise: PromiseConstructor = globalThis.Promise

/** The global of that name. */
export const setTimeout: typeof globalThis.setTimeout = globalThis.setTimeout
/** The global of that name. */
export const clearTimeout: typeof globalThis.clearTimeout = globalThis.clearTimeout
/** The global of that name. */
export const setInterval: typeof globalThis.setInterval = globalThis.setInterval
/** The global of that name. */
export const clearInterval: typeof globalThis.clearInterval = globalThis.clearInterval

const { performance } = globalThis

/** Milliseconds on a clock that only goes forward. */
export const now: () => number = performance.now.bind(performance)

/** Deno makes its own at the first use, which loads its layer for Node: until then its getter is kept. */
const immediate = Object.getOwnPropertyDescriptor(globalThis, "setImmediate")
const { MessageChannel } = globalThis

/**
 * Resolves in a later turn of the event loop, when what waited before has had its own. `scheduler.yield` would come back
 * before the timers of a page, and a timer would wait for 4 ms each time.
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

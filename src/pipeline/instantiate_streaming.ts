/**
 * The pipeline to an instance: compiles, then instantiates.
 *
 * The type of the import object is checked before the source is touched; its properties are read by the engine once the
 * module is compiled.
 *
 * @see https://webassembly.github.io/spec/js-api/#asynchronously-instantiate-a-webassembly-module
 * @module
 */
import * as Effect from "effect/Effect"
import { native, NativeLinkError, NativePromise, NativeRuntimeError } from "../platform/natives.ts"
import { type InstantiateStreamingError, LinkError, RuntimeError, TypeError } from "../errors.ts"
import type { PolicyError } from "../policy/policy_error.ts"
import { compilePending } from "./compile_streaming.ts"
import { printText, withoutCode } from "../messages/print.ts"
import type { PendingSource } from "./resolve_source.ts"
import { span } from "./span.ts"

/** The values for a module's imports: an object of objects, one for each module name. */
export type ImportObject = NonNullable<ConstructorParameters<typeof WebAssembly.Instance>[1]>

/** A module and an instance of it. */
export interface InstantiatedSource {
  /** The module. */
  readonly module: WebAssembly.Module
  /** An instance of it. */
  readonly instance: WebAssembly.Instance
}

/**
 * Compiles and instantiates a source's module.
 *
 * @param source the source, at the moment of the call
 * @param imports what the caller gave, of any type
 * @param options what the caller gave, of any type
 */
export const instantiatePending = <E, R>(
  source: PendingSource<E, R>,
  imports: unknown,
  options: unknown,
): Effect.Effect<InstantiatedSource, InstantiateStreamingError | PolicyError | E, R> =>
  checkImportObject(imports).pipe(
    Effect.flatMap((importObject) =>
      Effect.flatMap(
        compilePending(source, options),
        (module) =>
          Effect.map(instantiateModule(module, importObject), (instance) => ({ module, instance })),
      )
    ),
    span("Wasm.instantiateStreaming"),
  )

/**
 * The import object; fails if it is not an object.
 *
 * @param imports what the caller gave, of any type
 */
export const checkImportObject = (
  imports: unknown,
): Effect.Effect<object | undefined, TypeError> => {
  if (imports === undefined) return Effect.succeed(undefined)
  if ((typeof imports === "object" && imports !== null) || typeof imports === "function") {
    return Effect.succeed(imports)
  }
  const got = imports === null ? "null" : `a value of type ${typeof imports}`
  const message = `The import object must be an object, not ${got}`
  return Effect.fail(new TypeError({ reason: "imports", message }))
}

/**
 * Instantiates a module.
 *
 * @param module the module
 * @param importObject the import object, if there is one
 */
export const instantiateModule = (
  module: WebAssembly.Module,
  importObject: object | undefined,
): Effect.Effect<WebAssembly.Instance, TypeError | LinkError | RuntimeError> =>
  Effect.tryPromise({
    try: (): Promise<WebAssembly.Instance> =>
      native.instantiate?.(module, importObject) ??
        NativePromise.reject(new NativeLinkError("WebAssembly is not available here")),
    catch: explain,
  }).pipe(span("Wasm.instantiate"))

/** How the engines begin the messages of their own `TypeError`s; a caller's getter may throw one too. */
const fromEngine =
  /^(WebAssembly\.|import |can't make WebAssembly\.|first argument|second argument)/i

const explain = (cause: unknown): TypeError | LinkError | RuntimeError => {
  // Engines quote the module's names unescaped.
  const text = cause instanceof Error
    ? printText(withoutCode(cause.message).replace(/^WebAssembly\.\w+\(\): /, ""))
    : ""
  if (cause instanceof NativeLinkError) {
    return new LinkError({ message: `An import does not match: ${text}`, cause })
  }
  if (cause instanceof NativeRuntimeError) {
    return new RuntimeError({ reason: "trap", message: text, cause })
  }
  if (cause instanceof globalThis.TypeError && fromEngine.test(cause.message)) {
    const message = `The import object lacks what the module imports: ${text}`
    return new TypeError({ reason: "imports", message, cause })
  }
  const message = "A JavaScript exception was thrown during the instantiation"
  return new RuntimeError({ reason: "exception", message, cause })
}

/**
 * The options: their types, and their validation.
 *
 * Each member is read once, in the order of Web IDL: first the two of the JavaScript API, then those of this library.
 *
 * @see https://webassembly.github.io/spec/js-api/#dictdef-webassemblycompileoptions
 * @see https://webidl.spec.whatwg.org/#js-dictionary
 * @module
 */
import * as Effect from "effect/Effect"
import { TypeError } from "./errors.ts"
import { isAbortSignal } from "./platform/brands.ts"
import { printText } from "./messages/print.ts"
import type { Policy } from "./policy/policy.ts"

/** The compile options of the JavaScript API, `WebAssemblyCompileOptions`. */
export interface CompileOptions {
  /** The sets of builtins to compile the module with, such as `"js-string"`. */
  readonly builtins?: Iterable<string> | undefined
  /** The module name under which string constants are imported; `null` for none. */
  readonly importedStringConstants?: string | null | undefined
}

/**
 * Which `Content-Type` is accepted.
 *
 * - `strict`: `application/wasm`, as the specification demands
 * - `sniff`: any or none, if the first 8 bytes are the header of a core module
 */
export type ContentTypePolicy = "strict" | "sniff"

/**
 * How much of a module is validated before the engine gets it.
 *
 * - `structure`: everything but the instructions of its functions, which the engine validates
 * - `full`: everything; an invalid module is rejected even if this engine would accept it
 */
export type ValidationMode = "structure" | "full"

/** The progress of a module's download and decoding. */
export interface ProgressEvent {
  /** The number of bytes received so far. */
  readonly received: number
  /** The module's total size in bytes; `undefined` if it is not known. */
  readonly total: number | undefined
  /** The fraction received, from 0 to 1: of `total`, or else an estimate from the section headers, 0 until there is one. */
  readonly fraction: number
  /** The current section, by its name in the specification; `undefined` before the first and after the last. */
  readonly section: string | undefined
  /** The number of function bodies received so far. */
  readonly functions: number
  /** The number of function bodies that the module declares; 0 before its code section. */
  readonly declaredFunctions: number
}

/** A progress listener. */
export type OnProgress = (event: ProgressEvent) => void

/** The options of `compileStreaming` and `instantiateStreaming`. */
export interface CompileStreamingOptions extends CompileOptions {
  /**
   * Cancels the body and rejects with the signal's reason. Compilation itself cannot be aborted: the engine finishes in the
   * background.
   */
  readonly signal?: AbortSignal | null | undefined
  /** Which `Content-Type` is accepted. Defaults to `"strict"`. */
  readonly contentType?: ContentTypePolicy | undefined
  /** Called with the progress at most twenty times a second, and once more on success; what it throws is ignored. */
  readonly onProgress?: OnProgress | undefined
  /** The module's size in bytes, for `onProgress`, if the response does not state it, as with compression. Not checked. */
  readonly expectedSize?: number | undefined
  /**
   * How much is validated before the engine gets it. Defaults to `"structure"`; with a policy about features, to `"full"`.
   * The code of full validation is loaded only when needed.
   */
  readonly validation?: ValidationMode | undefined
  /** None: see {@linkcode WithPolicy}. */
  readonly policy?: null | undefined
}

/** Options with a policy, with which an Effect may fail with `PolicyError` too. */
export type WithPolicy<Options> = Omit<Options, "policy"> & {
  /**
   * A policy, made by `policy()` of the entry `./policy`. A module that breaks it is refused with a `PolicyError` before the
   * engine gets any of its code.
   */
  readonly policy?: Policy | null | undefined
}

/** The options of `compileStream`: those of `compileStreaming` that need no response. */
export type CompileStreamOptions = Omit<CompileStreamingOptions, "contentType">

/** The compile options of the JavaScript API, read and validated; absent ones have no property. */
export interface EngineOptions {
  /** The sets of builtins. */
  readonly builtins?: ReadonlyArray<string>
  /** The module name under which string constants are imported. */
  readonly importedStringConstants?: string
}

/** All options, read and validated. */
export interface Settings {
  readonly engine: EngineOptions
  readonly contentType: ContentTypePolicy
  readonly signal: AbortSignal | undefined
  readonly onProgress: OnProgress | undefined
  readonly expectedSize: number | undefined
  readonly validation: ValidationMode
  readonly policy: Policy | undefined
}

/** Wraps a value that the caller's own code threw while the options were read. */
class Thrown {
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

/** Runs the caller's code (a getter, an iterator, a conversion). */
const callOut = <A>(run: () => A): A => {
  try {
    return run()
  } catch (cause) {
    throw new Thrown(cause)
  }
}

const malformed = (message: string): TypeError => new TypeError({ reason: "options", message })

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function"

const kindOf = (value: unknown): string => {
  if (value === null) return "null"
  if (typeof value === "number") return String(value)
  return typeof value === "string"
    ? `"${printText(value.slice(0, 60))}"`
    : `a value of type ${typeof value}`
}

const readString = (value: unknown, what: string): string => {
  if (typeof value === "symbol") {
    throw malformed(`The option ${what} must hold strings, not a symbol`)
  }
  return callOut(() => String(value))
}

/** Web IDL's conversion to a sequence of strings. */
const readStrings = (value: unknown, what: string): ReadonlyArray<string> => {
  const wrong = () =>
    malformed(`The option ${what} must be a list of strings, not ${kindOf(value)}`)
  if (!isObject(value)) throw wrong()
  const method: unknown = callOut(() => Reflect.get(value, Symbol.iterator))
  if (typeof method !== "function") throw wrong()
  const iterator: unknown = callOut(() => Reflect.apply(method, value, []))
  if (!isObject(iterator)) throw wrong()
  const next: unknown = callOut(() => Reflect.get(iterator, "next"))
  if (typeof next !== "function") throw wrong()
  const strings: Array<string> = []
  for (;;) {
    const result: unknown = callOut(() => Reflect.apply(next, iterator, []))
    if (!isObject(result)) throw wrong()
    if (callOut(() => Boolean(Reflect.get(result, "done")))) return strings
    strings.push(readString(callOut((): unknown => Reflect.get(result, "value")), what))
  }
}

const readEngineOptions = (bag: object): EngineOptions => {
  const builtins: unknown = callOut(() => Reflect.get(bag, "builtins"))
  const sets = builtins === undefined ? undefined : readStrings(builtins, "builtins")
  const constants: unknown = callOut(() => Reflect.get(bag, "importedStringConstants"))
  const name = constants === undefined || constants === null
    ? undefined
    : readString(constants, "importedStringConstants")
  return {
    ...(sets === undefined ? {} : { builtins: sets }),
    ...(name === undefined ? {} : { importedStringConstants: name }),
  }
}

const readContentType = (value: unknown): ContentTypePolicy => {
  if (value === undefined) return "strict"
  if (value === "strict" || value === "sniff") return value
  throw malformed(`The option contentType must be "strict" or "sniff", not ${kindOf(value)}`)
}

const readValidation = (value: unknown, policy: Policy | undefined): ValidationMode => {
  if (value === undefined) return policy?.needsFullValidation === true ? "full" : "structure"
  if (value === "structure" || value === "full") return value
  throw malformed(`The option validation must be "structure" or "full", not ${kindOf(value)}`)
}

const isPolicy = (value: unknown): value is Policy =>
  isObject(value) && typeof callOut(() => Reflect.get(value, "begin")) === "function"

const readPolicy = (value: unknown): Policy | undefined => {
  if (value === undefined || value === null) return undefined
  if (isPolicy(value)) return value
  throw malformed(
    `The option policy must be made by policy() of the entry ./policy, not ${kindOf(value)}`,
  )
}

const readSignal = (value: unknown): AbortSignal | undefined => {
  if (value === undefined || value === null) return undefined
  const signal = callOut(() => isAbortSignal(value) ? value : undefined)
  if (signal !== undefined) return signal
  throw malformed(`The option signal must be an AbortSignal, not ${kindOf(value)}`)
}

const readListener = (value: unknown): OnProgress | undefined => {
  if (value === undefined || value === null) return undefined
  if (typeof value !== "function") {
    throw malformed(`The option onProgress must be a function, not ${kindOf(value)}`)
  }
  return (event) => {
    const result: unknown = Reflect.apply(value, undefined, [event])
    // The rejection of an async listener is ignored too.
    if (result instanceof Promise) result.catch(() => {})
  }
}

const readSize = (value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value
  throw malformed(
    `The option expectedSize must be a number of bytes, not ${kindOf(value)}`,
  )
}

const bagOf = (options: unknown): object => {
  if (options === undefined || options === null) return {}
  if (isObject(options)) return options
  throw malformed(`The options must be an object, not ${kindOf(options)}`)
}

const reading = <A>(read: () => A): Effect.Effect<A, TypeError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(read())
    } catch (caught) {
      if (caught instanceof TypeError) return Effect.fail(caught)
      if (!(caught instanceof Thrown)) return Effect.die(caught)
      const message = "The options cannot be read: a getter, an iterator or a conversion threw"
      return Effect.fail(
        new TypeError({ reason: "options", message, cause: caught.cause, thrown: true }),
      )
    }
  })

/** The settings without options. */
const defaultSettings: Effect.Effect<Settings> = Effect.succeed({
  engine: {},
  contentType: "strict",
  signal: undefined,
  onProgress: undefined,
  expectedSize: undefined,
  validation: "structure",
  policy: undefined,
})

/**
 * Reads and validates all options.
 *
 * @param options what the caller gave, of any type
 */
export const readSettings = (options: unknown): Effect.Effect<Settings, TypeError> => {
  if (options === undefined || options === null) return defaultSettings
  return reading(() => {
    const bag = bagOf(options)
    const engine = readEngineOptions(bag)
    const member = (name: string): unknown => callOut(() => Reflect.get(bag, name))
    const contentType = readContentType(member("contentType"))
    const signal = readSignal(member("signal"))
    const onProgress = readListener(member("onProgress"))
    const expectedSize = readSize(member("expectedSize"))
    const validation = member("validation")
    const policy = readPolicy(member("policy"))
    return {
      engine,
      contentType,
      signal,
      onProgress,
      expectedSize,
      validation: readValidation(validation, policy),
      policy,
    }
  })
}

/** Reads further members of the options. */
export interface MemberReader {
  /** Reads a member, once. */
  readonly member: (name: string) => unknown
  /** Reads a member of another object, once. */
  readonly read: (object: object, name: string) => unknown
  /** The error of a malformed member, to be thrown. */
  readonly malformed: (name: string, wanted: string, value: unknown) => TypeError
}

/**
 * Reads and validates further members of the options, by the same rules.
 *
 * @param options what the caller gave, of any type
 * @param read reads them; may throw errors of `malformed`
 */
export const readMembers = <A>(
  options: unknown,
  read: (reader: MemberReader) => A,
): Effect.Effect<A, TypeError> =>
  reading(() => {
    const bag = bagOf(options)
    return read({
      member: (name) => callOut(() => Reflect.get(bag, name)),
      read: (object, name) => callOut(() => Reflect.get(object, name)),
      malformed: (name, wanted, value) =>
        malformed(`The option ${name} must be ${wanted}, not ${kindOf(value)}`),
    })
  })

/**
 * Says what a source is if it is neither a response nor a Stream, and what to do. Covers the usual mistakes: a URL, bytes, a
 * module, a response of another implementation, one form of the API instead of the other.
 *
 * @module
 */
import { TypeError } from "../errors.ts"

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** The name of a value's class; for a class of the program, its tag would be only `Object`. */
const classNameOf = (value: object): string | undefined => {
  const prototype: unknown = Reflect.getPrototypeOf(value)
  const constructor: unknown = typeof prototype === "object" && prototype !== null
    ? Reflect.get(prototype, "constructor")
    : undefined
  const name: unknown = typeof constructor === "function" ? constructor.name : undefined
  return typeof name === "string" && /^[\w$]{1,60}$/.test(name) ? name : undefined
}

const has = (value: object, ...names: ReadonlyArray<string>): boolean =>
  names.every((name) => name in value)

/** Whether an object has what other implementations of `Response` have in common. */
const looksLikeResponse = (value: object): boolean =>
  has(value, "status", "headers") && (has(value, "body") || has(value, "arrayBuffer"))

const withHeader = "with the Content-Type application/wasm"
const byUrl = "pass fetch(url), or load it with loadModule of @effect-wasm/compile-streaming/http"

const isShared = (value: object): boolean =>
  tagOf(value) === "SharedArrayBuffer" ||
  (ArrayBuffer.isView(value) && tagOf(value.buffer) === "SharedArrayBuffer")

/** What a value is, for values without specific advice. */
const kindOf = (value: unknown): string => {
  if (typeof value !== "object" || value === null) {
    return value === null || value === undefined ? String(value) : `a ${typeof value}`
  }
  const name = classNameOf(value) ?? tagOf(value)
  return name === "Object" ? "a plain object" : `an instance of ${name}`
}

const responseObject = (value: object): string => {
  const tag = tagOf(value)
  if (ArrayBuffer.isView(value) || /^(Shared)?ArrayBuffer$/.test(tag)) {
    return isShared(value)
      ? `bytes of shared memory (${tag}): pass a copy, such as new Uint8Array(bytes).slice(), to WebAssembly.compile`
      : `bytes (${tag}): pass them to WebAssembly.compile, or as the body of a Response ${withHeader}`
  }
  switch (tag) {
    case "WebAssembly.Module":
    case "WebAssembly.Instance":
      return `a ${tag}: it is already compiled, so use it as it is`
    case "Request":
      return "a Request: pass fetch(request)"
    case "URL":
      return `a URL: ${byUrl}`
    case "Blob":
    case "File":
      return `a ${tag}: pass it as the body of a Response ${withHeader}`
    case "ReadableStream":
      return `a ReadableStream: pass it as the body of a Response ${withHeader}`
    case "Array":
      return Array.isArray(value) && typeof value[0] === "number"
        ? "an array of numbers: pass new Uint8Array(array) to WebAssembly.compile"
        : "an array: pass one response at a time"
    case "Promise":
      return "a Promise inside an Effect: make the Effect with Effect.tryPromise"
    case "Module":
      return "the namespace of an imported module: pass what it exports"
    case "Error":
      return "an Error: let the promise reject with it"
  }
  if (has(value, "~effect/Option") || has(value, "~effect/Result")) {
    return "an Option or a Result: pass what it holds"
  }
  if (has(value, "~effect/Stream")) return "a Stream: pass it to Wasm.compileStream"
  if (has(value, "~effect/Effect")) {
    return "an Effect: pass it to Wasm.compileStreaming, or flatten it if it is inside another one"
  }
  if (has(value, "~effect/http/HttpClientRequest")) {
    return "a request of effect/http: pass HttpClient.execute(request)"
  }
  if (has(value, "~effect/http/HttpServerResponse")) {
    return "a response of an effect/http server: pass HttpServerResponse.toWeb(response)"
  }
  if (has(value, "pipe", "read", "on")) {
    return `a Node.js stream: pass Readable.toWeb(stream) as the body of a Response ${withHeader}`
  }
  if (looksLikeResponse(value)) {
    return "a Response of another implementation, or a Proxy of one: compile its bytes, with " +
      "WebAssembly.compile(await response.arrayBuffer()), or as they arrive with Wasm.compileStream"
  }
  if (has(value, "status", "headers", "data")) {
    return "a response of another HTTP client: request an ArrayBuffer from it, and pass that to WebAssembly.compile"
  }
  return kindOf(value)
}

const responseAdvice = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return `a string: ${byUrl}`
    case "function":
      return "a function: call it, and pass what it returns"
    default:
      return typeof value === "object" && value !== null ? responseObject(value) : kindOf(value)
  }
}

const streamAdvice = (value: unknown): string => {
  if (typeof value === "function") return "a function: call it, and pass what it returns"
  if (typeof value !== "object" || value === null) return kindOf(value)
  if (ArrayBuffer.isView(value) || /^(Shared)?ArrayBuffer$/.test(tagOf(value))) {
    return `bytes (${tagOf(value)}): pass Stream.make(bytes), with bytes as a Uint8Array`
  }
  switch (tagOf(value)) {
    case "ReadableStream":
      return "a ReadableStream: pass Stream.fromReadableStream({ evaluate, onError })"
    case "Response":
      return "a Response: pass it to Wasm.compileStreaming"
    case "Promise":
      return "a Promise: pass Stream.unwrap(Effect.promise(…)), or use Wasm.compileStreaming for a promise of a Response"
    case "Blob":
    case "File":
      return `a ${
        tagOf(value)
      }: pass Stream.fromReadableStream({ evaluate, onError }) of its stream()`
  }
  if (has(value, "~effect/http/HttpClientResponse")) {
    return "a response of effect/http: pass its stream, or the response to Wasm.compileStreaming"
  }
  if (has(value, "~effect/Effect")) {
    return "an Effect: pass Stream.unwrap(effect), or use Wasm.compileStreaming for an Effect of a Response"
  }
  if (Symbol.asyncIterator in value) {
    return "an async iterable: pass Stream.fromAsyncIterable(iterable, onError)"
  }
  if (Symbol.iterator in value) return "an iterable: pass Stream.fromIterable(iterable)"
  return kindOf(value)
}

/** Turns `what: advice` into two sentences. */
const asSentences = (advice: string): string => {
  const at = advice.indexOf(": ")
  if (at < 0) return `not ${advice}`
  return `not ${advice.slice(0, at)}. ${advice.charAt(at + 2).toUpperCase()}${advice.slice(at + 3)}`
}

/** Describes a value, whose getters or traps may run foreign code. */
const told = (advice: (value: unknown) => string, value: unknown): string => {
  try {
    return asSentences(advice(value))
  } catch {
    // A revoked Proxy, or a getter or trap that throws.
    return "not an object that throws when it is looked at"
  }
}

/**
 * The error of a source that is not a response.
 *
 * @param value what the source resolved to
 * @param cause what was thrown when it was read, if anything was
 */
export const notAResponse = (value: unknown, cause?: unknown): TypeError =>
  new TypeError({
    reason: "not-a-response",
    cause,
    message: `The source must be a Response or a promise of one, ${told(responseAdvice, value)}`,
  })

/**
 * The error of bytes that are not a Stream.
 *
 * @param value what was given
 */
export const notAStream = (value: unknown): TypeError =>
  new TypeError({
    reason: "not-a-stream",
    message: `The bytes must be an Effect Stream, ${told(streamAdvice, value)}`,
  })

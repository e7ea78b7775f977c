/**
 * What a source is, if it is no response, and what to do with it. For the usual mistakes: a URL, bytes, a module, a
 * response of another implementation.
 *
 * @module
 */
import { TypeError } from "../errors.ts"

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** A value's class, where it is one of the program's own; its tag says only `Object`. */
const classNameOf = (value: object): string | undefined => {
  const prototype: unknown = Reflect.getPrototypeOf(value)
  const constructor: unknown = typeof prototype === "object" && prototype !== null
    ? Reflect.get(prototype, "constructor")
    : undefined
  const name: unknown = typeof constructor === "function" ? constructor.name : undefined
  return typeof name === "string" && /^[\w$]{1,60}$/.test(name) ? name : undefined
}

/** What other implementations of `Response` have in common. */
const looksLikeResponse = (value: object): boolean =>
  "status" in value && "headers" in value && ("body" in value || "arrayBuffer" in value)

const byUrl = "pass fetch(url), or load it with loadModule of @effect-wasm/compile-streaming/http"

const ofObject = (value: object): string => {
  if (ArrayBuffer.isView(value) || /^(Shared)?ArrayBuffer$/.test(tagOf(value))) {
    return `bytes (${
      tagOf(value)
    }): pass them to WebAssembly.compile, or as the body of a Response with the ` +
      "Content-Type application/wasm"
  }
  switch (tagOf(value)) {
    case "WebAssembly.Module":
      return "a WebAssembly.Module: it is compiled already"
    case "Request":
      return "a Request: pass fetch(request)"
    case "URL":
      return `a URL: ${byUrl}`
    case "Blob":
    case "File":
      return `a ${tagOf(value)}: pass new Response(blob), with the type application/wasm`
    case "ReadableStream":
      return "a ReadableStream: pass it as the body of a Response with the Content-Type application/wasm"
    case "Array":
      return "an array: pass one response at a time"
  }
  if (looksLikeResponse(value)) {
    return "a Response of another implementation, or a Proxy of one: compile its bytes, with " +
      "WebAssembly.compile(await response.arrayBuffer()), or as they arrive with Wasm.compileStream"
  }
  const name = classNameOf(value) ?? tagOf(value)
  return name === "Object" ? "an object of another kind" : `an object of the class ${name}`
}

const describe = (value: unknown): string => {
  if (value === null) return "null"
  switch (typeof value) {
    case "string":
      return `a string: ${byUrl}`
    case "undefined":
      return "undefined"
    case "function":
      return "a function: call it, and pass what it returns"
    case "object":
      try {
        return ofObject(value)
      } catch {
        // A revoked Proxy, or a trap that throws, when it is looked at.
        return "a Proxy"
      }
    default:
      return `a ${typeof value}`
  }
}

/**
 * The error of a source that is no response.
 *
 * @param value what the source resolved to
 */
export const notAResponse = (value: unknown): TypeError =>
  new TypeError({
    reason: "not-a-response",
    message: `The source must be a Response or a promise of one: got ${describe(value)}`,
  })

/**
 * Reads the platform's objects as the platform itself does: through the getters of their prototypes, which check the
 * object's brand and ignore properties that a caller defined on the object.
 *
 * The prototypes are found through the objects: global names may have been replaced before or after this library was
 * imported, and on Node and Deno the first access to `Response` loads fetch.
 *
 * @see https://webidl.spec.whatwg.org/#js-platform-objects
 * @module
 */
import { constVoid } from "effect/Function"
import { findNodeBuiltin } from "./node.ts"
import { isBrowser, isBun } from "./runtime.ts"

type Getter = NonNullable<PropertyDescriptor["get"]>

const getterIn = (prototype: object, name: PropertyKey): Getter | undefined =>
  Object.getOwnPropertyDescriptor(prototype, name)?.get

/** Whether a getter that checks its object's brand accepts a value. */
const accepts = (get: Getter, value: unknown): boolean => {
  try {
    Reflect.apply(get, value, [])
    return true
  } catch {
    return false
  }
}

/** Marks a stack frame in Node's or Deno's own code. */
const internalFrame = /\b(?:node|ext):/

/** Whether a getter is compiled into the runtime, as on Bun and in browsers. */
const isNativeCode = (get: Getter): boolean =>
  /\[native code\]\s*\}$/.test(Function.prototype.toString.call(get))

/**
 * Whether a getter is code of the runtime's own modules, as on Node and Deno: the error for an object without the brand has
 * its first stack frame there.
 */
const isInternal = (get: Getter): boolean => {
  try {
    Reflect.apply(get, {}, [])
    return false
  } catch (error) {
    const stack = error instanceof Error ? error.stack ?? "" : ""
    const frame = stack.split("\n").find((line) => /^\s*at /.test(line))
    return frame !== undefined && internalFrame.test(frame)
  }
}

/** Whether a prototype is that of the global `Response`. */
const isGlobals = (prototype: object): boolean => {
  try {
    return prototype === globalThis.Response?.prototype
  } catch {
    return false
  }
}

/** The parts of a `Response` class, taken from its first response. */
interface ResponseClass {
  readonly construct: unknown
  readonly getters: ReadonlyMap<string, Getter>
}

const attributes = ["status", "statusText", "url", "type", "body", "bodyUsed", "headers"] as const

const classes = new WeakMap<object, ResponseClass>()

/** The class of the first response, used to construct others. */
let firstClass: ResponseClass | undefined

/**
 * Whether a prototype is the runtime's own, or that of the global `Response`. The quick checks come first: the last takes a
 * millisecond in a fresh process.
 */
const isPlatforms = (prototype: object, status: Getter): boolean =>
  isNativeCode(status) || isGlobals(prototype) || isInternal(status)

const readClass = (prototype: object): ResponseClass => {
  const getters = new Map<string, Getter>()
  for (const name of attributes) {
    const get = getterIn(prototype, name)
    if (get !== undefined) getters.set(name, get)
  }
  return {
    construct: Reflect.get(prototype, "constructor"),
    getters,
  }
}

/** The method `get` of each class of headers, by its prototype, taken from its first object. */
const fieldGetters = new WeakMap<object, unknown>()

const fieldGetterOf = (prototype: object): unknown => {
  if (!fieldGetters.has(prototype)) fieldGetters.set(prototype, Reflect.get(prototype, "get"))
  return fieldGetters.get(prototype)
}

// On Bun and in browsers access is free, so it is done at import, before programs can patch the prototypes.
if (isBun || isBrowser) {
  const { Headers, Response } = globalThis
  try {
    const { prototype } = Response
    const status = getterIn(prototype, "status")
    if (status !== undefined && isNativeCode(status)) classes.set(prototype, readClass(prototype))
    fieldGetterOf(Headers.prototype)
  } catch {
    // The globals were replaced: the classes are found through the objects later.
  }
}

/** The platform's class of a value, of which its own may be a subclass; `undefined` if there is none. */
const classOf = (value: object): ResponseClass | undefined => {
  let prototype: object | null = Object.getPrototypeOf(value)
  while (prototype !== null) {
    const known = classes.get(prototype)
    if (known !== undefined) {
      firstClass ??= known
      return known
    }
    const status = getterIn(prototype, "status")
    if (status !== undefined && isPlatforms(prototype, status)) {
      const found = readClass(prototype)
      classes.set(prototype, found)
      firstClass ??= found
      return found
    }
    prototype = Object.getPrototypeOf(prototype)
  }
  return undefined
}

/**
 * Whether a Proxy of a response passes the brand check. It does if the brand is a property, as on Deno and Node before 26;
 * then `node:util` is used to recognize Proxies. Determined once, with the first response.
 */
let proxiesPass: boolean | undefined

const isProxy = (value: object): boolean =>
  findNodeBuiltin("node:util")?.types.isProxy(value) ?? false

/**
 * Whether a value is a `Response` of this runtime, or of a subclass; not a look-alike, a Proxy, or an object that inherits
 * from an instance.
 *
 * @param value anything
 */
export const isResponse = (value: unknown): value is Response => {
  if (typeof value !== "object" || value === null) return false
  const status = classOf(value)?.getters.get("status")
  if (status === undefined || !accepts(status, value)) return false
  proxiesPass ??= !isBun && !isBrowser && accepts(status, new Proxy(value, {}))
  // If the brand is a property, an object that inherits from a response has it too.
  return !proxiesPass || (!isProxy(value) && !accepts(status, Object.getPrototypeOf(value)))
}

/** One attribute of a response, read as the platform does. */
const attribute =
  <K extends typeof attributes[number]>(name: K) => (response: Response): Response[K] => {
    const get = classOf(response)?.getters.get(name)
    return get === undefined ? response[name] : Reflect.apply(get, response, [])
  }

/** The status code. */
export const statusOf: (response: Response) => number = attribute("status")
/** The reason phrase; empty over HTTP/2 and later. */
export const statusTextOf: (response: Response) => string = attribute("statusText")
/** The URL after redirects; empty if the response was constructed. */
export const urlOf: (response: Response) => string = attribute("url")
/** The type in Fetch, such as `opaque`. */
export const typeOf: (response: Response) => Response["type"] = attribute("type")
/** The body. On Bun the first access turns it into a stream, so it is accessed last. */
export const bodyOf: (response: Response) => ReadableStream<Uint8Array> | null = attribute("body")
/** Whether the body is disturbed: read from, or cancelled. */
export const bodyUsedOf: (response: Response) => boolean = attribute("bodyUsed")
const headersOf: (response: Response) => Headers = attribute("headers")

/** Whether a body is a web stream. Some implementations of `Response` have Node's streams, or nothing. */
export const isReadableStream = (body: unknown): body is ReadableStream =>
  typeof body === "object" && body !== null && typeof Reflect.get(body, "getReader") === "function"

/** Cancels a body that nobody reads or will read, which closes the connection. */
export const cancelBody = (response: Response): void => {
  if (bodyUsedOf(response)) return
  const body: unknown = bodyOf(response)
  if (isReadableStream(body) && !body.locked) body.cancel().catch(constVoid)
}

/**
 * A header field's value; several fields of the same name are joined with `", "`. `null` if there is none.
 *
 * @param response a response
 * @param name the field's name, in any case
 */
export const headerOf = (response: Response, name: string): string | null => {
  const headers = headersOf(response)
  // The method of the object's own class: the global Headers may be another one.
  const get = fieldGetterOf(Object.getPrototypeOf(headers))
  if (typeof get !== "function") throw new TypeError("The response's headers have no method get")
  return Reflect.apply(get, headers, [name])
}

const isStreamClass = (value: unknown): value is typeof ReadableStream =>
  typeof value === "function"

/** The class of the first body, used to construct other streams. */
let streamClass: typeof ReadableStream | undefined

/** Notes the stream class of the platform's bodies: the base of the body's own class. */
export const noteBody = (body: ReadableStream): void => {
  if (streamClass !== undefined) return
  let prototype: object = Object.getPrototypeOf(body)
  for (;;) {
    const above: object | null = Object.getPrototypeOf(prototype)
    if (above === null || Object.getPrototypeOf(above) === null) break
    prototype = above
  }
  const found: unknown = Reflect.get(prototype, "constructor")
  if (isStreamClass(found)) streamClass = found
}

/** The underlying source of a stream. */
export interface ByteSource {
  readonly start?: (controller: ReadableStreamDefaultController<Uint8Array>) => void
  readonly pull?: (
    controller: ReadableStreamDefaultController<Uint8Array>,
  ) => void | Promise<void>
  readonly cancel?: () => void
}

/**
 * A stream of the platform's own class, which buffers nothing.
 *
 * @param source its underlying source
 */
export const newStream = (
  source: ByteSource,
): ReadableStream<Uint8Array> =>
  new (streamClass ??= globalThis.ReadableStream)(source, { highWaterMark: 0 })

/** The responses that were made here, for the engine. */
const made = new WeakSet<Response>()

const isResponseClass = (value: unknown): value is typeof Response => typeof value === "function"

/**
 * A response of the platform's own class, with the content type `application/wasm`.
 *
 * @param body its body
 */
export const newResponse = (body: ReadableStream<Uint8Array>): Response => {
  const construct = firstClass?.construct
  const make = isResponseClass(construct) ? construct : globalThis.Response
  const response = new make(body, { headers: { "content-type": "application/wasm" } })
  made.add(response)
  return response
}

/**
 * Whether a response was made by {@linkcode newResponse}: if so, the supposedly native function calls this library again.
 *
 * @param response a response
 */
export const isOwnResponse = (response: Response): boolean => made.has(response)

const typedArrayName = getterIn(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)

/** Whether a view's buffer is detached, such as by a transfer with `postMessage`. */
const isDetached = (view: Uint8Array): boolean => {
  if (view.byteLength > 0) return false
  try {
    new Uint8Array(view.buffer)
    return false
  } catch {
    return true
  }
}

/**
 * Whether a value is a `Uint8Array` of any realm.
 *
 * @param value anything
 */
export const isUint8Array = (value: unknown): value is Uint8Array =>
  typedArrayName !== undefined && Reflect.apply(typedArrayName, value, []) === "Uint8Array"

/**
 * What a chunk is instead of a readable `Uint8Array`; `undefined` if it is one.
 *
 * @param chunk anything
 */
export const oddChunk = (chunk: unknown): string | undefined => {
  if (!isUint8Array(chunk)) return `${Object.prototype.toString.call(chunk)}, not a Uint8Array`
  return isDetached(chunk) ? "a Uint8Array whose ArrayBuffer is detached" : undefined
}

/**
 * Whether a value works as an `AbortSignal`, of any realm or implementation: those of test environments and polyfills count
 * too.
 *
 * @param value anything
 */
export const isAbortSignal = (value: unknown): value is AbortSignal =>
  typeof value === "object" && value !== null &&
  typeof Reflect.get(value, "aborted") === "boolean" &&
  typeof Reflect.get(value, "addEventListener") === "function" &&
  typeof Reflect.get(value, "removeEventListener") === "function"

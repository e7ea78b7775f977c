/**
 * Reading the platform's objects the way the platform itself does: through the getters of their prototypes, which
 * check the object's brand and ignore what a caller defined on top of it.
 *
 * The prototypes are found by the objects themselves. A global name may have been replaced, before this library was
 * imported or after, and on Node and Deno the first look at `Response` loads fetch.
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

/** How a frame of Node's and Deno's own code is named. */
const internalFrame = /\b(?:node|ext):/

/** Whether a getter is compiled into the runtime, as on Bun and in browsers. */
const isNativeCode = (get: Getter): boolean =>
  /\[native code\]\s*\}$/.test(Function.prototype.toString.call(get))

/**
 * Whether a getter is code of the runtime's own modules, as on Node and Deno: it shows in the first frame of the error by which
 * it refuses an object without its brand.
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

/** Whether a prototype is that of what the program has for `Response`. */
const isGlobals = (prototype: object): boolean => {
  try {
    return prototype === globalThis.Response?.prototype
  } catch {
    return false
  }
}

/** The parts of a `Response` class, taken when its first response comes. */
interface ResponseClass {
  readonly construct: unknown
  readonly getters: ReadonlyMap<string, Getter>
}

const attributes = ["status", "statusText", "url", "type", "body", "bodyUsed", "headers"] as const

const classes = new WeakMap<object, ResponseClass>()

/** The class of the first response that came: what `Response` means here. */
let firstClass: ResponseClass | undefined

/**
 * Whether responses of this prototype are the platform's: it is the runtime's own, or what the program has for it. What is quick
 * to find out comes first: the last takes a millisecond in a fresh process.
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

/** How each class of headers reads a field, taken when the first of its objects comes. */
const fieldGetters = new WeakMap<object, unknown>()

const fieldGetterOf = (prototype: object): unknown => {
  if (!fieldGetters.has(prototype)) fieldGetters.set(prototype, Reflect.get(prototype, "get"))
  return fieldGetters.get(prototype)
}

// Where looking costs nothing, it is done at import, before anybody patches the prototypes.
if (isBun || isBrowser) {
  const { Headers, Response } = globalThis
  try {
    const { prototype } = Response
    const status = getterIn(prototype, "status")
    if (status !== undefined && isNativeCode(status)) classes.set(prototype, readClass(prototype))
    fieldGetterOf(Headers.prototype)
  } catch {
    // Something else stands in their place: the objects at hand will tell.
  }
}

/** The platform's class of a value, above whatever was derived from it; `undefined` where it has none. */
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
 * Whether a Proxy passes for a response: where the brand is a property, as on Deno and Node before 26, it does, and
 * `node:util` has to tell. Found out once, with the first response.
 */
let proxiesPass: boolean | undefined

const isProxy = (value: object): boolean =>
  findNodeBuiltin("node:util")?.types.isProxy(value) ?? false

/**
 * Whether a value is a `Response` of this runtime: subclasses are; look-alikes, Proxies and heirs of an instance are not.
 *
 * @param value anything
 */
export const isResponse = (value: unknown): value is Response => {
  if (typeof value !== "object" || value === null) return false
  const status = classOf(value)?.getters.get("status")
  if (status === undefined || !accepts(status, value)) return false
  proxiesPass ??= !isBun && !isBrowser && accepts(status, new Proxy(value, {}))
  // Where the brand is a property, an object that inherits from a response has it too.
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
/** The URL after redirects; empty where the response was made by hand. */
export const urlOf: (response: Response) => string = attribute("url")
/** The kind of response, as Fetch's filters leave it. */
export const typeOf: (response: Response) => Response["type"] = attribute("type")
/** The body. On Bun the first look at it makes a stream of it, so it is looked at last. */
export const bodyOf: (response: Response) => ReadableStream<Uint8Array> | null = attribute("body")
/** Whether the body is disturbed: read from, or cancelled. */
export const bodyUsedOf: (response: Response) => boolean = attribute("bodyUsed")
const headersOf: (response: Response) => Headers = attribute("headers")

/** Whether a body is a stream of the platform's kind. Some implementations have Node's streams there, or nothing. */
export const isReadableStream = (body: unknown): body is ReadableStream =>
  typeof body === "object" && body !== null && typeof Reflect.get(body, "getReader") === "function"

/** Cancels a body that nobody reads or will read: the connection is closed. */
export const cancelBody = (response: Response): void => {
  if (bodyUsedOf(response)) return
  const body: unknown = bodyOf(response)
  if (isReadableStream(body) && !body.locked) body.cancel().catch(constVoid)
}

/**
 * A header field's value: several fields of the name are joined with `", "`; `null` where there is none.
 *
 * @param response a response
 * @param name the field's name, in any case
 */
export const headerOf = (response: Response, name: string): string | null => {
  const headers = headersOf(response)
  // The method of its own class: what is called Headers here may be another one.
  const get = fieldGetterOf(Object.getPrototypeOf(headers))
  if (typeof get !== "function") throw new TypeError("The response's headers have no method get")
  return Reflect.apply(get, headers, [name])
}

const isStreamClass = (value: unknown): value is typeof ReadableStream =>
  typeof value === "function"

/** The class of the first body that was opened: what `ReadableStream` means here. */
let streamClass: typeof ReadableStream | undefined

/** Notes what kind of stream the platform's bodies are: the class at the bottom of whatever was derived from it. */
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

/** Where a stream's chunks come from. */
export interface ByteSource {
  readonly start?: (controller: ReadableStreamDefaultController<Uint8Array>) => void
  readonly pull?: (
    controller: ReadableStreamDefaultController<Uint8Array>,
  ) => void | Promise<void>
  readonly cancel?: () => void
}

/**
 * A stream of the platform's own kind.
 *
 * @param source where its chunks come from, when they are asked for
 */
export const newStream = (
  source: ByteSource,
): ReadableStream<Uint8Array> =>
  new (streamClass ??= globalThis.ReadableStream)(source, { highWaterMark: 0 })

/** The responses that were made here, to be handed to the engine. */
const made = new WeakSet<Response>()

const isResponseClass = (value: unknown): value is typeof Response => typeof value === "function"

/**
 * A response of the platform's own kind, with the right content type.
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
 * Whether a response was made by {@linkcode newResponse}: then what was taken for the native function leads back to ours.
 *
 * @param response a response
 */
export const isOwnResponse = (response: Response): boolean => made.has(response)

const typedArrayName = getterIn(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)

/** Whether the memory of a view has been given away, as by `postMessage` with a transfer. */
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
 * Whether a value is a `Uint8Array` that can be read, of whichever realm.
 *
 * @param value anything
 */
export const isUint8Array = (value: unknown): value is Uint8Array =>
  typedArrayName !== undefined && Reflect.apply(typedArrayName, value, []) === "Uint8Array"

/**
 * What a chunk is in place of a `Uint8Array` that can be read; `undefined` where it is one.
 *
 * @param chunk anything
 */
export const oddChunk = (chunk: unknown): string | undefined => {
  if (!isUint8Array(chunk)) return `${Object.prototype.toString.call(chunk)}, not a Uint8Array`
  return isDetached(chunk) ? "a Uint8Array whose ArrayBuffer is detached" : undefined
}

/**
 * Whether a value is an `AbortSignal`, of whichever realm and implementation: it can say that it was aborted, and that it
 * is. The signals of test environments and of polyfills are as good as the platform's.
 *
 * @param value anything
 */
export const isAbortSignal = (value: unknown): value is AbortSignal =>
  typeof value === "object" && value !== null &&
  typeof Reflect.get(value, "aborted") === "boolean" &&
  typeof Reflect.get(value, "addEventListener") === "function" &&
  typeof Reflect.get(value, "removeEventListener") === "function"

/**
 * Reading the platform's objects the way the platform itself does: through the getters of their prototypes, which
 * check the object's brand and ignore what a caller defined on top of it.
 *
 * @see https://webidl.spec.whatwg.org/#js-platform-objects
 * @module
 */

const getterOf = (prototype: object | undefined, name: PropertyKey) =>
  prototype === undefined ? undefined : Object.getOwnPropertyDescriptor(prototype, name)?.get

/**
 * One attribute of `Response`, read as the platform does. The class is looked up at the first use: on Node that loads
 * fetch, which takes longer than importing this library.
 */
const attribute = <K extends keyof Response>(name: K): (response: Response) => Response[K] => {
  let get: ReturnType<typeof getterOf>
  return (response) => {
    get ??= getterOf(globalThis.Response?.prototype, name)
    return get === undefined ? response[name] : Reflect.apply(get, response, [])
  }
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

/**
 * A header field's value: several fields of the name are joined with `", "`; `null` where there is none.
 *
 * @param response a response
 * @param name the field's name, in any case
 */
export const headerOf = (response: Response, name: string): string | null =>
  Headers.prototype.get.call(headersOf(response), name)

/** A copy of the response that shares its body's bytes. */
export const cloneOf = (response: Response): Response => Response.prototype.clone.call(response)

/** Deno and Node 20 keep a response's brand in properties, which a Proxy lets through; there `node:util` tells. */
const isProxy = (value: object): boolean => {
  interface NodeLike {
    getBuiltinModule?(id: "node:util"): { types: { isProxy(value: unknown): boolean } } | undefined
  }
  const process: NodeLike | undefined = Reflect.get(globalThis, "process")
  return process?.getBuiltinModule?.("node:util")?.types.isProxy(value) ?? false
}

/** Whether a getter that checks its object's brand accepts a value. */
const accepts = (get: (() => unknown) | undefined, value: unknown): boolean => {
  if (get === undefined) return false
  try {
    Reflect.apply(get, value, [])
    return true
  } catch {
    return false
  }
}

const isBranded = (value: unknown): boolean =>
  accepts(getterOf(globalThis.Response?.prototype, "status"), value)

/**
 * Whether a value is a `Response` of this runtime: subclasses are; look-alikes, Proxies and heirs of an instance are not.
 *
 * @param value anything
 */
export const isResponse = (value: unknown): value is Response =>
  typeof value === "object" && value !== null && isBranded(value) && !isProxy(value) &&
  // Where the brand is a property, an object that inherits from a response has it too.
  !isBranded(Object.getPrototypeOf(value))

const typedArrayName = getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)

/**
 * Whether a value is a `Uint8Array`, of whichever realm.
 *
 * @param value anything
 */
export const isUint8Array = (value: unknown): value is Uint8Array =>
  typedArrayName !== undefined && Reflect.apply(typedArrayName, value, []) === "Uint8Array"

/**
 * Whether a value is an `AbortSignal`, of whichever realm.
 *
 * @param value anything
 */
export const isAbortSignal = (value: unknown): value is AbortSignal =>
  accepts(getterOf(globalThis.AbortSignal?.prototype, "aborted"), value)

/**
 * Globals that programs replace: with polyfills, environments of test runners, fake timers, shims.
 */

/** A replacement of a global, or of a member of one. */
export interface Replacement {
  readonly name: string
  readonly value: unknown
}

/** A value that throws when it is used: as a function, as a class, or for its members. */
const poison = (name: string): unknown => {
  const fail = (): never => {
    throw new Error(`${name} was looked up late`)
  }
  return new Proxy(function () {}, { apply: fail, construct: fail, get: fail })
}

/** A class of another implementation: it rejects objects that are not its own, as those of jsdom do. */
const foreign = (name: string, members: ReadonlyArray<string>): unknown => {
  const Foreign = class {
    readonly #own = true
    static isOwn(value: object): boolean {
      return #own in value
    }
  }
  for (const member of members) {
    const value = function (this: object): never {
      throw new Error(`${Foreign.isOwn(this) ? "nothing of" : "not a valid instance of"} ${name}`)
    }
    Object.defineProperty(Foreign.prototype, member, { value, configurable: true })
  }
  Object.defineProperty(Foreign, "name", { value: name })
  return Foreign
}

const names = [
  ...["Response", "Request", "Headers", "ReadableStream", "AbortSignal", "AbortController", "Blob"],
  ...[
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
    "setImmediate",
    "MessageChannel",
  ],
  ...["performance", "TextDecoder", "TextEncoder", "URL", "fetch", "crypto", "WebAssembly"],
]

const engineNames = [
  ...["compileStreaming", "instantiateStreaming", "compile", "instantiate", "validate"],
  ...["CompileError", "LinkError", "RuntimeError", "Module", "Instance"],
]

/** Each global in turn, poisoned. */
export const poisoned: ReadonlyArray<Replacement> = [
  ...names,
  ...engineNames.map((name) => `WebAssembly.${name}`),
].map((name) => ({ name, value: poison(name) }))

/** Classes of another implementation, as test environments install them. */
export const otherClasses: ReadonlyArray<Replacement> = [
  { name: "Headers", value: foreign("Headers", ["get", "has", "forEach"]) },
  { name: "Response", value: foreign("Response", ["clone", "arrayBuffer"]) },
  { name: "ReadableStream", value: foreign("ReadableStream", ["getReader", "cancel"]) },
  { name: "AbortSignal", value: foreign("AbortSignal", ["addEventListener"]) },
  { name: "AbortController", value: foreign("AbortController", ["abort"]) },
  { name: "Blob", value: foreign("Blob", ["stream"]) },
]

/** The object that has a name as its member, and the member's name. */
const placeOf = (name: string): readonly [object, string] => {
  const [first = "", second] = name.split(".")
  return second === undefined ? [globalThis, first] : [Reflect.get(globalThis, first), second]
}

/**
 * Replaces a global.
 *
 * @param replacement its name and its new value
 * @returns a function that restores it
 */
export const replace = ({ name, value }: Replacement): () => void => {
  const [target, member] = placeOf(name)
  const before = Object.getOwnPropertyDescriptor(target, member)
  Object.defineProperty(target, member, { value, writable: true, configurable: true })
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, member)
    else Object.defineProperty(target, member, before)
  }
}

/**
 * Functions in the place of a namespace's own, as Web IDL would have put them there, and back again, whatever was there before
 * or came meanwhile.
 *
 * @see https://webidl.spec.whatwg.org/#define-the-operations
 * @module
 */

/** What each replacement replaced; `undefined` where there was nothing. */
type Replaced = Map<unknown, PropertyDescriptor | undefined>

/** Where all copies of this library keep what they replaced: a page may hold several, each in a bundle. */
const shared = Symbol.for("@effect-wasm/compile-streaming/replaced")

const replacedIn = (target: object): Replaced => {
  const found: unknown = Object.getOwnPropertyDescriptor(target, shared)?.value
  if (found instanceof Map) return found
  const made: Replaced = new Map()
  Reflect.defineProperty(target, shared, { value: made, configurable: true })
  return made
}

/** Takes a replacement out; what was put on top of it stands on what was beneath. */
const unlink = (replaced: Replaced, value: unknown): PropertyDescriptor | undefined => {
  const before = replaced.get(value)
  replaced.delete(value)
  for (const [other, its] of replaced) if (its?.value === value) replaced.set(other, before)
  return before
}

/** Replacements that can be put there and taken away. */
export interface Replacement {
  /** Puts them there. */
  readonly install: () => void
  /** Puts back what was there before; what others have put in their place stays. */
  readonly uninstall: () => void
}

/**
 * Replacements of a namespace's functions.
 *
 * @param target the namespace; where it is no object, nothing is done
 * @param replacements the functions, by name
 */
export const replacementOf = (
  target: unknown,
  replacements: Readonly<Record<string, unknown>>,
): Replacement => {
  if (typeof target !== "object" || target === null) {
    return { install: () => {}, uninstall: () => {} }
  }
  return {
    install: () => {
      const replaced = replacedIn(target)
      for (const [name, value] of Object.entries(replacements)) {
        const before = Object.getOwnPropertyDescriptor(target, name)
        if (before?.value === value) continue
        // The attributes that Web IDL gives to an operation.
        const property = { value, writable: true, enumerable: true, configurable: true }
        if (!Reflect.defineProperty(target, name, property)) continue
        // Ours may be beneath another copy: it comes to the top.
        unlink(replaced, value)
        replaced.set(value, before)
      }
    },
    uninstall: () => {
      const replaced = replacedIn(target)
      for (const [name, value] of Object.entries(replacements)) {
        if (!replaced.has(value)) continue
        const before = unlink(replaced, value)
        const now = Object.getOwnPropertyDescriptor(target, name)
        if (now?.value !== value) continue
        if (before === undefined) Reflect.deleteProperty(target, name)
        else Reflect.defineProperty(target, name, before)
      }
      if (replaced.size === 0) Reflect.deleteProperty(target, shared)
    },
  }
}

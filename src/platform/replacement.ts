/**
 * Replaces a namespace's functions, with the property attributes of Web IDL, and restores them, even if other code has
 * replaced them too.
 *
 * @see https://webidl.spec.whatwg.org/#define-the-operations
 * @module
 */

/** The property that each replacement replaced; `undefined` if there was none. */
type Replaced = Map<unknown, PropertyDescriptor | undefined>

/** The key of the state that all copies of this library share: a page may have several, in different bundles. */
const shared = Symbol.for("@effect-wasm/compile-streaming/replaced")

const replacedIn = (target: object): Replaced => {
  const found: unknown = Object.getOwnPropertyDescriptor(target, shared)?.value
  if (found instanceof Map) return found
  const made: Replaced = new Map()
  Reflect.defineProperty(target, shared, { value: made, configurable: true })
  return made
}

/** Removes a replacement from the chain: the one on top of it now restores what was beneath it. */
const unlink = (replaced: Replaced, value: unknown): PropertyDescriptor | undefined => {
  const before = replaced.get(value)
  replaced.delete(value)
  for (const [other, its] of replaced) if (its?.value === value) replaced.set(other, before)
  return before
}

/** Replacements that can be installed and uninstalled. */
export interface Replacement {
  /** Installs them. */
  readonly install: () => void
  /** Restores the functions before them; functions that other code has installed since then stay. */
  readonly uninstall: () => void
}

/**
 * Replacements of a namespace's functions.
 *
 * @param target the namespace; if it is not an object, nothing is done
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
        // It may already be beneath another copy's: move it to the top.
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

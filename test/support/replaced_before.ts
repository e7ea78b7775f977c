/**
 * To be imported first: what is imported afterwards finds other classes in the place of the platform's, as in the
 * environments of test runners, and functions around those of `WebAssembly`.
 */
import { otherClasses, replace, type Replacement } from "./replaced_globals.ts"

/** How often the functions around the engine's were called. */
export const calls: Map<string, number> = new Map()

const around = (name: string): Replacement => {
  const native: unknown = Reflect.get(WebAssembly, name)
  const value = (...args: ReadonlyArray<unknown>): unknown => {
    calls.set(name, (calls.get(name) ?? 0) + 1)
    if (typeof native !== "function") throw new Error(`There is no ${name} here`)
    return Reflect.apply(native, WebAssembly, args)
  }
  return { name: `WebAssembly.${name}`, value }
}

const replacements = [
  ...otherClasses,
  ...["compileStreaming", "compile", "instantiate", "validate"].map(around),
]

/** Replaces all; the result puts them back. */
export const replaceAll = (): () => void => {
  const restores = replacements.map(replace)
  return () => restores.forEach((restore) => restore())
}

/** Puts everything back for good: to be called when all is imported. */
export const restore: () => void = replaceAll()

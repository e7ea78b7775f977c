/**
 * To be imported first: later imports find other classes in place of the platform's, as in the environments of test runners,
 * and wrappers around the functions of `WebAssembly`.
 */
import { otherClasses, replace, type Replacement } from "./replaced_globals.ts"

/** How often each wrapper was called. */
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

/** Replaces all; the returned function restores them. */
export const replaceAll = (): () => void => {
  const restores = replacements.map(replace)
  return () => restores.forEach((restore) => restore())
}

/** Restores everything; to be called after all imports. */
export const restore: () => void = replaceAll()

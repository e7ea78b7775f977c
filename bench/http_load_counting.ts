/**
 * Counts the compilations that are asked of the engine, by whomever: counting functions stand in the place of its own from
 * the import of this file on.
 *
 * @module
 */
let count = 0

for (const name of ["compile", "compileStreaming"] as const) {
  const original: unknown = Reflect.get(WebAssembly, name)
  if (typeof original !== "function") continue
  Reflect.set(WebAssembly, name, (...args: ReadonlyArray<unknown>): unknown => {
    count++
    return Reflect.apply(original, WebAssembly, args)
  })
}

/** How many there were. */
export const compilations = (): number => count

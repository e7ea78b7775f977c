/**
 * Counts all calls of the engine's compile functions: importing this file replaces them with functions that count.
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

/** The number of compilations so far. */
export const compilations = (): number => count

/**
 * Another `WebAssembly.compileStreaming`, or none, for a while.
 */

/**
 * Replaces native streaming while `run` runs; puts it back afterwards.
 *
 * @param replacement what stands in its place; `undefined` for none
 */
export const replacingNative = async <A>(
  replacement: unknown,
  run: () => Promise<A>,
): Promise<A> => {
  const native = WebAssembly.compileStreaming
  const define = (value: unknown) =>
    Object.defineProperty(WebAssembly, "compileStreaming", {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  if (replacement === undefined) Reflect.deleteProperty(WebAssembly, "compileStreaming")
  else define(replacement)
  try {
    return await run()
  } finally {
    define(native)
  }
}

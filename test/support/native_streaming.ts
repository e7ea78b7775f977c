/**
 * Another native `compileStreaming`, or none, for a while: as the library has taken it, whatever the global is.
 */
import { native } from "../../src/platform/natives.ts"

/**
 * Replaces native streaming while `run` runs; puts it back afterwards.
 *
 * @param replacement what stands in its place; `undefined` for none
 */
export const replacingNative = async <A>(
  replacement: typeof native.compileStreaming,
  run: () => Promise<A>,
): Promise<A> => {
  const { compileStreaming } = native
  native.compileStreaming = replacement
  try {
    return await run()
  } finally {
    native.compileStreaming = compileStreaming
  }
}

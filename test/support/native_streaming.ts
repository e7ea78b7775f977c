/**
 * Temporarily replaces or removes the native `compileStreaming` that the library took at import, whatever the global is.
 */
import { native } from "../../src/platform/natives.ts"

/**
 * Replaces native streaming while `run` runs, and restores it afterwards.
 *
 * @param replacement the replacement; `undefined` for none
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

/**
 * All bytes of a module that was named on the command line, whatever they are.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { loadBytes } from "../http/load_bytes.ts"
import type { LoadFailure } from "../http/load_error.ts"
import { Progress } from "../pipeline/progress.ts"
import { ModuleTrace } from "../pipeline/module_trace.ts"
import type { LoadFlags } from "./flags.ts"
import { loading, shown } from "./loading.ts"
import type { NamedSource } from "./source.ts"
import { Output } from "./terminal/output.ts"

/**
 * Chunks as one array.
 *
 * @param chunks the chunks
 * @param size their bytes
 */
export const joined = (
  chunks: ReadonlyArray<Uint8Array>,
  size: number,
): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/**
 * Loads a module's bytes; nobody looks at them.
 *
 * @param source the module
 * @param flags how it is loaded
 */
export const bytesOf = (
  { open }: NamedSource,
  flags: LoadFlags,
): Effect.Effect<Uint8Array<ArrayBuffer>, LoadFailure> =>
  Effect.gen(function* () {
    const { onProgress, options } = shown(yield* Output, flags)
    return yield* loading(
      loadBytes(open(), options, ({ chunks, declaredSize }) => {
        const kept: Array<Uint8Array> = []
        let size = 0
        const progress = new Progress(onProgress, declaredSize)
        const nothingDecoded = new ModuleTrace()
        return Effect.map(
          chunks.forEach<never>((chunk) => {
            // Whoever made the chunk may fill it again.
            kept.push(chunk.slice())
            size += chunk.length
            progress.advance(size, nothingDecoded)
            return undefined
          }),
          () => joined(kept, size),
        )
      }),
    )
  })

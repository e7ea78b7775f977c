/**
 * Loads all bytes of a source that was named on the command line, whatever they are.
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
import { KeptModule } from "./watched_engine.ts"

/**
 * Loads a module's bytes without decoding them.
 *
 * @param source the module
 * @param flags how it is loaded
 */
export const bytesOf = (
  { open }: NamedSource,
  flags: LoadFlags,
): Effect.Effect<Uint8Array<ArrayBuffer>, LoadFailure> =>
  Effect.gen(function* () {
    const load = shown(yield* Output, flags)
    const { onProgress, options } = load
    return yield* loading(
      load,
      loadBytes(open(), options, ({ chunks, declaredSize }) => {
        const kept = new KeptModule()
        let size = 0
        const progress = new Progress(onProgress, declaredSize)
        const nothingDecoded = new ModuleTrace()
        return Effect.map(
          chunks.forEach<never>((chunk) => {
            kept.chunk(chunk)
            size += chunk.length
            progress.advance(size, nothingDecoded)
            return undefined
          }),
          () => kept.bytes,
        )
      }),
    )
  })

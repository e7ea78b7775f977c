/**
 * The outline of a module that was named on the command line: what is in it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { ModuleOutline } from "../binary/report/outline.ts"
import type { CompileError } from "../errors.ts"
import { loadBytes } from "../http/load_bytes.ts"
import type { LoadFailure } from "../http/load_error.ts"
import type { ValidationMode } from "../options.ts"
import { checked, type ChunkCheck } from "../pipeline/chunks.ts"
import { outlineChunks } from "../pipeline/outline_chunks.ts"
import type { LoadFlags } from "./flags.ts"
import { loading, shown } from "./loading.ts"
import { outlineOfFile } from "./outline_file.ts"
import type { NamedSource } from "./source.ts"
import { Output } from "./terminal/output.ts"
import { KeptModule } from "./watched_engine.ts"

/** Whether no option asks for a check that only the usual way of loading makes. */
const isPlain = ({ integrity, maxBytes, protocols }: LoadFlags): boolean =>
  integrity === undefined && maxBytes === undefined && protocols.length === 0

/** What is in a module, and its bytes. */
export interface OutlineWithBytes {
  readonly outline: ModuleOutline
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Loads a module and returns its outline and its bytes.
 *
 * @param source the module
 * @param flags how it is loaded
 * @param validation what is checked of it
 */
export const outlineWithBytes = (
  { open }: NamedSource,
  flags: LoadFlags,
  validation: ValidationMode,
): Effect.Effect<OutlineWithBytes, LoadFailure | CompileError> =>
  Effect.gen(function* () {
    const load = shown(yield* Output, flags)
    const { onProgress, options } = load
    const mostFunctions = Infinity
    return yield* loading(
      load,
      loadBytes(open(), options, (body) => {
        const kept = new KeptModule()
        const check: ChunkCheck<never> = {
          push: (chunk) => void kept.chunk(chunk),
          end: () => undefined,
        }
        const chunks = checked(body.chunks, check)
        return Effect.map(
          outlineChunks({ ...body, chunks }, { validation, onProgress, mostFunctions }),
          (outline) => ({ outline, bytes: kept.bytes }),
        )
      }),
    )
  })

/**
 * Loads a module and returns its outline.
 *
 * @param source the module
 * @param flags how it is loaded
 * @param validation what is checked of it
 * @param mostFunctions the most functions to list
 */
export const outlineOf = (
  { open, path }: NamedSource,
  flags: LoadFlags,
  validation: ValidationMode,
  mostFunctions: number = Infinity,
): Effect.Effect<ModuleOutline, LoadFailure | CompileError> =>
  Effect.gen(function* () {
    const output = yield* Output
    if (path !== undefined && validation === "structure" && isPlain(flags) && !output.isVerbose) {
      const outline = yield* Effect.promise(() => outlineOfFile(path, mostFunctions))
      if (outline !== undefined) return outline
    }
    const load = shown(output, flags)
    const { onProgress, options } = load
    return yield* loading(
      load,
      loadBytes(
        open(),
        options,
        (body) => outlineChunks(body, { validation, onProgress, mostFunctions }),
      ),
    )
  })

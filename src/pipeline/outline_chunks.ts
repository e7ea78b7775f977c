/**
 * Makes an outline of a module without compiling it. Errors are explained with everything that was seen of the bytes.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { type ModuleOutline, ModuleOutlineBuilder } from "../binary/report/outline.ts"
import { CompileError, TypeError } from "../errors.ts"
import type { OnProgress, ValidationMode } from "../options.ts"
import type { PolicyError } from "../policy/policy_error.ts"
import type { TypedChunks } from "./compile_streaming.ts"
import { startDecoding } from "./decode_module.ts"
import type { ModuleTrace } from "./module_trace.ts"
import { Progress } from "./progress.ts"
import { ReportingSink } from "./reporting.ts"
import { sniffHeader } from "./sniff_header.ts"
import { unlessDamaged } from "./unless_damaged.ts"
import { validationOf } from "./validator.ts"

/** Also passes on where function bodies are. */
class OutlineSink extends ReportingSink {
  readonly #outline: ModuleOutlineBuilder

  constructor(trace: ModuleTrace, outline: ModuleOutlineBuilder) {
    super(trace, outline)
    this.#outline = outline
  }

  override functionBody(functionIndex: number, startOffset: number, endOffset: number = 0): void {
    super.functionBody(functionIndex, startOffset)
    this.#outline.functionBody(functionIndex, startOffset, endOffset)
  }
}

/** The options of {@linkcode outlineChunks}. */
export interface OutlineOptions {
  readonly validation: ValidationMode
  readonly onProgress: OnProgress | undefined
  /** How many functions are listed, the largest first. */
  readonly mostFunctions: number
}

/**
 * Decodes a module and outlines what is in it.
 *
 * @param body its bytes
 * @param options how to decode it
 */
export const outlineChunks = <E, R = never>(
  body: TypedChunks<E, R>,
  { mostFunctions, onProgress, validation: mode }: OutlineOptions,
): Effect.Effect<ModuleOutline, CompileError | TypeError | PolicyError | E, R> =>
  Effect.flatMap(validationOf(mode), (validation) => {
    const { chunks, declaredSize, story, typed } = body
    const builder = new ModuleOutlineBuilder()
    let outline: ModuleOutline | undefined
    const decoding = startDecoding({ ...body.facts, declaredSize, story }, validation, undefined, {
      report: {
        listener: (trace) => new OutlineSink(trace, builder),
        build: (decoder) => (outline = builder.outline(decoder, mostFunctions)).report,
      },
      progress: onProgress && new Progress(onProgress, declaredSize),
      sniff: typed ? undefined : sniffHeader(body.facts),
    })
    return decoding.decode(chunks).forEach<never>(() => undefined).pipe(
      Effect.catch((error): Effect.Effect<never, CompileError | TypeError | PolicyError | E> =>
        error instanceof CompileError || error instanceof TypeError
          ? decoding.explain(error)
          : Effect.fail(error)
      ),
      Effect.flatMap(() => {
        decoding.complete()
        decoding.report()
        if (outline === undefined) return Effect.die("No outline was made")
        const whole = outline
        return Effect.as(unlessDamaged(whole.report, decoding, body.facts), whole)
      }),
    )
  })

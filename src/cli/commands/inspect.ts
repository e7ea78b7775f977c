/**
 * `inspect`: everything that is known of a module, for people or as JSON.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { InspectDocument } from "../../documents.ts"
import type { LoadFailure } from "../../http/load_error.ts"
import type { ValidationMode } from "../../options.ts"
import type { CliError } from "../cli_error.ts"
import type { LoadFlags } from "../flags.ts"
import { jsonText } from "../json.ts"
import { outlineOf } from "../outline.ts"
import { namedSource } from "../source.ts"
import { Output } from "../terminal/output.ts"
import { functionsNeeded, inspectLines } from "../views/inspect_lines.ts"

/** What `inspect` is given. */
export interface InspectInput {
  readonly source: string
  readonly all: boolean
  readonly filter: string | undefined
  readonly json: boolean
  readonly validation: ValidationMode
  readonly load: LoadFlags
}

/** Inspects a module. */
export const inspect = (input: InspectInput): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    const { all, filter, json, load, validation } = input
    const output = yield* Output
    const source = yield* namedSource(input.source, load.headers)
    const most = json ? Infinity : functionsNeeded({ all, filter })
    const outline = yield* outlineOf(source, load, validation, most)
    if (json) {
      const { functions, globals, report, tags } = outline
      const document: InspectDocument = {
        document: "inspect",
        version: 1,
        source: source.name,
        module: report,
        functions,
        globals,
        tags,
      }
      return output.print(jsonText(document))
    }
    output.print(inspectLines(source.name, outline, {
      all,
      filter,
      width: output.width(),
      figureWidth: output.figureWidth(),
      style: output.style,
    }))
  })

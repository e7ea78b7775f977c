/**
 * `inspect`: prints what is known about a module, as tables or JSON, or the tightest policy that allows it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { InspectDocument } from "../../documents.ts"
import type { LoadFailure } from "../../http/load_error.ts"
import type { ValidationMode } from "../../options.ts"
import { type CliError, usageError } from "../cli_error.ts"
import type { LoadFlags } from "../flags.ts"
import { jsonText } from "../json.ts"
import { outlineOf } from "../outline.ts"
import { policyText } from "../policy_file.ts"
import { namedSource } from "../source.ts"
import { Output } from "../terminal/output.ts"
import { functionsNeeded, inspectLines } from "../views/inspect_lines.ts"

/** The input of `inspect`. */
export interface InspectInput {
  readonly source: string
  readonly all: boolean
  readonly filter: string | undefined
  readonly json: boolean
  /** Whether to write the tightest policy that allows the module instead. */
  readonly policyOf: boolean
  readonly validation: ValidationMode | undefined
  readonly load: LoadFlags
}

/** Writes the tightest policy that allows a module. */
const writePolicy = (
  { all, filter, json, load, source: argument, validation = "full" }: InspectInput,
): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    const senseless = json ? "--json" : all ? "--all" : filter === undefined ? "" : "--filter"
    if (senseless !== "") {
      const message = `--policy-of writes a policy and nothing else: leave ${senseless} out`
      return yield* Effect.fail(usageError(message))
    }
    const source = yield* namedSource(argument, load.headers)
    const { report } = yield* outlineOf(source, load, validation, 0)
    const { print } = yield* Output
    print(yield* policyText(report))
  })

/** Inspects a module. */
export const inspect = (input: InspectInput): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    if (input.policyOf) return yield* writePolicy(input)
    const { all, filter, json, load, validation = "structure" } = input
    const output = yield* Output
    const source = yield* namedSource(input.source, load.headers)
    const most = json ? Infinity : functionsNeeded({ all, filter })
    const outline = yield* outlineOf(source, load, validation, most)
    if (json) {
      const { functions, globals, report, tags } = outline
      const document: InspectDocument = {
        document: "inspect",
        version: 1,
        source: source.source,
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

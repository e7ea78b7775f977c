/**
 * `diff`: what changed between two builds of a module.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { LoadFailure } from "../../http/load_error.ts"
import type { ValidationMode } from "../../options.ts"
import { type CliError, usageError } from "../cli_error.ts"
import type { LoadFlags } from "../flags.ts"
import { jsonText } from "../json.ts"
import { diffOf } from "../module_diff.ts"
import { outlineOf } from "../outline.ts"
import { namedSource } from "../source.ts"
import { Output } from "../terminal/output.ts"
import { diffLines } from "../views/diff_lines.ts"

/** What `diff` is given. */
export interface DiffInput {
  readonly before: string
  readonly after: string
  readonly all: boolean
  readonly json: boolean
  readonly validation: ValidationMode
  readonly load: LoadFlags
}

/** Compares two modules. */
export const diff = (
  { after, all, before, json, load, validation }: DiffInput,
): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    if (before === "-" && after === "-") {
      return yield* Effect.fail(usageError("Standard input can be only one of the two"))
    }
    const output = yield* Output
    const outlines = yield* Effect.forEach([before, after], (argument) =>
      Effect.gen(function* () {
        const source = yield* namedSource(argument, load.headers)
        return { name: source.name, outline: yield* outlineOf(source, load, validation) }
      }))
    const [first, second] = outlines
    if (first === undefined || second === undefined) return
    const document = diffOf(first, second)
    output.print(
      json
        ? jsonText(document)
        : diffLines(document, { all, width: output.width(), style: output.style }),
    )
  })

/**
 * `diff`: what changed between two builds of a module.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { LoadFailure } from "../../http/load_error.ts"
import { printPath } from "../../messages/print.ts"
import type { ValidationMode } from "../../options.ts"
import { type CliError, usageError } from "../cli_error.ts"
import type { LoadFlags } from "../flags.ts"
import type { Fault } from "../../documents.ts"
import { jsonText } from "../json.ts"
import { diffOf, type DiffSource } from "../module_diff.ts"
import { outlineWithBytes } from "../outline.ts"
import { namedSource } from "../source.ts"
import { offsetText } from "../terminal/numbers.ts"
import { Output } from "../terminal/output.ts"
import { oneLine } from "../terminal/text.ts"
import { diffLines } from "../views/diff_lines.ts"

/** The input of `diff`. */
export interface DiffInput {
  readonly before: string
  readonly after: string
  readonly all: boolean
  readonly json: boolean
  readonly validation: ValidationMode
  readonly load: LoadFlags
}

/** Why a comparison may be incomplete: the module is not valid, or was not decoded to its end. */
const doubts = (
  { outline, source }: DiffSource,
  fault: Fault | undefined,
): ReadonlyArray<string> => {
  const { unknown } = outline.report
  const name = printPath(source)
  if (unknown !== undefined) {
    const what = `${oneLine(unknown.what)} at ${offsetText(unknown.offset)}`
    return [`warning: ${name} has something unknown, ${what}: what follows was not compared`]
  }
  if (fault === undefined) return []
  const what = fault.code === "unsupported" ? "cannot be validated" : "is not valid"
  return [`warning: ${name} ${what}: ${fault.message}`]
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
        const named = yield* namedSource(argument, load.headers)
        return { source: named.source, ...yield* outlineWithBytes(named, load, validation) }
      }))
    const [first, second] = outlines
    if (first === undefined || second === undefined) return
    const document = diffOf(first, second)
    output.complain([
      ...doubts(first, document.faults?.before),
      ...doubts(second, document.faults?.after),
    ])
    output.print(
      json
        ? jsonText(document)
        : diffLines(document, { all, width: output.width(), style: output.style }),
    )
  })

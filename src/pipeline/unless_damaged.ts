/**
 * Tells damage from constructs that are merely newer than the decoder, if no engine validates the module.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { DecodeError } from "../binary/errors.ts"
import type { ModuleReport } from "../binary/report/module_report.ts"
import { CompileError, type TypeError } from "../errors.ts"
import type { Decoding } from "./decode_module.ts"
import type { BytesFacts } from "./response_facts.ts"

/**
 * Returns a report; fails if the construct at which it ends is recognizably something else, such as text after a module.
 *
 * @param report the report, as far as the module was decoded
 * @param decoding its decoding
 * @param facts the facts about the bytes
 */
export const unlessDamaged = (
  report: ModuleReport,
  { explain }: Decoding,
  { url }: BytesFacts,
): Effect.Effect<ModuleReport, CompileError | TypeError> => {
  const { unknown } = report
  if (unknown === undefined) return Effect.succeed(report)
  const { offset, what } = unknown
  const code = what === "section id" ? "malformed-section-id" : "unsupported"
  const message = `Unknown ${what}`
  const cause = new DecodeError(code, offset, message)
  return Effect.catch(
    explain(new CompileError({ reason: "unsupported", message, url, code, offset, cause })),
    (error) =>
      error.reason === "structure" || error.reason === "unsupported"
        ? Effect.succeed(report)
        : Effect.fail(error),
  )
}

/**
 * Whether what the decoder does not know is something new, or damage. Where no engine is asked, nobody else would notice.
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
 * Passes a report on. It fails where what the decoder does not know is known to be another thing, such as text behind a
 * module.
 *
 * @param report what is in the module, as far as it was decoded
 * @param decoding where it was decoded
 * @param facts what is known of the bytes
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

/**
 * Explains why a load failed, from all the evidence, whichever check noticed it: the decoder, the end of the body, the
 * engine, or the check of the first bytes.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { DecodeError, type DecodeErrorCode } from "../binary/errors.ts"
import { SECTION_CODE, SECTION_CUSTOM, SECTION_DATA } from "../binary/types.ts"
import { diagnoseThoroughly, type Diagnosis, type Evidence, type Stop } from "../diagnosis/mod.ts"
import { CompileError, TypeError } from "../errors.ts"
import { decodeErrorOf } from "./decode_error.ts"
import { explainEngineError } from "./engine_error.ts"
import type { SeenLoad } from "./seen_load.ts"
import { lastBodies } from "./trace_places.ts"
import { contentTypeIn, subjectOf } from "../messages/wording.ts"

/** How many of the last function bodies serve as evidence: a decoder that reads garbage does not get past more. */
const manyBodies = 256

/** Faults between sections, before which the last section was complete. */
const between: ReadonlySet<DecodeErrorCode> = new Set([
  "data-count-mismatch",
  "duplicate-section",
  "function-code-mismatch",
  "malformed-section-id",
  "section-out-of-order",
])

/** Faults found at the end of the bytes. */
const atEnd: ReadonlySet<DecodeErrorCode> = new Set([
  "data-count-mismatch",
  "function-code-mismatch",
  "unexpected-end",
])

/** The section whose end is missing: the current one, or the one that has to follow. */
const missingSection = ({ code, section }: DecodeError): string | undefined => {
  if (code === "function-code-mismatch") return "code"
  return code === "data-count-mismatch" ? "data" : section
}

const stopOf = (cause: unknown, { decoder, ended, kept, trace }: SeenLoad): Stop | undefined => {
  if (cause instanceof DecodeError) {
    // If the last section is complete, the unexpected end is inside of it: the module is malformed, not truncated.
    const isInside = cause.code === "unexpected-end" && trace.sectionEnd === kept.size &&
      cause.section !== undefined
    // The decoder reads nothing after a fault, so only a fault at the last byte shows that the bytes end too early.
    const isAtEnd = ended && !isInside && atEnd.has(cause.code) && cause.offset === kept.size
    const section = isAtEnd ? missingSection(cause) : cause.section
    return { offset: cause.offset, isAside: false, section, isAtEnd }
  }
  const { unknown } = decoder
  return unknown &&
    { offset: unknown.offset, isAside: true, section: trace.current, isAtEnd: false }
}

/** The end of a whole module before the place where the decoder stopped, if there is one, and its last custom section. */
const wholeEnd = (
  cause: unknown,
  stop: Stop,
  { decoder, trace }: SeenLoad,
): Pick<Evidence, "wholeAt" | "lastCustom"> => {
  const { sections } = trace
  const ids = new Set<number>()
  let wholeAt = 8
  let lastCustom: number | undefined
  for (let i = 0; i < sections.length; i += 3) {
    const [id = -1, start = 0, end = 0] = sections.slice(i, i + 3)
    const isLast = i + 3 === sections.length
    if (isLast && stop.offset <= end) {
      const isBetween = stop.isAside || (cause instanceof DecodeError && between.has(cause.code))
      const isNameless = id === SECTION_CUSTOM && start === end
      if (stop.offset < end || isNameless || !isBetween) break
    }
    ids.add(id)
    wholeAt = end
    lastCustom = id === SECTION_CUSTOM ? start : undefined
  }
  const { spaces } = decoder
  const hasFunctions = spaces.functionCount > spaces.importedFunctionCount
  if (hasFunctions && !ids.has(SECTION_CODE)) return {}
  return spaces.dataCount > 0 && !ids.has(SECTION_DATA) ? {} : { wholeAt, lastCustom }
}

const evidenceOf = (cause: unknown, seen: SeenLoad): Evidence => {
  const { ended, facts, kept } = seen
  const { story, ...response } = facts
  const stop = stopOf(cause, seen)
  // How much was received beyond this depends on the split into chunks, so it must not change the diagnosis.
  const limit = cause instanceof DecodeError || cause === undefined || stop !== undefined
    ? kept.explainedBy(stop?.offset ?? 0)
    : kept.size
  return {
    ...response,
    ...story?.(),
    head: kept.head.subarray(0, limit),
    pieces: kept.pieces.slice(1).flatMap(({ bytes, offset }) =>
      offset < limit ? [{ offset, bytes: bytes.subarray(0, limit - offset) }] : []
    ),
    size: Math.min(kept.size, limit),
    ended: ended && kept.size <= limit,
    stop,
    bodies: lastBodies(seen.trace, manyBodies),
    ...(stop && wholeEnd(cause, stop, seen)),
  }
}

const sentence = (url: string | undefined, { advice, what }: Diagnosis): string =>
  `${subjectOf(url)} ${what}. ${advice}`

/** The error of the first bytes' check, completed with the diagnosis. */
const sniffed = (error: TypeError, diagnosis: Diagnosis | undefined): TypeError => {
  if (diagnosis === undefined) return error
  const { contentType, status, url } = error
  const message = `${sentence(url, diagnosis)} (the response has ${contentTypeIn(contentType)})`
  return new TypeError({ reason: "content-type", message, contentType, status, url })
}

const explained = async (
  error: CompileError | TypeError,
  seen: SeenLoad,
): Promise<CompileError | TypeError> => {
  const { cause } = error
  const evidence = evidenceOf(cause, seen)
  const said = cause instanceof DecodeError || error instanceof TypeError
    ? undefined
    : explainEngineError(cause, seen.facts.url, seen)
  if (said?.reason === "forbidden") return said
  const diagnosis = await diagnoseThoroughly(evidence)
  if (error instanceof TypeError) return sniffed(error, diagnosis)
  if (diagnosis === undefined) return said ?? decodeErrorOf(error, seen)
  const { code, functionIndex, offset, section } = said ?? error
  return new CompileError({
    reason: diagnosis.reason,
    message: sentence(seen.facts.url, diagnosis),
    url: seen.facts.url,
    code,
    offset,
    section,
    functionIndex,
    cause: said?.cause ?? cause,
  })
}

/**
 * Fails with the error to report.
 *
 * @param error the error of the check that noticed
 * @param seen everything that was seen of the load
 */
export const explainFailure = (
  error: CompileError | TypeError,
  seen: SeenLoad,
): Effect.Effect<never, CompileError | TypeError> =>
  // A failure to explain an error must not replace it.
  Effect.flatMap(Effect.promise(() => explained(error, seen).catch(() => error)), Effect.fail)

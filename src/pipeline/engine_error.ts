/**
 * Parses the message of an engine that rejected a module, and completes it with what was seen of the module: the byte, the
 * section, the function.
 *
 * @module
 */
import { CompileError, type CompileErrorReason } from "../errors.ts"
import { missingFeatures } from "./engine_features.ts"
import type { SeenLoad } from "./seen_load.ts"
import { functionIn } from "./function_names.ts"
import { bodyStart, functionAt, sectionAt } from "./trace_places.ts"
import { withoutCode } from "../messages/print.ts"
import { forUrl, subjectOf } from "../messages/wording.ts"

/** The parts of an engine's message. */
interface EngineComplaint {
  readonly message: string
  /** The byte, from the module's start. */
  readonly offset: number | undefined
  /** The byte, from the start of the function's body. */
  readonly bodyOffset: number | undefined
  /** The index in the function index space. */
  readonly functionIndex: number | undefined
  /** The index without imported functions. */
  readonly bodyIndex: number | undefined
  /** The function's name, if the engine gives it. */
  readonly name: string | undefined
}

const numberIn = (text: string, pattern: RegExp): number | undefined => {
  const digits = pattern.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** V8: `WebAssembly.compile(): Compiling function #7:"f" failed: … @+34`; offsets are absolute. */
const readV8 = (text: string): EngineComplaint => ({
  message: text.replace(/^WebAssembly\.\w+\(\): /, "").replace(/ ?@\+\d+$/, "")
    .replace(/^Compiling function #\d+(:"[^"]*")? failed: /, ""),
  offset: numberIn(text, /@\+(\d+)$/),
  bodyOffset: undefined,
  functionIndex: numberIn(text, /ompiling function #(\d+)/),
  bodyIndex: undefined,
  name: /ompiling function #\d+:"([^"]*)" failed: /.exec(text)?.[1],
})

/**
 * JavaScriptCore: `WebAssembly.Module doesn't parse at byte 2: …, in function at index 7`. Within a function, the offset is
 * relative to its body, and the index does not count imported functions.
 */
const readJavaScriptCore = (text: string): EngineComplaint => {
  const bodyIndex = numberIn(text, /in function at index (\d+)/)
  const offset = numberIn(text, /at byte (\d+)/)
  const inBody = bodyIndex !== undefined
  return {
    message: text.replace(/^WebAssembly\.Module doesn't (parse at byte \d+|validate): */, "")
      .replace(/, in function at index \d+/, "").trim(),
    offset: inBody ? undefined : offset,
    bodyOffset: inBody ? offset : undefined,
    functionIndex: undefined,
    bodyIndex,
    name: undefined,
  }
}

/** SpiderMonkey: `wasm validation error: at offset 8: failed to match magic number`; offsets are absolute. */
const readSpiderMonkey = (text: string): EngineComplaint => ({
  message: text.replace(/^wasm validation error: (at offset \d+: )?/, ""),
  offset: numberIn(text, /at offset (\d+)/),
  bodyOffset: undefined,
  functionIndex: undefined,
  bodyIndex: undefined,
  name: undefined,
})

const read = (text: string): EngineComplaint => {
  const said = withoutCode(text).replace(/[. ]+$/, "")
  if (said.startsWith("WebAssembly.Module doesn't")) return readJavaScriptCore(said)
  return said.startsWith("wasm validation error") ? readSpiderMonkey(said) : readV8(said)
}

/** What browsers, Node and edge runtimes say when a policy forbids compilation. */
const forbidden =
  /disallowed by embedder|unsafe-eval|content security policy|blocked by CSP|code generation (is )?disallowed/i

const sentence = (
  reason: CompileErrorReason,
  url: string | undefined,
  complaint: EngineComplaint,
): string =>
  reason === "forbidden"
    ? `Compiling WebAssembly is not allowed here${
      forUrl(url)
    }: ${complaint.message}. On a page, add 'wasm-unsafe-eval' to script-src in the ` +
      "Content Security Policy; on an edge runtime, import the module at build time"
    : `The engine rejected ${url === undefined ? "the module" : subjectOf(url)}${
      complaint.message === "" ? ", and does not say why" : `: ${complaint.message}`
    }`

/**
 * The engine's own error. The "native" function may be another copy of this library, installed before this one was imported,
 * whose error has the engine's as its cause.
 */
const engineErrorIn = (cause: unknown): unknown => {
  const tagged: unknown = cause instanceof Error ? cause.cause : undefined
  return tagged instanceof Error && Reflect.get(tagged, "_tag") === "CompileError"
    ? engineErrorIn(tagged.cause)
    : cause
}

/** What was seen of a module. */
export type Seen =
  & Pick<SeenLoad, "trace">
  & Partial<Pick<SeenLoad, "kept">>
  & { readonly decoder: Pick<SeenLoad["decoder"], "features" | "unknown" | "spaces"> }

/** The place of a fault in a module. */
interface Place {
  readonly offset: number | undefined
  readonly functionIndex: number | undefined
  readonly section: string | undefined
}

/** The engine's place, made absolute by where the bodies begin, or else the place where the decoder stood aside. */
const placeOf = (complaint: EngineComplaint, seen: Seen | undefined): Place => {
  const { bodyIndex, bodyOffset, functionIndex, offset } = complaint
  if (seen === undefined) return { offset, functionIndex, section: undefined }
  const { decoder: { unknown }, trace } = seen
  const index = functionIndex ??
    (bodyIndex === undefined ? undefined : bodyIndex + trace.importedFunctions)
  const start = index === undefined ? undefined : bodyStart(trace, index)
  const known = offset ??
    (start === undefined || bodyOffset === undefined ? undefined : start + bodyOffset)
  const isInCode = index !== undefined ||
    (unknown !== undefined && unknown.what !== "section id" && trace.current === "code")
  // The engine may have found another fault than the decoder, so its own place takes precedence.
  const place = known ?? (start === undefined ? unknown?.offset : undefined)
  const inBody = unknown !== undefined && isInCode && known === undefined
    ? trace.importedFunctions + trace.seen
    : undefined
  return {
    offset: place,
    functionIndex: index ?? inBody ?? (place === undefined ? undefined : functionAt(trace, place)),
    section: isInCode ? "code" : place === undefined ? undefined : sectionAt(trace, place),
  }
}

/**
 * The engine's error as an error of the pipeline.
 *
 * @param cause what the engine rejected with
 * @param url the URL of the bytes
 * @param seen what was seen of the module
 */
export const explainEngineError = (
  cause: unknown,
  url: string | undefined,
  seen?: Seen,
): CompileError => {
  const said = engineErrorIn(cause)
  const complaint = read(said instanceof Error ? said.message : String(said))
  const { functionIndex, offset, section } = placeOf(complaint, seen)
  const isForbidden = forbidden.test(complaint.message)
  const missing = isForbidden
    ? []
    : missingFeatures(complaint.message, seen?.decoder.features ?? [])
  const reason = isForbidden ? "forbidden" : missing.length === 0 ? "engine" : "unsupported"
  const unknown = seen?.decoder.unknown
  const where = [
    offset === undefined ? "" : `at byte ${offset}`,
    functionIndex === undefined
      ? ""
      : seen === undefined
      ? `in function ${functionIndex}`
      : functionIn(functionIndex, seen, complaint.name),
    section === undefined || functionIndex !== undefined ? "" : `in the ${section} section`,
    unknown === undefined || offset !== unknown.offset ? "" : `unexpected ${unknown.what}`,
  ].filter((part) => part !== "").join(", ")
  const lacks = missing.length === 0
    ? ""
    : `. This engine does not support ${missing.join(", ")}: use a newer engine, or build without ${
      missing.length === 1 ? "it" : "them"
    }`
  return new CompileError({
    reason,
    message: `${sentence(reason, url, complaint)}${where === "" ? "" : ` (${where})`}${lacks}`,
    url,
    offset,
    section,
    functionIndex,
    cause: said,
  })
}

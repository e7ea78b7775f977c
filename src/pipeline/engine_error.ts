/**
 * What an engine said when it refused a module, read for what a person needs, and completed with what was seen of the
 * module while it passed: the byte, the section, the function.
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

/** What can be read from an engine's message. */
interface EngineComplaint {
  readonly message: string
  /** From the module's start. */
  readonly offset: number | undefined
  /** From the start of the function's body. */
  readonly bodyOffset: number | undefined
  /** In the function index space. */
  readonly functionIndex: number | undefined
  /** Among the functions with bodies. */
  readonly bodyIndex: number | undefined
  /** The function's name, where the engine gives it. */
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
 * JavaScriptCore: `WebAssembly.Module doesn't parse at byte 2: …, in function at index 7`. Within a function it counts
 * from the body's start, and functions without those imported.
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

/** What browsers, Node and edge runtimes say where a policy forbids compilation. */
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
 * What the engine itself said. What is called native may be another copy of this library, installed before this one was
 * imported; its error has the engine's inside.
 */
const engineErrorIn = (cause: unknown): unknown => {
  const tagged: unknown = cause instanceof Error ? cause.cause : undefined
  return tagged instanceof Error && Reflect.get(tagged, "_tag") === "CompileError"
    ? engineErrorIn(tagged.cause)
    : cause
}

/** What was seen of a module while it passed. */
export type Seen =
  & Pick<SeenLoad, "trace">
  & Partial<Pick<SeenLoad, "kept">>
  & { readonly decoder: Pick<SeenLoad["decoder"], "features" | "unknown" | "spaces"> }

/** Where in a module an engine found a fault. */
interface Place {
  readonly offset: number | undefined
  readonly functionIndex: number | undefined
  readonly section: string | undefined
}

/** What the engine says, completed with where the bodies begin, and with where the decoder stood aside. */
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
  // The engine may have found something else, so what it says goes first.
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
 * The engine's refusal as an error of the pipeline.
 *
 * @param cause what the engine rejected with
 * @param url where the bytes came from
 * @param seen what was seen of the module while it passed
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

/**
 * What an engine said when it refused a module, read for what a person needs, and completed with what was seen of the
 * module while it passed: the byte, the section, the function.
 *
 * @module
 */
import { NameSection } from "../binary/custom_sections.ts"
import { printName } from "../binary/print.ts"
import { CompileError, type CompileErrorReason } from "../errors.ts"
import { missingFeatures } from "./engine_features.ts"
import type { ModuleTrace } from "./module_trace.ts"

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
      .replace(/, in function at index \d+/, "").replace(/ \(evaluating .*\)$/, ""),
    offset: inBody ? undefined : offset,
    bodyOffset: inBody ? offset : undefined,
    functionIndex: undefined,
    bodyIndex,
  }
}

/** SpiderMonkey: `wasm validation error: at offset 8: failed to match magic number`; offsets are absolute. */
const readSpiderMonkey = (text: string): EngineComplaint => ({
  message: text.replace(/^wasm validation error: (at offset \d+: )?/, ""),
  offset: numberIn(text, /at offset (\d+)/),
  bodyOffset: undefined,
  functionIndex: undefined,
  bodyIndex: undefined,
})

const read = (text: string): EngineComplaint => {
  const said = text.replace(/[. ]+$/, "")
  if (said.startsWith("WebAssembly.Module doesn't")) return readJavaScriptCore(said)
  return said.startsWith("wasm validation error") ? readSpiderMonkey(said) : readV8(said)
}

/** What browsers, Node and edge runtimes say where a policy forbids compilation. */
const forbidden =
  /disallowed by embedder|unsafe-eval|content security policy|blocked by CSP|code generation (is )?disallowed/i

const sentence = (
  reason: CompileErrorReason,
  place: string,
  complaint: EngineComplaint,
): string => {
  if (reason === "forbidden") {
    return `Compiling WebAssembly is forbidden here${place}: ${complaint.message}. A page needs 'wasm-unsafe-eval' in ` +
      "the script-src of its Content Security Policy; an edge runtime needs the module at build time"
  }
  return `The engine rejected the module${place}: ${complaint.message}`
}

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

/** A function's name: from the name section where it has come, of an export otherwise. Not safe to print. */
const nameIn = (trace: ModuleTrace | undefined, functionIndex: number): string | undefined => {
  const names = trace?.names === undefined ? undefined : new NameSection(trace.names)
  return names?.functionName(functionIndex) ?? trace?.exportName(functionIndex)
}

/** What was seen of a module while it passed. */
export interface Seen {
  readonly trace: ModuleTrace
  /** The features that its structure shows. */
  readonly features: ReadonlyArray<string>
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
  const trace = seen?.trace
  const said = engineErrorIn(cause)
  const complaint = read(said instanceof Error ? said.message : String(said))
  const place = url === undefined ? "" : ` from ${url}`
  const { bodyIndex, bodyOffset } = complaint
  const functionIndex = complaint.functionIndex ??
    (bodyIndex === undefined || trace === undefined
      ? undefined
      : bodyIndex + trace.importedFunctions)
  const bodyStart = functionIndex === undefined ? undefined : trace?.bodyStart(functionIndex)
  const offset = complaint.offset ??
    (bodyStart === undefined || bodyOffset === undefined ? undefined : bodyStart + bodyOffset)
  const section = bodyStart !== undefined
    ? "code"
    : offset === undefined
    ? undefined
    : trace?.sectionAt(offset)

  const isForbidden = forbidden.test(complaint.message)
  const missing = isForbidden ? [] : missingFeatures(complaint.message, seen?.features ?? [])
  const reason = isForbidden ? "forbidden" : missing.length === 0 ? "engine" : "unsupported"
  const name = functionIndex === undefined ? undefined : nameIn(trace, functionIndex)
  const where = [
    offset === undefined ? "" : `at byte ${offset}`,
    functionIndex === undefined
      ? ""
      : `in function ${functionIndex}${name === undefined ? "" : ` ${printName(name)}`}`,
    section === undefined || functionIndex !== undefined ? "" : `in the ${section} section`,
  ].filter((part) => part !== "").join(", ")
  const lacks = missing.length === 0
    ? ""
    : `; the module uses what this engine does not have: ${missing.join(", ")}`
  return new CompileError({
    reason,
    message: `${sentence(reason, place, complaint)}${lacks}${where === "" ? "" : ` (${where})`}`,
    url,
    offset,
    section,
    functionIndex,
    cause: said,
  })
}

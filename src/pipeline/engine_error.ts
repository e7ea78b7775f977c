/**
 * What an engine said when it refused a module, read for what a person needs: where, and in which function.
 *
 * @module
 */
import { CompileError } from "../errors.ts"

/** What can be read from an engine's message. */
interface EngineComplaint {
  readonly message: string
  readonly offset: number | undefined
  readonly functionIndex: number | undefined
}

const numberIn = (text: string, pattern: RegExp): number | undefined => {
  const digits = pattern.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** V8: `WebAssembly.compile(): Compiling function #7:"f" failed: … @+34`; offsets are absolute. */
const readV8 = (text: string): EngineComplaint => ({
  message: text.replace(/^WebAssembly\.\w+\(\): /, ""),
  offset: numberIn(text, /@\+(\d+)$/),
  functionIndex: numberIn(text, /ompiling function #(\d+)/),
})

/** JavaScriptCore: `WebAssembly.Module doesn't parse at byte 2: …, in function at index 7`. */
const readJavaScriptCore = (text: string): EngineComplaint => {
  const functionIndex = numberIn(text, /in function at index (\d+)/)
  const offset = numberIn(text, /at byte (\d+)/)
  return {
    message: text,
    // Within a function it counts from the body's start, which is not known here.
    offset: functionIndex === undefined ? offset : undefined,
    functionIndex,
  }
}

const read = (text: string): EngineComplaint =>
  text.startsWith("WebAssembly.Module doesn't") ? readJavaScriptCore(text) : readV8(text)

/**
 * The engine's refusal as an error of the pipeline.
 *
 * @param cause what the engine rejected with
 * @param url where the bytes came from
 */
export const explainEngineError = (cause: unknown, url: string | undefined): CompileError => {
  const complaint = read(cause instanceof Error ? cause.message : String(cause))
  const place = url === undefined ? "" : ` from ${url}`
  return new CompileError({
    reason: "engine",
    message: `The engine refused the module${place}: ${complaint.message}`,
    url,
    offset: complaint.offset,
    functionIndex: complaint.functionIndex,
    cause,
  })
}

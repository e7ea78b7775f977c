/**
 * The lines about a call that trapped or threw.
 *
 * @module
 */
import { BodyDisassembler } from "../../binary/disassembly/disassembler.ts"
import { NativeRuntimeError } from "../../platform/natives.ts"
import { printText, withoutCode } from "../../messages/print.ts"
import type { FoundFunction, ModuleFunctions } from "../disassembly.ts"
import { offsetText } from "../terminal/numbers.ts"
import { oneLine } from "../terminal/text.ts"
import { trapFrames, trapKind } from "../traps.ts"
import { functionTitle } from "./disassembly_lines.ts"

/** Whether the module itself failed: a trap, or a stack overflow. */
const isTrap = (error: unknown): error is Error =>
  error instanceof NativeRuntimeError || error instanceof globalThis.RangeError ||
  // SpiderMonkey's error for a stack overflow.
  (error instanceof Error && error.name === "InternalError")

/** Whether the engine's words only repeat the kind of the trap. */
const isRepetition = (said: string, kind: string): boolean => {
  const words = kind.split(" ")
  return said.toLowerCase().split(/[ -]/).every((word) => words.includes(word))
}

const saidOf = (error: Error): string => printText(withoutCode(error.message))

/** Whether an error is a WebAssembly exception. Its tag is known only to the module. */
const isException = (error: unknown): boolean =>
  Object.prototype.toString.call(error) === "[object WebAssembly.Exception]"

/** The instruction at an offset. */
const instructionAt = (
  functions: ModuleFunctions,
  { body }: FoundFunction,
  offset: number,
): string | undefined => {
  if (body === undefined) return undefined
  const walk = new BodyDisassembler(functions.bytes, body.start, body.end)
  for (let it = walk.next(); it !== undefined && it.offset <= offset; it = walk.next()) {
    if (it.offset === offset) return `${it.name} ${it.immediates}`.trim()
  }
  return undefined
}

/**
 * What happened, and where.
 *
 * @param called the export that was called, safe to print
 * @param error what was thrown
 * @param functions the module's functions, for their names
 */
export const trapLines = (
  called: string,
  error: unknown,
  functions: ModuleFunctions,
): readonly [first: string, ...others: ReadonlyArray<string>] => {
  if (isException(error)) return [`${called} threw an exception of the module's own`]
  if (!isTrap(error)) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return [`${called} threw ${oneLine(printText(said))}`]
  }
  const said = saidOf(error)
  const kind = trapKind(said)
  const words = kind === undefined ? said : isRepetition(said, kind) ? kind : `${kind} (${said})`
  const frames = trapFrames(error.stack ?? "").map(({ functionIndex, offset }) => {
    // Not all engines number functions as the module does, but an offset is unambiguous.
    const found = (offset === undefined ? undefined : functions.around(offset)) ??
      (functionIndex < functions.count ? functions.at(functionIndex) : undefined)
    if (found === undefined) return `  in function ${functionIndex}`
    const instruction = offset === undefined ? undefined : instructionAt(functions, found, offset)
    const at = offset === undefined ? "" : ` at ${offsetText(offset)}`
    return `  in function ${functionTitle(found)}${at}${
      instruction === undefined ? "" : `: ${instruction}`
    }`
  })
  return [`${called} trapped: ${oneLine(words)}`, ...frames]
}

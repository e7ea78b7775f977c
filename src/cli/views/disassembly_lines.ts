/**
 * The lines of `disassemble`: functions as instructions, or the instructions around an error.
 *
 * @module
 */
import {
  BodyDisassembler,
  type DeclaredLocals,
  type DisassembledInstruction,
  type FaultyInstruction,
} from "../../binary/disassembly/disassembler.ts"
import type { FaultyBody, ModuleFault } from "../../binary/validation/find_fault.ts"
import { withFunctionName } from "../../pipeline/function_names.ts"
import type { FoundFunction, ModuleFunctions } from "../disassembly.ts"
import { offsetText, plural } from "../terminal/numbers.ts"
import type { Style } from "../terminal/style.ts"
import { nameText, oneLine } from "../terminal/text.ts"
import { hexLines } from "./hex_line.ts"
import { faultLine } from "./validate_lines.ts"

/** The deepest indentation; deeper blocks have the same. */
const mostIndent = 40
/** The most declarations of locals shown. */
const mostLocals = 100
/** The most operands shown. */
const mostOperands = 20

/** A function's index and name: `12 "malloc"`. */
export const functionTitle = ({ index, name }: Pick<FoundFunction, "index" | "name">): string =>
  name === undefined ? String(index) : `${index} "${nameText(name)}"`

const localText = ({ count, type }: DeclaredLocals): string =>
  count <= 3 ? Array.from({ length: count }, () => type).join(" ") : `${type} (${count} times)`

const localsText = (locals: ReadonlyArray<DeclaredLocals>): string =>
  locals.slice(0, mostLocals).filter(({ count }) => count > 0).map(localText).join(" ")

/** An instruction without its offset, indented by its depth. */
const instructionText = (
  { depth, functionIndex, immediates, name }: DisassembledInstruction,
  nameOf: (index: number) => string | undefined,
): string => {
  const indent = "  ".repeat(Math.min(depth, mostIndent))
  const called = functionIndex === undefined ? undefined : nameOf(functionIndex)
  const comment = called === undefined ? "" : `  ;; "${nameText(called)}"`
  return `${indent}${name}${immediates === "" ? "" : ` ${immediates}`}${comment}`
}

/** The beginning of an instruction, as far as it can be decoded. */
const startText = ({ depth, name }: FaultyInstruction): string =>
  `${"  ".repeat(Math.min(depth, mostIndent))}${name} …`

const offsetWidth = (end: number): number => offsetText(end).length

const headLine = ({ body, index, name, type }: FoundFunction, style: Style): string => {
  const where = body === undefined
    ? "an import"
    : `${offsetText(body.start)}, ${plural(body.end - body.start, "byte")}`
  const title = name === undefined ? `function ${index}` : `function ${index} "${nameText(name)}"`
  return `${style.strong(title)}  ${type}  ${style.faint(`;; ${where}`)}`
}

/**
 * The lines of a function.
 *
 * @param found the function
 * @param functions the functions of its module
 * @param style the looks
 * @param onFault called if the body cannot be decoded
 */
export function* functionLines(
  found: FoundFunction,
  functions: ModuleFunctions,
  style: Style,
  onFault: () => void = () => {},
): Generator<string> {
  yield headLine(found, style)
  const { body } = found
  if (body === undefined) return
  const walk = new BodyDisassembler(functions.bytes, body.start, body.end)
  const locals = localsText(walk.locals)
  const width = offsetWidth(body.end)
  if (locals !== "") yield `${" ".repeat(width + 2)}(local ${locals})`
  const nameOf = (index: number) => functions.nameOf(index)
  for (let it = walk.next(); it !== undefined; it = walk.next()) {
    yield `${style.faint(offsetText(it.offset).padStart(width))}  ${instructionText(it, nameOf)}`
  }
  if (walk.fault === undefined) return
  onFault()
  const { faultyInstruction: it } = walk
  if (it !== undefined) {
    yield style.bad(`${offsetText(it.offset).padStart(width)}  ${startText(it)}`)
  }
  yield style.bad(`${" ".repeat(width + 2)}${oneLine(walk.fault.message)}`)
}

/** The instructions around an offset. */
interface Around {
  /** The last instructions before it. */
  readonly earlier: ReadonlyArray<DisassembledInstruction>
  /** The one at the offset, and the next ones. */
  readonly later: ReadonlyArray<DisassembledInstruction>
  /** The one that cannot be decoded, if that ended the walk. */
  readonly faulty: FaultyInstruction | undefined
}

/** Finds the instructions around an offset. */
const instructionsAround = (
  bytes: Uint8Array,
  { end, start }: FaultyBody,
  offset: number,
  before: number,
): Around => {
  const walk = new BodyDisassembler(bytes, start, end)
  const earlier: Array<DisassembledInstruction> = []
  const later: Array<DisassembledInstruction> = []
  for (let it = walk.next(); it !== undefined && later.length < 3; it = walk.next()) {
    if (it.offset + it.size <= offset) {
      earlier.push(it)
      if (earlier.length > before) earlier.shift()
    } else later.push(it)
  }
  return { earlier, later, faulty: walk.faultyInstruction }
}

/** The operand stack of the block, the top last: `i64 i32 f32`. */
export const stackText = ({ isUnreachable, operands }: FaultyBody): string => {
  const shown = operands.slice(-mostOperands).join(" ")
  const left = operands.length - mostOperands
  const list = left > 0 ? `… ${shown}` : shown
  if (isUnreachable) {
    return list === "" ? "anything, as it is never reached" : `anything, then ${list}`
  }
  return list === "" ? "nothing" : list
}

/**
 * The lines about an error: the instructions before it, the one that is wrong, and the operands that it found.
 *
 * @param source what the module is called
 * @param fault the fault
 * @param functions the module
 * @param view how many instructions before it, how wide figures may be, the looks
 */
export const faultLines = (
  source: string,
  { body, error }: ModuleFault,
  functions: ModuleFunctions,
  { around, style, width }: {
    readonly around: number
    readonly style: Style
    readonly width: number
  },
): ReadonlyArray<string> => {
  const { code, functionIndex, offset } = error
  const message = functionIndex === undefined
    ? error.message
    : withFunctionName(error.message, functionIndex, functions.nameOf(functionIndex))
  const title = faultLine(source, { message, offset, word: code })
  const lines = [style.bad(title), ...hexLines(functions.bytes, error.offset, width, style)]
  if (body === undefined) return lines
  const found = functions.at(body.functionIndex)
  const nameOf = (index: number) => functions.nameOf(index)
  const { earlier, faulty, later } = instructionsAround(functions.bytes, body, error.offset, around)
  const column = offsetWidth(body.end)
  const instruction = (it: DisassembledInstruction): string =>
    `${offsetText(it.offset).padStart(column)}  ${instructionText(it, nameOf)}`
  const [first, ...rest] = later
  lines.push("", headLine({ ...found, body }, style))
  lines.push(...earlier.map((it) => `   ${instruction(it)}`))
  const isAt = first !== undefined && first.offset <= error.offset
  const isCut = first === undefined && faulty !== undefined
  if (isAt) lines.push(style.bad(` > ${instruction(first)}`))
  if (isCut) {
    lines.push(style.bad(` > ${offsetText(faulty.offset).padStart(column)}  ${startText(faulty)}`))
  }
  const indent = " ".repeat(column + 5)
  lines.push(style.warning(`${indent}operand stack of its block: ${stackText(body)}`))
  lines.push(...(isAt ? rest : later).map((it) => style.faint(`   ${instruction(it)}`)))
  return lines
}

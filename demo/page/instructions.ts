/**
 * Instructions as lines of text: those of a function, or those before an error with the operands at that point. Loaded on
 * demand.
 *
 * @module
 */
import { BodyDisassembler } from "../../src/binary/disassembly/disassembler.ts"
import { findFault } from "../../src/binary/validation/find_fault.ts"
import { make, shown } from "./dom.ts"
import type { Collector } from "./collector.ts"
import { place } from "./numbers.ts"

/** The most instructions shown of a function. */
const most = 300
/** The most instructions shown before an error. */
const before = 8
/** The deepest indentation, in blocks. */
const deepest = 12

interface Line {
  readonly offset: number
  readonly depth: number
  readonly text: string
  /** The function that it names. */
  readonly names: string | undefined
}

/** The lines of a body, as far as it can be decoded. */
function* lines(
  collector: Collector,
  bytes: Uint8Array,
  start: number,
  end: number,
): Generator<Line, void, void> {
  const walk = new BodyDisassembler(bytes, start, end)
  if (walk.locals.length > 0) {
    const locals = walk.locals.map(({ count, type }) => (count > 1 ? `${count} × ${type}` : type))
    yield { offset: start, depth: 0, text: `locals: ${locals.join(", ")}`, names: undefined }
  }
  for (let it = walk.next(); it !== undefined; it = walk.next()) {
    const { functionIndex, immediates, name, offset } = it
    const names = functionIndex === undefined ? undefined : collector.nameOf(functionIndex)
    yield { offset, depth: it.depth, text: `${name} ${immediates}`.trimEnd(), names }
  }
  if (walk.fault !== undefined) {
    yield { offset: walk.fault.offset, depth: 0, text: shown(walk.fault.message), names: undefined }
  }
}

const listing = (label: string, all: ReadonlyArray<Line>, marked?: number): HTMLElement => {
  const pre = make("pre", { class: "hex", tabindex: 0, role: "group", "aria-label": label })
  const least = Math.min(...all.map(({ depth }) => depth))
  for (const [index, { depth, names, offset, text }] of all.entries()) {
    if (index > 0) pre.append("\n")
    const indent = "  ".repeat(Math.min(depth - least, deepest) + 1)
    const line = offset === marked ? make("mark", {}, text) : text
    pre.append(make("span", { class: "offset" }, place(offset).padStart(9)), indent, line)
    if (names !== undefined) pre.append(make("span", { class: "offset" }, `  ${shown(names, 80)}`))
  }
  return pre
}

/**
 * The instructions of a function.
 *
 * @param collector has the module's bytes
 * @param start the offset at which the body starts
 * @param end the offset at which it ends
 */
export const instructionsOf = (
  collector: Collector,
  start: number,
  end: number,
): ReadonlyArray<HTMLElement> => {
  const bytes = collector.bytes(0, end)
  const all: Array<Line> = []
  let isCut = false
  for (const line of lines(collector, bytes, start, end)) {
    isCut = all.length === most
    if (isCut) break
    all.push(line)
  }
  return [
    listing("Instructions", all),
    ...(isCut
      ? [make("p", { class: "fine" }, `These are the first ${most} instructions; there are more.`)]
      : []),
  ]
}

/**
 * The instructions before an error, and the operands that it found; nothing if it is not in a function.
 *
 * @param collector has the module's bytes
 * @param told the offset of the reported error: an engine may report another instruction
 */
export const aroundFault = (collector: Collector, told: number): ReadonlyArray<HTMLElement> => {
  const bytes = collector.bytes(0, collector.received)
  const fault = findFault(bytes)
  if (fault?.body === undefined) return []
  const { offset } = fault.error
  const { isUnreachable, operands, start } = fault.body
  const all: Array<Line> = []
  for (const line of lines(collector, bytes, start, fault.body.end)) {
    if (line.offset > offset) break
    all.push(line)
    if (all.length > before) all.shift()
  }
  const few = operands.slice(-12).map((type) => shown(type, 60))
  const dots = operands.length > few.length ? "… " : ""
  const found = few.length > 0 ? `${dots}${few.join(" ")}` : "nothing"
  const text = `Operands in this block: ${found}${isUnreachable ? " (unreachable code)" : ""}`
  return [
    ...(offset === told
      ? []
      : [make("p", { class: "fine" }, `Full validation finds the error at ${place(offset)}:`)]),
    listing("Instructions before the error", all, offset),
    make("p", { class: "fine" }, text),
  ]
}

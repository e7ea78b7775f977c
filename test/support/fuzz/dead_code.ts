/**
 * Finds out by experiment whether an instruction is in unreachable code: if so, any number of operands can be dropped there,
 * or in a block around it.
 */
import { END, flat, u } from "../module_builder.ts"

/** Validates a module: returns the code and the offset of its error. */
type Judge = (bytes: Uint8Array) => { readonly code: string; readonly offset: number }

const [UNREACHABLE, ELSE, DROP] = [0x00, 0x05, 0x1a] as const
const CODE_SECTION = 10
/** Drops more operands than there can be on the stack. */
const drops = new Array<number>(200).fill(DROP)

/** An unsigned LEB128 and where it ends. */
const readU = (bytes: Uint8Array, start: number): readonly [value: number, end: number] => {
  let value = 0
  for (let at = start, factor = 1;; factor *= 128) {
    const byte = bytes[at++] ?? 0
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return [value, at]
  }
}

/** The offsets of the size of the code section and of that of a body; `undefined` if there is none. */
const findBody = (
  bytes: Uint8Array,
  offset: number,
): { readonly section: number; readonly body: number } | undefined => {
  for (let at = 8; at < bytes.length;) {
    const section = at + 1
    const [size, start] = readU(bytes, section)
    if (bytes[at] === CODE_SECTION) {
      let [, body] = readU(bytes, start)
      while (body < bytes.length) {
        const [bodySize, bodyStart] = readU(bytes, body)
        if (offset <= bodyStart + bodySize) return { section, body }
        body = bodyStart + bodySize
      }
      return undefined
    }
    at = start + size
  }
  return undefined
}

/** A module up to an offset in a body, followed by other instructions and the end of the body. */
const withRest = (
  bytes: Uint8Array,
  offset: number,
  rest: ReadonlyArray<number>,
): Uint8Array | undefined => {
  const found = findBody(bytes, offset)
  if (found === undefined) return undefined
  const { body, section } = found
  const content = [...bytes.subarray(readU(bytes, body)[1], offset), ...rest]
  const before = bytes.subarray(readU(bytes, section)[1], body)
  const code = [...before, ...flat(u(content.length)), ...content]
  return Uint8Array.from([...bytes.subarray(0, section), ...flat(u(code.length)), ...code])
}

/** Whether an instruction, or a block around it, is unreachable. */
export const isInDeadCode = (bytes: Uint8Array, offset: number, judge: Judge): boolean => {
  let rest: ReadonlyArray<number> = []
  for (;;) {
    const dropping = withRest(bytes, offset, [...rest, ...drops])
    if (dropping === undefined) return false
    if (judge(dropping).code === "unexpected-end") return true
    // Leaves one block; an `if` with results has to have an `else`.
    const ways = [[UNREACHABLE, END], [UNREACHABLE, ELSE, UNREACHABLE, END]]
    const left = ways.find((way) => {
      const leaving = withRest(bytes, offset, [...rest, ...way])
      return leaving !== undefined && judge(leaving).code === "unexpected-end"
    })
    if (left === undefined) return false
    rest = [...rest, ...left]
  }
}

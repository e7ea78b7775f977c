/**
 * Recognises bytes missing in the code section, after which function bodies begin earlier than they should.
 * Each body begins with its size and ends with `end`, so it is possible to find where the bodies resume.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#code-section
 * @module
 */
import { find } from "./bytes.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { pieceAt } from "./pieces.ts"

/** The instruction that ends a body. */
const END = 0x0b
/** Lost blocks are whole sectors, up to a size. */
const sector = 512
const largestBlock = 65_536
/** The number of bodies in a row that is not a coincidence: near, where few places are tried, and far, with more. */
const enoughNear = 3
const enoughFar = 4
/** The most missing bytes that may be those of line ends. */
const mostLineEnds = 8

/** The end of the body at an offset, which begins with its size, or -1. */
const endOfBody = (bytes: Uint8Array, at: number): number => {
  let size = 0
  for (let length = 0; length < 4; length++) {
    const byte = bytes[at + length]
    if (byte === undefined) return -1
    size += (byte & 0x7f) * 2 ** (7 * length)
    if (byte >= 0x80) continue
    const end = at + length + 1 + size
    return size >= 2 && bytes[end - 1] === END ? end : -1
  }
  return -1
}

/** Whether a number of bodies follow each other from an offset on. */
const goesOn = (bytes: Uint8Array, from: number, most: number): boolean => {
  if (bytes[from - 1] !== END) return false
  let at = from
  for (let count = 0; count < most; count++) {
    at = endOfBody(bytes, at)
    if (at < 0) return false
  }
  return true
}

/** Where a body ends according to the size before its start; `undefined` if that was not kept. */
const declaredEnd = (bytes: Uint8Array, start: number): number | undefined => {
  let first = start - 1
  while (first > 0 && start - first < 5 && (bytes[first - 1] ?? 0) >= 0x80) first--
  if (first < 1) return undefined
  let size = 0
  for (let at = first; at < start; at++) {
    size += ((bytes[at] ?? 0) & 0x7f) * 2 ** (7 * (at - first))
  }
  return start + size
}

/** Where bodies resume before `end`; `undefined` if that is not found. */
const resume = (bytes: Uint8Array, start: number, end: number): number | undefined => {
  for (let by = 1; by <= mostLineEnds; by++) {
    if (end - by > start && goesOn(bytes, end - by, enoughNear)) return end - by
  }
  for (let by = sector; by <= largestBlock; by += sector) {
    if (end - by > start && goesOn(bytes, end - by, enoughFar)) return end - by
  }
  return undefined
}

const describe = (
  evidence: Evidence,
  body: Uint8Array,
  functionIndex: number,
  missing: number,
): Diagnosis => {
  const where = `function ${functionIndex}`
  const size = missing === 1 ? "1 byte is" : `${missing} bytes are`
  const lineFeeds = body.filter((byte) => byte === 0x0a).length
  const pieces = [evidence.head, ...(evidence.pieces ?? []).map(({ bytes }) => bytes)]
  if (missing <= mostLineEnds && lineFeeds >= missing) {
    if (pieces.every((bytes) => find(bytes, "0d 0a") < 0)) {
      return {
        reason: "line-endings",
        what:
          `is a damaged WebAssembly module: it looks as if each CR LF (0d 0a) became LF on its way (${size} missing in ${where})`,
        advice:
          "Transfer and store the file as binary; in Git, mark *.wasm as binary in .gitattributes",
      }
    }
  }
  const again =
    "Load it again; if that does not help, compare checksums with the file that was built"
  return {
    reason: "missing-bytes",
    what: `is a damaged WebAssembly module: ${size} missing in ${where}`,
    advice: again,
  }
}

/**
 * Recognises bytes missing in a function body.
 *
 * @param evidence what is known
 */
export const diagnoseBodies = (evidence: Evidence): Diagnosis | undefined => {
  const { bodies, stop } = evidence
  if (bodies === undefined || stop === undefined || stop.section !== "code") return undefined
  const piece = pieceAt(evidence, Math.max(0, stop.offset - 1))
  if (piece === undefined) return undefined
  const { bytes, offset } = piece
  const at = (index: number): number => (bodies.starts[index] ?? 0) - offset
  const endAt = (index: number): number | undefined =>
    at(index) < 1 ? undefined : declaredEnd(bytes, at(index))
  // Finds the first body whose last byte is not `end`. By chance, the loss may be in a body before it.
  const count = bodies.starts.length
  let first = 0
  while (first < count) {
    const end = endAt(first)
    if (end !== undefined && end > 0 && bytes[end - 1] !== END) break
    first++
  }
  for (let index = Math.max(0, first - 2); index < Math.min(first + 1, count); index++) {
    const end = endAt(index)
    if (end === undefined || goesOn(bytes, end, enoughNear)) continue
    const start = at(index)
    const found = resume(bytes, start, end)
    if (found === undefined || bodies.starts.some((known) => known - offset === found)) continue
    // If only a few bytes differ, the size may be wrong instead; only the complete bytes can show which.
    if (end - found < sector && !evidence.ended) return undefined
    return describe(
      evidence,
      bytes.subarray(start, end),
      bodies.firstIndex + index,
      end - found,
    )
  }
  return undefined
}

/**
 * Recognises how a module was damaged in transit or storage: in its line ends, its bytes beyond ASCII, its zeros or its
 * blocks. Reports only what the bytes prove, so nothing for a module that is complete, or was invalid from the start.
 *
 * @module
 */
import { diagnoseBodies } from "./bodies.ts"
import { find, holds } from "./bytes.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { encode, encodings } from "./encodings.ts"
import { isFramed } from "./framing.ts"
import { pieceAt, sizeOf } from "./pieces.ts"
import { isMadeWholeBy, isRepairedBy } from "./repair.ts"
import { isStripped } from "./seven_bits.ts"
import { type Decoded, decodeUtf8 } from "./utf8.ts"

const binary =
  "Transfer and store the file as binary; in Git, mark *.wasm as binary in .gitattributes"
const bytewise = "Read, store and send the file as bytes from end to end, never as a string"

// Line ends

/** Turns each CR LF back into LF; `undefined` if an LF stands alone. */
const withoutCarriageReturns = (bytes: Uint8Array): Uint8Array | undefined => {
  const before = new Uint8Array(bytes.length)
  let size = 0
  for (const byte of bytes) {
    if (byte === 0x0a) {
      if (before[size - 1] !== 0x0d || size === 0) return undefined
      size--
    }
    before[size++] = byte
  }
  return before.subarray(0, size)
}

const lineEndings = (
  evidence: Evidence,
  isUndoneBy: typeof isRepairedBy,
): Diagnosis | undefined =>
  find(evidence.head, "0d 0a") >= 0 && isUndoneBy(evidence, withoutCarriageReturns)
    ? {
      reason: "line-endings",
      what: "is a damaged WebAssembly module: each LF became CR LF (0d 0a) on its way",
      advice: binary,
    }
    : undefined

// Text

const decodedAsText = (how: string): Diagnosis => ({
  reason: "decoded-as-text",
  what: `was damaged by a text conversion: ${how}`,
  advice: bytewise,
})

/** The greatest distance of an error from the inserted U+FFFD that caused it, in bytes. */
const near = 16
/** This many U+FFFD, with everything valid UTF-8, do not occur in a module. */
const many = 8
/** A module of this size has a section of 128 bytes or more, whose size begins with a byte that is not valid UTF-8. */
const telling = 2_048
/** The fewest distinct bytes in a module's content; filler has fewer. */
const variety = 48
const QUESTION = 0x3f

const isReplaced = ({ head, stop }: Evidence, { valid }: Decoded): number | undefined => {
  if (!valid || stop === undefined) return undefined
  const first = find(head, "ef bf bd")
  if (first < 0 || first > stop.offset) return undefined
  let count = 0
  let close = false
  for (let at = first; at >= 0 && at < head.length; at = find(head, "ef bf bd", at + 3)) {
    count++
    close ||= stop.offset >= at && stop.offset - at <= near
    if (close || count >= many) return first
  }
  return undefined
}

/** The bytes that were examined, in words. */
const ofAll = (evidence: Evidence): string => {
  const { length } = evidence.head
  return evidence.ended && sizeOf(evidence) === length
    ? `all ${length} bytes`
    : `the first ${length} bytes`
}

const text = (evidence: Evidence): Diagnosis | undefined => {
  const { head, stop } = evidence
  if (stop === undefined || stop.isAtEnd && head.length < telling) return undefined
  const decoded = decodeUtf8(head)
  if (!decoded.valid) return undefined
  const isTelling = head.length >= telling && new Set(head).size >= variety
  if (head.every((byte) => byte < 0x80)) {
    if (isTelling && head.filter((byte) => byte === QUESTION).length > head.length / 20) {
      return decodedAsText("each byte beyond ASCII was replaced with a question mark (3f)")
    }
    if (isStripped(evidence)) {
      return decodedAsText("the highest bit of each byte is gone, as after a transfer of 7 bits")
    }
    return isTelling && stop.offset < head.length
      ? decodedAsText(
        `it lost all that is beyond ASCII (${ofAll(evidence)} are ASCII; a module has others)`,
      )
      : undefined
  }
  const replaced = isReplaced(evidence, decoded)
  if (replaced !== undefined) {
    return decodedAsText(
      `it was read as UTF-8, and what was not became U+FFFD (ef bf bd, at byte ${replaced} first)`,
    )
  }
  for (const encoding of encodings()) {
    const undo = (bytes: Uint8Array) => encode(decodeUtf8(bytes).text, encoding)
    if (isRepairedBy(evidence, undo)) {
      return decodedAsText(`it was read as ${encoding.name} and saved as UTF-8`)
    }
  }
  return head.length >= telling
    ? decodedAsText(
      `it was saved as UTF-8 (${
        ofAll(evidence)
      } are valid UTF-8; a module's bytes normally are not)`,
    )
    : undefined
}

// Zeros

const isZeros = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

/** The fewest zeros up to the end of the bytes that are evidence. */
const leastZeros = 64
/** The fewest zeros that are evidence if other bytes follow, as data has some too. */
const leastHole = 4_096

/**
 * Recognises bytes that are all zeros.
 *
 * @param evidence what is known about the bytes
 */
export const diagnoseZeros = (evidence: Evidence): Diagnosis | undefined => {
  const { ended, head } = evidence
  if (head.length < (ended ? 8 : leastZeros) || !isZeros(head)) return undefined
  const size = sizeOf(evidence)
  return {
    reason: "zero-filled",
    what: `is not a WebAssembly module: ${
      ended && size === head.length
        ? `all ${size} bytes are`
        : `the first ${head.length} bytes are all`
    } zero`,
    advice: ended && size === head.length
      ? "The file was probably allocated but never written: copy or download it again, and check the disk's free space"
      : "Check where the bytes come from: a file that was allocated but not written, or a buffer of which only a part is the module",
  }
}

/** Recognises zeros in place of a part of the module, at the place where the decoder stopped. */
const zeros = (evidence: Evidence): Diagnosis | undefined => {
  const { stop } = evidence
  // If the end is missing, zeros before it prove nothing.
  if (stop === undefined || stop.isAtEnd) return undefined
  const piece = pieceAt(evidence, stop.offset) ?? pieceAt(evidence, stop.offset - 1)
  if (piece === undefined) return undefined
  const { bytes, offset } = piece
  const at = Math.min(stop.offset - offset, bytes.length - 1)
  let start = at
  let end = at
  while (start > 0 && bytes[start - 1] === 0) start--
  while (end < bytes.length && bytes[end] === 0) end++
  // The decoder passed zeros that end before the error, so they are part of the module.
  if (offset + end <= stop.offset) return undefined
  const isLast = evidence.ended && offset + end === sizeOf(evidence)
  if (end - start < (isLast ? leastZeros : leastHole)) return undefined
  // Outside of the code section, zeros before the error may be data that was read without error.
  if (stop.section !== "code" && end - at < leastZeros) return undefined
  return {
    reason: "zero-filled",
    what: `is a damaged WebAssembly module: from byte ${offset + start} on, ${
      end === bytes.length ? "everything" : `${end - start} bytes`
    } is zero`.replace(/bytes is zero$/, "bytes are zero"),
    advice:
      "A download or a copy was interrupted, and left a hole: load it again, and compare checksums where it is stored",
  }
}

// Missing and repeated bytes

/**
 * Recognises a module that has lost bytes of its header.
 *
 * @param head the first bytes
 */
export const diagnoseLostBytes = (head: Uint8Array): Diagnosis | undefined => {
  if (holds(head, "61 73 6d 01 00 00 00")) {
    return {
      reason: "missing-bytes",
      what:
        "is a damaged WebAssembly module: its first byte, 00, is missing (it begins with 61 73 6d 01)",
      advice:
        "Check what reads it: something consumed the first byte, such as code that peeked at it",
    }
  }
  if (holds(head, "61 73 6d 01") && head.length >= 12 && !head.includes(0)) {
    return {
      reason: "missing-bytes",
      what: "is a damaged WebAssembly module: all its zero bytes are missing",
      advice: "Check what it passed through: a program that handles text drops zeros. " + bytewise,
    }
  }
  return undefined
}

/** A repeated block is of whole sectors; a repetition with another period may be part of the module. */
const sector = 512
const largestBlock = 65_536
const needle = 24

/** Recognises a block that occurs twice in succession where the decoder stopped. */
const doubled = (evidence: Evidence): Diagnosis | undefined => {
  const { stop, wholeAt } = evidence
  if (stop === undefined) return undefined
  const piece = pieceAt(evidence, stop.offset)
  if (piece === undefined) return undefined
  const { bytes, offset } = piece
  // An inserted block pushes as many bytes past the end of the module, so it is no larger than what is there.
  const left = wholeAt !== undefined ? sizeOf(evidence) - wholeAt : largestBlock
  for (let back = -64; back <= largestBlock; back += 64) {
    if (back > 1_024 && back % 1_024 !== 0) continue
    const at = stop.offset - offset - back
    if (at < needle || at > bytes.length) continue
    // Bytes with few distinct values prove nothing, as they would match at every distance.
    if (new Set(bytes.subarray(at - needle, at)).size < needle / 3) continue
    for (
      let lag = sector;
      lag <= left && lag <= largestBlock && at - needle - lag >= 0;
      lag += sector
    ) {
      if (!matches(bytes, at - needle, at, lag)) continue
      let start = at - needle
      let end = at
      while (start - 1 - lag >= 0 && bytes[start - 1] === bytes[start - 1 - lag]) start--
      while (end < bytes.length && bytes[end] === bytes[end - lag]) end++
      if (end - start < lag) continue
      // A repetition that the decoder has passed may be part of the module, such as a table in a data segment.
      const stopped = stop.offset - offset
      if (stopped < start || stopped >= end) continue
      if (new Set(bytes.subarray(start, start + lag)).size < variety / 2) continue
      return {
        reason: "extra-bytes",
        what: `is a damaged WebAssembly module: ${lag} bytes are repeated at byte ${
          offset + start
        }`,
        advice:
          "A download was resumed at the wrong place, or a block was written twice: load it again, and compare checksums",
      }
    }
  }
  return undefined
}

const matches = (bytes: Uint8Array, start: number, end: number, lag: number): boolean => {
  for (let at = start; at < end; at++) if (bytes[at] !== bytes[at - lag]) return false
  return true
}

/**
 * Recognises how a module with an intact header was damaged.
 *
 * @param evidence what is known about the bytes, which begin with the header
 */
export const diagnoseDamage = (evidence: Evidence): Diagnosis | undefined =>
  evidence.stop === undefined
    ? undefined
    // If the sizes of the sections fit, nothing was added or lost, and no size changed, unless they fit by chance.
    : isFramed(evidence)
    ? lineEndings(evidence, isMadeWholeBy) ?? zeros(evidence)
    : lineEndings(evidence, isRepairedBy) ?? text(evidence) ?? zeros(evidence) ??
      doubled(evidence) ??
      diagnoseBodies(evidence)

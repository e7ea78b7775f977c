/**
 * Proves how a module was damaged: if undoing the change lets the decoder get farther than before, the guess was right.
 *
 * @module
 */
import { ModuleDecoder } from "../binary/decoder.ts"
import { DecodeError } from "../binary/errors.ts"
import type { DecoderSink } from "../binary/sink.ts"
import { SECTION_CODE, SECTION_CUSTOM, SECTION_DATA } from "../binary/types.ts"
import type { Evidence } from "./diagnosis.ts"

/** How far a decoder gets. */
interface Reach {
  /** Where it stopped, or the number of bytes. */
  readonly offset: number
  /** Whether nothing stopped it. */
  readonly clean: boolean
  /** The offsets of the sections and function bodies that it found. */
  readonly found: ReadonlyArray<number>
  /** Whether it decodes the bytes of the last section, rather than skips them. */
  readonly reads: boolean
}

/** The most offsets that are kept. */
const enoughFound = 10_000

const passed: ReadonlySet<number> = new Set([SECTION_CUSTOM, SECTION_CODE, SECTION_DATA])

const reachOf = (bytes: Uint8Array, ended: boolean): Reach => {
  const found: Array<number> = []
  let reads = false
  const note = (offset: number): void => {
    if (found.length < enoughFound) found.push(offset)
  }
  const sink: DecoderSink = {
    section: (id, startOffset) => {
      reads = !passed.has(id)
      note(startOffset)
    },
    functionBody: (_functionIndex, startOffset) => note(startOffset),
  }
  const decoder = new ModuleDecoder({ unknown: "defer", sink })
  try {
    decoder.push(bytes)
    if (ended) decoder.finish()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { offset: error.offset, clean: false, found, reads }
  }
  const { unknown } = decoder
  return unknown === undefined
    ? { offset: bytes.length, clean: true, found, reads }
    : { offset: unknown.offset, clean: false, found, reads }
}

/** The progress that counts as proof, in bytes, as a decoder accepts a few wrong ones by chance. */
const margin = 64

/**
 * Whether undoing a change lets the decoder continue beyond where it stopped.
 *
 * @param evidence what is known about the bytes as they are
 * @param undo returns the bytes before the change, for the first bytes after it; `undefined` if there was no such change
 */
export const isRepairedBy = (
  { ended, head, size, stop }: Evidence,
  undo: (bytes: Uint8Array) => Uint8Array | undefined,
): boolean => {
  if (stop === undefined) return false
  const before = undo(head)
  if (before === undefined || before.length <= 8 || isSame(before, head)) return false
  const isAll = ended && head.length === (size ?? head.length)
  // Where the decoder stopped, in the bytes before the change.
  const stopped = undo(head.subarray(0, Math.min(stop.offset + 1, head.length)))?.length ?? 0
  const { clean, found, offset, reads } = reachOf(before, isAll)
  if (clean && isAll) return true
  if (found.filter((start) => start > stopped).length >= 2) return true
  return reads && offset >= stopped + margin
}

/**
 * Whether undoing a change makes a complete module.
 *
 * @param evidence what is known about the bytes as they are
 * @param undo returns the bytes before the change, for all bytes after it; `undefined` if there was no such change
 */
export const isMadeWholeBy = (
  { ended, head, size }: Evidence,
  undo: (bytes: Uint8Array) => Uint8Array | undefined,
): boolean => {
  if (!ended || head.length !== (size ?? head.length)) return false
  const before = undo(head)
  return before !== undefined && before.length < head.length && reachOf(before, true).clean
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

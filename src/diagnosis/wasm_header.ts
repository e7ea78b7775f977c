/**
 * What begins with the magic number of WebAssembly, or holds a module further on: components, other versions, modules cut
 * off, moved or mangled on their way.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module
 * @module
 */
import { find, holds } from "./bytes.ts"
import type { Diagnosis } from "./diagnosis.ts"
import { excerpt, hexOf } from "./print.ts"
import { decodeUtf8 } from "./utf8.ts"

/** `\0asm`, version 1. */
const header = "00 61 73 6d 01 00 00 00"
const headerSize = 8

/**
 * Whether bytes begin with the header of a core module.
 *
 * @param head the first bytes
 */
export const hasModuleHeader = (head: Uint8Array): boolean => holds(head, header)

/**
 * Whether bytes begin with the magic number, or are a beginning of it.
 *
 * @param head the first bytes
 */
export const hasMagic = (head: Uint8Array): boolean =>
  head.length === 0 || holds(head, header.slice(0, Math.min(head.length, 4) * 3 - 1))

/**
 * What bytes are that begin like a module but don't go on with version 1; `undefined` as long as that is open.
 *
 * @param head the first bytes
 * @param ended whether there are no more
 */
export const diagnoseHeader = (head: Uint8Array, ended: boolean): Diagnosis | undefined => {
  if (head.length === 0 || !hasMagic(head) || hasModuleHeader(head)) return undefined
  if (head.length < headerSize) {
    if (!ended) return undefined
    return {
      reason: "truncated",
      what: `A module cut off inside its header: ${count(head.length)} of ${headerSize} came (${
        hexOf(head)
      })`,
      advice:
        "Check the size of the file where it is served from, and that the build wrote all of it",
    }
  }
  const field = hexOf(head.subarray(4, headerSize))
  if (holds(head, "01 00", 6)) {
    return {
      reason: "component",
      what: `A component, not a core module (${field} follows the magic number)`,
      advice: "Transpile it with jco, or extract its core module",
    }
  }
  const experimental = holds(head, "0d 00 00 00", 4)
  const version = head.subarray(4, headerSize).reduceRight((sum, byte) => sum * 256 + byte, 0)
  return {
    reason: "version",
    what: experimental
      ? `A module of the experimental version 13, from before WebAssembly 1.0 (${field} follows the magic number)`
      : `A module of version ${version}, not 1 (${field} follows the magic number)`,
    advice: experimental
      ? "Build it again with a current toolchain"
      : "Build it for version 1 of the binary format, and check that nothing changed the file on its way",
  }
}

/** 1 byte, 2 bytes. */
const count = (size: number): string => size === 1 ? "1 byte" : `${size} bytes`

/**
 * The module that stands after other bytes.
 *
 * @param head the first bytes
 */
export const diagnosePrefix = (head: Uint8Array): Diagnosis | undefined => {
  const start = find(head, header)
  if (start < 1) return undefined
  if (start === 3 && holds(head, "ef bb bf")) {
    return {
      reason: "bom-prefixed-module",
      what: "A module after a byte order mark of UTF-8 (ef bb bf)",
      advice:
        "Write the file as bytes: a tool saved it as text, and may have changed more than its beginning",
    }
  }
  return {
    reason: "prefixed-module",
    what: `A module after ${count(start)} that are not part of it: ${
      excerpt(head.subarray(0, start), 40)
    }`,
    advice:
      "Check what writes to the response before the file, such as a blank line, a warning or a frame of a protocol",
  }
}

/** The order of the sections by id; custom sections (0) stand anywhere. */
const order: ReadonlyArray<number> = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6]

/** How far the sections of a module can be followed. */
interface Framing {
  /** How many section headers were read. */
  readonly sections: number
  /** Whether one was impossible: an unknown id, the wrong order, a size of more than 32 bits. */
  readonly broken: boolean
  /** Where the first bytes of the section headers' sizes stand. */
  readonly sizes: ReadonlyArray<number>
}

const followSections = (head: Uint8Array): Framing => {
  const sizes: Array<number> = []
  let last = 0
  for (let offset = headerSize; offset < head.length;) {
    const rank = order[head[offset] ?? 0]
    if (rank === undefined || (rank !== 0 && rank <= last)) {
      return { sections: sizes.length, broken: true, sizes }
    }
    if (rank !== 0) last = rank
    let size = 0
    let read = 0
    for (let more = true; more; read++) {
      const byte = head[offset + 1 + read]
      if (byte === undefined) return { sections: sizes.length, broken: false, sizes }
      if (read === 5) return { sections: sizes.length, broken: true, sizes }
      size += (byte & 0x7f) * 2 ** (7 * read)
      more = byte >= 0x80
    }
    sizes.push(offset + 1)
    offset += 1 + read + size
  }
  return { sections: sizes.length, broken: false, sizes }
}

/** Each CR LF as the LF that it was; `undefined` where there is none, or an LF by itself. */
const withoutCarriageReturns = (head: Uint8Array): Uint8Array | undefined => {
  const bytes: Array<number> = []
  let found = false
  for (const byte of head) {
    if (byte === 0x0a) {
      if (bytes.at(-1) !== 0x0d) return undefined
      bytes.pop()
      found = true
    }
    bytes.push(byte)
  }
  return found ? Uint8Array.from(bytes) : undefined
}

/** Characters as the bytes that they were as Latin-1; `undefined` where they never were. */
const asLatin1 = (text: string): Uint8Array | undefined => {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  if (codes.every((code) => code < 0x80) || codes.some((code) => code > 0xff)) return undefined
  return Uint8Array.from(codes)
}

/** Whether undoing a change lets the sections be followed where they could not be before. */
const isRepaired = (now: Framing, before: Framing): boolean =>
  !before.broken && before.sections > 1 && (now.broken || now.sections < before.sections)

const decodedAsText = (evidence: string): Diagnosis => ({
  reason: "decoded-as-text",
  what: `A module whose bytes were decoded as text and encoded again (${evidence})`,
  advice: "Read, store and send the file as bytes from end to end, never as a string",
})

/**
 * What was done to a module with a good header on its way. Certain only: a module that is whole gives `undefined`.
 *
 * @param head the first bytes, which begin with the header
 */
export const diagnoseMangled = (head: Uint8Array): Diagnosis | undefined => {
  const now = followSections(head)
  const before = withoutCarriageReturns(head)
  if (before !== undefined && now.broken && isRepaired(now, followSections(before))) {
    return {
      reason: "line-endings",
      what:
        "A module in which each LF became CR LF (0d 0a; without the CRs its sections fit together)",
      advice:
        "Transfer the file as binary, and mark *.wasm as binary where text files are converted",
    }
  }
  const { text, valid } = decodeUtf8(head)
  if (!valid) return undefined
  const replaced = find(head, "ef bf bd")
  if (
    replaced >= 0 && (now.broken || now.sizes.some((offset) => holds(head, "ef bf bd", offset)))
  ) {
    return decodedAsText(`ef bf bd stands for what was not UTF-8, at byte ${replaced} for one`)
  }
  const latin1 = asLatin1(text)
  if (latin1 !== undefined && isRepaired(now, followSections(latin1))) {
    return decodedAsText("as Latin-1 its sections fit together")
  }
  return undefined
}

/**
 * The shortfall of a body that has ended.
 *
 * @param isModule whether what came begins like a module
 * @param size how many bytes came
 * @param declaredSize how many were declared
 */
export const diagnoseShortfall = (
  isModule: boolean,
  size: number,
  declaredSize: number,
): Diagnosis => ({
  reason: "truncated",
  what: `${isModule ? "A module" : "A body"} cut short: ${size} of ${count(declaredSize)} came`,
  advice:
    "Load it again; if it stays so, compare the file's size where it is served from with its Content-Length",
})

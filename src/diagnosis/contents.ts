/**
 * What bytes are that are inside something else: written out in text, or after a prefix.
 *
 * @module
 */
import { holds } from "./bytes.ts"
import type { DiagnosisReason } from "./diagnosis.ts"
import { formatOf } from "./magic_numbers.ts"
import { readText } from "./head_text.ts"

/** The forms in which a module may be packed. */
const packed: ReadonlySet<DiagnosisReason> = new Set([
  ...["gzip", "brotli", "zstd", "zlib", "xz", "lzma", "bzip2", "lz4"] as const,
  ...["zip", "7z", "rar"] as const,
])

/** A module, or what a module may be packed in. */
export interface Content {
  /** With an article. */
  readonly name: string
  /** Whether it has to be decompressed or unpacked. */
  readonly isPacked: boolean
}

/**
 * The packed form that bytes begin with; `undefined` where it is none.
 *
 * @param bytes the first bytes
 */
export const packedForm = (bytes: Uint8Array): Content | undefined => {
  const format = formatOf(bytes)
  if (format === undefined || !packed.has(format.reason)) return undefined
  // Two bytes alone prove nothing here: gzip has one method, and no other begins with so few.
  if (format.reason === "gzip" && !holds(bytes, "08", 2)) return undefined
  if (format.guess === true && readText(bytes).textual) return undefined
  return { name: format.name, isPacked: true }
}

/**
 * What bytes are that were written out; `undefined` where they are neither a module nor packed.
 *
 * @param bytes the first bytes
 */
export const contentOf = (bytes: Uint8Array): Content | undefined => {
  if (holds(bytes, "00 61 73 6d")) {
    const isComponent = bytes.length >= 8 && holds(bytes, "01 00", 6)
    return { name: isComponent ? "a component" : "a module", isPacked: false }
  }
  const form = packedForm(bytes)
  // What is only guessed by two bytes may be any data.
  return form === undefined || formatOf(bytes)?.guess === true ? undefined : form
}

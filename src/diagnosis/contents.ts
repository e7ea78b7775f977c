/**
 * Recognises a module, plain or packed, inside something else: written out in text, or after a prefix.
 *
 * @module
 */
import { holds } from "./bytes.ts"
import type { DiagnosisReason } from "./diagnosis.ts"
import { formatOf } from "./magic_numbers.ts"
import { readText } from "./head_text.ts"

/** The formats in which a module may be packed. */
const packed: ReadonlySet<DiagnosisReason> = new Set([
  ...["gzip", "brotli", "zstd", "zlib", "xz", "lzma", "bzip2", "lz4"] as const,
  ...["zip", "7z", "rar"] as const,
])

/** A module, or a format in which one may be packed. */
export interface Content {
  /** Its name, with an article. */
  readonly name: string
  /** Whether it has to be decompressed or unpacked. */
  readonly isPacked: boolean
}

/**
 * The packed format that bytes begin with; `undefined` if there is none.
 *
 * @param bytes the first bytes
 */
export const packedForm = (bytes: Uint8Array): Content | undefined => {
  const format = formatOf(bytes)
  if (format === undefined || !packed.has(format.reason)) return undefined
  // The two bytes of gzip's magic number prove little here, but the only compression method must follow.
  if (format.reason === "gzip" && !holds(bytes, "08", 2)) return undefined
  if (format.guess === true && readText(bytes).textual) return undefined
  return { name: format.name, isPacked: true }
}

/**
 * What bytes that were written out are; `undefined` if they are neither a module nor packed.
 *
 * @param bytes the first bytes
 */
export const contentOf = (bytes: Uint8Array): Content | undefined => {
  if (holds(bytes, "00 61 73 6d")) {
    const isComponent = bytes.length >= 8 && holds(bytes, "01 00", 6)
    return { name: isComponent ? "a component" : "a module", isPacked: false }
  }
  const form = packedForm(bytes)
  // Two bytes, from which some formats are guessed, may begin any data.
  return form === undefined || formatOf(bytes)?.guess === true ? undefined : form
}

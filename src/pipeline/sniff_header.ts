/**
 * Stage 3½, for responses without the right content type where the caller allows it: the first 8 bytes must be the
 * header of a core module. Decided at the first byte that differs.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module
 * @module
 */
import { type ResponseFacts, TypeError } from "../errors.ts"
import type { ChunkCheck } from "./chunks.ts"
import { contentTypeIn, forUrl } from "./wording.ts"

/** `\0asm`, version 1. */
const header: ReadonlyArray<number> = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

const hex = (bytes: ReadonlyArray<number>): string =>
  bytes.length === 0 ? "none" : bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")

const notAModule = (facts: ResponseFacts, seen: ReadonlyArray<number>): TypeError => {
  return new TypeError({
    reason: "content-type",
    message:
      `The response has ${contentTypeIn(facts.contentType)}, and its first bytes (${
        hex(seen)
      }) are not a module's ` +
      `(${hex(header)})${forUrl(facts.url)}`,
    ...facts,
  })
}

/**
 * A check that fails where the bytes do not begin with the header of a core module.
 *
 * @param facts what is known of the response
 */
export const sniffHeader = (facts: ResponseFacts): ChunkCheck<TypeError> => {
  const seen: Array<number> = []
  let wrong = false
  return {
    push: (chunk) => {
      for (let i = 0; i < chunk.length && seen.length < header.length; i++) {
        wrong ||= chunk[i] !== header[seen.length]
        seen.push(chunk[i] ?? 0)
      }
      return wrong ? notAModule(facts, seen) : undefined
    },
    end: () => seen.length < header.length ? notAModule(facts, seen) : undefined,
  }
}

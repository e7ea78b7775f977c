/**
 * Stage 3½, for responses without the right content type where the caller allows it: the first 8 bytes must be the
 * header of a core module. Decided at the first byte that differs.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module
 * @module
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type ResponseFacts, TypeError } from "../errors.ts"

/** `\0asm`, version 1. */
const header: ReadonlyArray<number> = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

const hex = (bytes: ReadonlyArray<number>): string =>
  bytes.length === 0 ? "none" : bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")

const notAModule = (facts: ResponseFacts, seen: ReadonlyArray<number>): TypeError => {
  const type = facts.contentType === null || facts.contentType === undefined
    ? "no Content-Type"
    : `the Content-Type ${JSON.stringify(facts.contentType)}`
  const place = facts.url ?? "a response made by hand"
  return new TypeError({
    reason: "content-type",
    message: `The response has ${type}, and its first bytes (${hex(seen)}) are not a module's ` +
      `(${hex(header)}), for ${place}`,
    ...facts,
  })
}

/**
 * Passes bytes on unchanged, and fails where they do not begin with the header of a core module.
 *
 * @param bytes the body's chunks
 * @param facts what is known of the response
 */
export const sniffHeader = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  facts: ResponseFacts,
): Stream.Stream<Uint8Array, TypeError | E, R> =>
  Stream.suspend(() => {
    const seen: Array<number> = []
    const check = (chunk: Uint8Array): Effect.Effect<void, TypeError> => {
      for (let i = 0; i < chunk.length && seen.length < header.length; i++) {
        seen.push(chunk[i] ?? 0)
        if (seen.at(-1) !== header[seen.length - 1]) {
          for (i++; i < chunk.length && seen.length < header.length; i++) seen.push(chunk[i] ?? 0)
          return Effect.fail(notAModule(facts, seen))
        }
      }
      return Effect.void
    }
    const complete = Stream.execute(
      Effect.suspend(() =>
        seen.length === header.length ? Effect.void : Effect.fail(notAModule(facts, seen))
      ),
    )
    return Stream.concat(Stream.tap(bytes, check), complete)
  })

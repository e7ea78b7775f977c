/**
 * Stage 3½, for `contentType: "sniff"` and another content type: the first 8 bytes must be the header of a core module.
 * Fails at the first byte that differs. What the bytes are instead is explained later, by the same diagnosis as for
 * responses with the right type.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module
 * @module
 */
import { MODULE_HEADER } from "../binary/decoder.ts"
import { type ResponseFacts, TypeError } from "../errors.ts"
import type { ChunkCheck } from "./chunks.ts"
import { contentTypeIn, forUrl } from "../messages/wording.ts"

const notAModule = (facts: ResponseFacts): TypeError =>
  new TypeError({
    reason: "content-type",
    message: `The response has ${
      contentTypeIn(facts.contentType)
    }, and does not begin like a WebAssembly module${forUrl(facts.url)}`,
    ...facts,
  })

/**
 * A check that fails if the bytes do not begin with the header of a core module.
 *
 * @param facts the facts about the response
 */
export const sniffHeader = (facts: ResponseFacts): ChunkCheck<TypeError> => {
  let size = 0
  let wrong = false
  return {
    push: (chunk) => {
      for (let i = 0; i < chunk.length && size < MODULE_HEADER.length; i++) {
        wrong ||= chunk[i] !== MODULE_HEADER[size++]
      }
      return wrong ? notAModule(facts) : undefined
    },
    end: () => size < MODULE_HEADER.length ? notAModule(facts) : undefined,
  }
}

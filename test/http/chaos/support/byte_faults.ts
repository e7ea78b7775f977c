/**
 * Scenarios of encoded bytes, too many bytes, or wrong bytes.
 */
import { compile, digestOf, type Family, load, module } from "./scenario.ts"

/** The body is compressed, whatever the request accepts. */
export const codings: Family = (add) => {
  for (const filler of ["noise", "text"] as const) {
    for (const framing of ["length", "chunked"] as const) {
      add(`gzip ${framing}`, () => ({
        rest: { coding: "gzip", framing },
        ends: [module()],
      }), filler)
      for (const validators of ["strong", "none"] as const) {
        for (const by of ["end", "reset"] as const) {
          add(`gzip ${framing} ${validators}, cut by ${by}`, ({ at, next }) => ({
            validators,
            // Half of the offset: the coded body is smaller.
            steps: Array.from({ length: 1 + next(3) }, () => ({
              coding: "gzip" as const,
              framing,
              cut: { at: at() >> 2, by },
            })),
            rest: { coding: "gzip", framing },
            ends: [module()],
          }), filler)
        }
      }
    }
    add("gzip once, then plain", ({ at }) => ({
      steps: [{ coding: "gzip", cut: { at: at() >> 2, by: "end" } }],
      ends: [module()],
    }), filler)
    add("plain once, then gzip", ({ at }) => ({
      steps: [{ cut: { at: at(), by: "end" } }],
      rest: { coding: "gzip" },
      ends: [module()],
    }), filler)
  }
  add("broken gzip once", () => ({
    steps: [{ coding: "broken" }],
    // On Deno an unrequested coding is requested again.
    ends: [load("encoding"), module()],
  }), "text")
  add("broken gzip for ever", () => ({
    rest: { coding: "broken" },
    options: { retries: 2 },
    ends: [load("encoding")],
  }), "text")
  add("half of a gzip", () => ({
    steps: [{ coding: "half" }],
    // Node's fetch takes it for the whole.
    // Bun does not tell it from a broken one.
    ends: [module(), compile("truncated"), load("integrity"), load("encoding")],
  }), "text")
}

/** More bytes than allowed. */
export const sizes: Family = (add) => {
  for (const framing of ["length", "chunked", "close"] as const) {
    add(`too large ${framing}`, ({ size }) => ({
      rest: { framing },
      options: { maxBytes: size - 1 },
      ends: [load("too-large")],
      requests: 1,
    }))
    add(`just not too large ${framing}`, ({ size }) => ({
      rest: { framing },
      options: { maxBytes: size },
      ends: [module()],
      requests: 1,
    }))
  }
  add("too large on retry", ({ content, other, size }) => ({
    validators: "strong",
    contents: [content, other(size + 100)],
    steps: [{ cut: { at: 50, by: "end" } }],
    rest: { version: 1 },
    options: { maxBytes: size },
    ends: [load("too-large")],
  }))
  for (const framing of ["length", "chunked"] as const) {
    add(`a bomb ${framing}`, ({ other }) => ({
      contents: [other(4_000_000, "zeros")],
      rest: { coding: "gzip", framing },
      options: { maxBytes: 300_000 },
      ends: [load("too-large")],
    }))
  }
}

/** Bytes that do not match the digest. */
export const digests: Family = (add) => {
  for (const algorithm of ["sha256", "sha384", "sha512"] as const) {
    add(`the wrong ${algorithm}`, ({ other }) => ({
      options: { integrity: digestOf(algorithm, other(200).bytes) },
      ends: [load("integrity")],
      requests: 1,
    }))
    add(`spoilt bytes, ${algorithm}`, ({ content }) => ({
      rest: { spoilt: [-10, 1] },
      options: { integrity: digestOf(algorithm, content.bytes) },
      ends: [load("integrity")],
      requests: 1,
    }))
    add(`spoilt bytes after a cut, ${algorithm}`, ({ content, size }) => ({
      validators: "strong",
      steps: [{ cut: { at: size - 20, by: "end" } }],
      rest: { spoilt: [-10, 1] },
      options: { integrity: digestOf(algorithm, content.bytes) },
      ends: [load("integrity")],
      requests: 2,
    }))
    add(`one of two of ${algorithm}`, ({ at, content, other }) => ({
      steps: [{ cut: { at: at(), by: "end" } }],
      options: {
        integrity: [other(200), content].map(({ bytes }) => digestOf(algorithm, bytes)).join(" "),
      },
      ends: [module()],
    }))
  }
  add("the strongest is right", ({ content, other }) => ({
    options: {
      integrity: `${digestOf("sha256", other(200).bytes)} ${digestOf("sha512", content.bytes)}`,
    },
    ends: [module()],
  }))
  add("the strongest is wrong", ({ content, other }) => ({
    options: {
      integrity: `${digestOf("sha384", content.bytes)} ${digestOf("sha512", other(200).bytes)}`,
    },
    ends: [load("integrity")],
  }))
}

/** Wrong bytes that no retry could correct. */
export const wrongBytes: Family = (add) => {
  for (const reason of ["empty", "truncated"] as const) {
    for (let count = 0; count < 3; count++) {
      add(`an end that looks right: ${reason}`, ({ size }) => ({
        rest: {
          framing: "close",
          cut: { at: reason === "empty" ? 0 : size - 1 - 7 * count, by: "end" },
        },
        ends: [compile(reason)],
        requests: 1,
      }))
    }
  }
  add("an end by reset, without a length", ({ size }) => ({
    steps: [{ framing: "close", cut: { at: size - 3, by: "reset" } }],
    // Node and Bun take it for the end.
    // Bun does not tell it from a broken one.
    ends: [module(), compile("truncated"), load("integrity"), load("encoding")],
  }))
  add("an end between chunks, on a connection that was to be closed", ({ at }) => ({
    steps: [{
      framing: "chunked",
      fields: { connection: "close" },
      cut: { at: 2 + at(), by: "end" },
    }],
    // Bun does not tell it from a broken one.
    ends: [module(), compile("truncated"), load("integrity"), load("encoding")],
  }))
  // The type section: its id, and its content. If the decoder defers, the engine rejects it.
  for (const at of [8, 11]) {
    const ends = [compile("structure"), compile("engine")]
    add(`spoilt at ${at}`, () => ({ rest: { spoilt: [at, 1] }, ends, requests: 1 }))
    add(`spoilt at ${at}, after a cut`, () => ({
      validators: "strong",
      steps: [{ cut: { at, by: "end" } }],
      rest: { spoilt: [0, 1] },
      ends,
      requests: 2,
    }))
  }
}

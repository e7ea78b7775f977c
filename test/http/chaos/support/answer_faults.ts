/**
 * Scenarios of responses with error statuses, changed content, or other content than requested.
 */
import { grown } from "./content.ts"
import { allValidators, compile, digestOf, type Family, load, module, type } from "./scenario.ts"

/** The server responds with an error status, temporarily or permanently. */
export const statuses: Family = (add) => {
  for (const status of [408, 425, 429, 500, 502, 503, 504, 507]) {
    for (const count of [1, 3]) {
      add(`${status} ${count} times`, () => ({
        steps: Array.from({ length: count }, () => ({ status })),
        ends: [module()],
        requests: count + 1,
      }))
    }
    add(`${status} for ever`, () => ({
      rest: { status },
      options: { retries: 2 },
      ends: [load("status")],
      requests: 3,
    }))
    add(`a cut, ${status}, a cut`, ({ ats }) => {
      const [first = 0, second = 0] = ats(2)
      return {
        steps: [{ cut: { at: first, by: "end" } }, { status }, { cut: { at: second, by: "end" } }],
        ends: [module()],
        requests: 4,
        steady: true,
      }
    })
  }
  for (const status of [400, 401, 403, 404, 405, 410, 416, 418, 451]) {
    // A page is rejected for its type, which is checked first; a module with such a status for the status.
    for (const paged of [true, false]) {
      const rest = paged ? { status } : { status, fields: { "content-type": "application/wasm" } }
      const ends = paged ? [type("status"), type("content-type")] : [type("status")]
      const what = paged ? `${status}` : `${status}, typed as a module`
      add(what, () => ({ rest, ends, requests: 1 }))
      add(`a cut, then ${what}`, ({ at }) => ({
        // 416 has another meaning in response to a range request.
        validators: status === 416 ? "none" : "strong",
        steps: [{ cut: { at: at(), by: "end" } }],
        rest,
        ends,
        requests: 2,
      }))
    }
  }
  for (const wait of ["0", "Mon, 01 Jan 2024 00:00:00 GMT", "soon", "-5"]) {
    add(`429, Retry-After: ${wait}`, () => ({
      steps: [{ status: 429, fields: { "retry-after": wait } }],
      ends: [module()],
      requests: 2,
    }))
  }
  for (const status of [429, 503]) {
    add(`${status}, Retry-After: 1, and meant so`, () => ({
      steps: [{ status, fields: { "retry-after": "1" } }, { notBefore: 900 }],
      ends: [module()],
      requests: 2,
    }))
    add(`${status}, Retry-After: 3600, with less time`, () => ({
      steps: [{ status, fields: { "retry-after": "3600" } }],
      options: { timeout: 250 },
      ends: [load("timeout"), load("status")],
    }))
  }
}

/** Something other than a module, or a Content-Type that says so. */
export const contentTypes: Family = (add) => {
  for (
    const value of [
      null,
      "text/html",
      "application/wasm; charset=utf-8",
      "application/octet-stream",
    ]
  ) {
    const rest = { fields: { "content-type": value } }
    add(`content type ${value}`, () => ({
      rest,
      ends: [type("content-type")],
      requests: 1,
    }))
    add(`content type ${value}, sniffed`, ({ at }) => ({
      rest,
      steps: [{ ...rest, cut: { at: at(), by: "end" } }],
      options: { contentType: "sniff" },
      ends: [module()],
      requests: 2,
    }))
  }
  for (const validators of ["strong", "none"] as const) {
    add(`a page on retry ${validators}`, ({ at }) => ({
      validators,
      steps: [{ cut: { at: at(), by: "end" } }],
      rest: { status: 200 },
      ends: [type("content-type")],
      requests: 2,
    }))
    const page = { status: 200, fields: { "content-type": "application/wasm" } }
    add(`a page as a module ${validators}`, () => ({
      rest: page,
      ends: [compile("html")],
      requests: 1,
    }))
    for (const far of [false, true]) {
      add(`a page as a module on retry ${validators}${far ? ", shorter" : ""}`, ({ size }) => ({
        validators,
        steps: [{ cut: { at: far ? size - 2 : 10, by: "end" } }],
        rest: page,
        ends: [compile("html"), load("changed")],
      }))
      add(`a page as a module once ${validators}${far ? ", shorter" : ""}`, ({ size }) => ({
        validators,
        steps: [{ cut: { at: far ? size - 2 : 10, by: "end" } }, page],
        // The page may be taken for a new version of the content.
        ends: [module(), compile("html")],
      }))
    }
  }
}

/** The content changes between two attempts. */
export const changes: Family = (add) => {
  for (const validators of allValidators) {
    for (const same of [true, false]) {
      for (const ranges of ["honour", "ignore", "careless"] as const) {
        add(`changed ${ranges} ${validators}${same ? ", same size" : ""}`, (draw) => {
          const { content, other, pick, size } = draw
          return {
            validators,
            contents: [content, other(same ? size : undefined)],
            // From the header on, they differ.
            steps: [{ cut: { at: Math.max(40, draw.at()), by: pick("end", "reset") } }],
            rest: { version: 1, ranges },
            ends: [module(1)],
          }
        })
      }
    }
    add(`changed twice ${validators}`, ({ content, other }) => ({
      validators,
      contents: [content, other(), other()],
      steps: [
        { cut: { at: 100, by: "end" } },
        { version: 1, cut: { at: 120, by: "end" } },
      ],
      rest: { version: 2 },
      ends: [module(2)],
    }))
  }
  for (const validators of ["strong", "none", "weak"] as const) {
    for (const framing of ["length", "chunked"] as const) {
      add(`grown at its end ${framing} ${validators}`, ({ content, pick, size }) => ({
        validators,
        contents: [content, grown(content)],
        steps: [{ framing, cut: { at: pick(100, size - 1), by: "end" } }],
        rest: { version: 1, framing },
        ends: [module(1)],
      }))
      add(`shrunk at its end ${framing} ${validators}`, ({ content, size }) => ({
        validators,
        contents: [grown(content), content],
        steps: [{ framing, cut: { at: size + 2, by: "end" } }],
        rest: { version: 1, framing },
        ends: [module(1)],
      }))
    }
  }
  for (const validators of ["strong", "none"] as const) {
    add(`changed, with the digest of before ${validators}`, ({ content, other, size }) => ({
      validators,
      contents: [content, other(size)],
      steps: [{ cut: { at: 100, by: "end" } }],
      rest: { version: 1 },
      options: { integrity: digestOf("sha256", content.bytes) },
      ends: [load("integrity")],
    }))
    add(`changes for ever ${validators}`, ({ content, other }) => ({
      validators,
      contents: [content, other()],
      steps: Array.from({ length: 200 }, (_, index) => ({
        version: index % 2,
        cut: { at: 100, by: "end" as const },
      })),
      options: { retries: 2 },
      ends: [load("changed"), load("connection")],
    }))
  }
  for (const algorithm of ["sha256", "sha384", "sha512"] as const) {
    add(`other bytes under the same tag, ${algorithm}`, ({ content, other, size }) => ({
      validators: "strong",
      contents: [content, other(size)],
      steps: [{ cut: { at: Math.floor(size * 0.8), by: "end" } }],
      rest: { version: 1, ranges: "liar" },
      options: { integrity: digestOf(algorithm, content.bytes) },
      ends: [load("integrity")],
    }))
  }
}

/** Ranges other than the requested ones. */
export const parts: Family = (add) => {
  for (const validators of ["strong", "dated"] as const) {
    for (const ranges of ["short", "unknown-total"] as const) {
      add(`a part that is ${ranges} ${validators}`, ({ at, size }) => ({
        validators,
        steps: [{ cut: { at: Math.min(at(), size - 4), by: "end" } }, { ranges }],
        ends: [module()],
        steady: true,
      }))
    }
    for (
      const ranges of [
        "shifted",
        "mislabelled",
        "wrong-total",
        "malformed",
        "overlong",
        "unlabelled",
        "multipart",
        "unsatisfiable",
      ] as const
    ) {
      // A wrong label can be detected if there is a length.
      const framing = ranges === "mislabelled" ? "length" : "chunked"
      // If only one response is wrong, the rest can still be loaded. The whole is always available.
      for (const always of [false, true]) {
        add(`a part that is ${ranges} ${validators}${always ? ", always" : ""}`, (draw) => ({
          validators,
          steps: [
            { cut: { at: Math.max(1, Math.min(draw.at(), draw.size - 10)), by: "end" } },
            { ranges, framing },
          ],
          rest: always ? { ranges, framing } : {},
          options: { integrity: digestOf("sha256", draw.content.bytes), retries: 3 },
          ends: [module(), load("range")],
        }))
      }
    }
  }
  for (const claim of [-3, 7]) {
    add(`a part of another length than it says: ${claim}`, ({ at }) => ({
      validators: "strong",
      steps: [{ cut: { at: Math.max(1, at()), by: "end" } }, { claim }],
      // If the first bytes were lost in transit, the whole content ends early.
      ends: claim > 0 ? [module()] : [module(), compile("truncated"), load("integrity")],
    }))
  }
  add("a part of other bytes, without validators", ({ content, other, size }) => ({
    validators: "strong",
    contents: [content, other(size)],
    steps: [{ cut: { at: size >> 1, by: "end" } }],
    rest: { version: 1, ranges: "careless", fields: { etag: null } },
    options: { integrity: digestOf("sha256", content.bytes), retries: 2 },
    ends: [load("integrity"), load("range"), load("changed")],
  }))
  add("the first part, unasked, and the rest", ({ size }) => ({
    validators: "strong",
    steps: [{
      status: 206,
      whole: true,
      fields: { "content-range": `bytes 0-${size - 1}/${size}` },
      cut: { at: size >> 1, by: "end" },
    }],
    ends: [module()],
  }))
  add("parts to a coding that changes nothing", ({ ats }) => ({
    validators: "strong",
    steps: ats(3).map((at) => ({
      fields: { "content-encoding": "identity" },
      cut: { at, by: "end" as const },
    })),
    ends: [module()],
    steady: true,
  }))
  add("a part that nobody asked for", () => ({
    rest: { status: 206, whole: true },
    options: { retries: 2 },
    // Nothing shows that it is only a part.
    ends: [module(), load("range")],
  }))
  add("a part that nobody asked for, labelled", ({ size }) => ({
    rest: {
      status: 206,
      whole: true,
      fields: { "content-range": `bytes 10-${size + 9}/${size + 10}` },
    },
    options: { retries: 2 },
    ends: [load("range")],
  }))
}

/** A wrong length. */
export const lies: Family = (add) => {
  for (const claim of [1, 5, 5_000]) {
    for (const validators of ["strong", "none"] as const) {
      add(`${claim} bytes fewer than announced ${validators}`, () => ({
        validators,
        steps: [{ claim }],
        ends: [module()],
      }))
    }
  }
  for (const claim of [-1, -20]) {
    add(`${-claim} bytes more than announced`, () => ({
      rest: { claim },
      ends: [compile("truncated")],
      requests: 1,
    }))
    add(`${-claim} bytes more than announced, with a digest`, ({ content }) => ({
      rest: { claim },
      options: { integrity: digestOf("sha256", content.bytes) },
      ends: [load("integrity"), compile("truncated")],
      requests: 1,
    }))
  }
}

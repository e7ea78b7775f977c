/**
 * Scenarios of connections that break, stall, redirect or are aborted.
 */
import type { Step } from "./answer.ts"
import {
  aborted,
  allValidators,
  compile,
  digestOf,
  type Family,
  load,
  module,
  type,
} from "./scenario.ts"

/** The body or the header breaks off. */
export const cuts: Family = (add) => {
  for (const framing of ["length", "chunked"] as const) {
    for (const by of ["reset", "end"] as const) {
      for (const validators of allValidators) {
        for (const most of [1, 4]) {
          add(`cuts ${framing} ${by} ${validators}`, ({ ats, next }) => {
            const steps = ats(1 + next(most)).map((at) => ({ framing, cut: { at, by } }))
            return {
              validators,
              steps,
              ends: [module()],
              requests: steps.length + 1,
              steady: true,
            }
          })
        }
      }
    }
  }
  for (const by of ["reset", "end"] as const) {
    for (const validators of ["strong", "none", "dated"] as const) {
      for (const count of [1, 2, 3]) {
        add(`no ranges ${by} ${validators} ${count}`, ({ ats }) => {
          const steps = ats(count).map((at) => ({ ranges: "ignore" as const, cut: { at, by } }))
          const rest = { ranges: "ignore" as const }
          return { validators, steps, rest, ends: [module()], requests: count + 1 }
        })
      }
      add(`resume: false ${by} ${validators}`, ({ ats }) => {
        const steps = ats(2).map((at) => ({ cut: { at, by } }))
        const options = { resume: false }
        return { validators, steps, options, ends: [module()], requests: 3 }
      })
    }
  }
  for (const by of ["reset", "end"] as const) {
    for (const at of [0, 1, 12, 17, 40]) {
      for (const count of [1, 3]) {
        add(`cut in the head after ${at} ${by} ${count}`, () => ({
          steps: Array.from({ length: count }, () => ({ cut: { at, by, head: true } })),
          ends: [module()],
          requests: count + 1,
        }))
      }
    }
    add(`all bytes but not the last chunk ${by}`, ({ size }) => ({
      steps: [{ framing: "chunked", cut: { at: size, by } }],
      ends: [module()],
      requests: 2,
    }))
    for (const validators of ["strong", "none"] as const) {
      add(`a little more each time ${by} ${validators}`, ({ size }) => ({
        validators,
        steps: Array.from(
          { length: 20 },
          (_, index) => ({ cut: { at: Math.floor(size * (index + 1) / 22), by } }),
        ),
        options: { retries: 20 },
        ends: [module()],
        requests: 21,
        steady: true,
      }))
    }
  }
  for (const head of [true, false]) {
    for (const by of ["reset", "end"] as const) {
      add(`cut for ever ${by}${head ? " in the head" : ""}`, ({ pick }) => ({
        rest: { cut: { at: head ? pick(0, 5, 20) : pick(0, 20, 100), by, head } },
        options: { retries: 2 },
        ends: [load("connection")],
        ...(head ? { requests: 3 } : {}),
      }))
    }
  }
}

/** Nothing arrives, or hardly anything. */
export const silences: Family = (add) => {
  const idleTimeout = 800
  for (const validators of ["strong", "dated", "none"] as const) {
    for (const place of ["head", "body", "start"] as const) {
      const stall = (at: number): Step => ({
        cut: { at: place === "start" ? 0 : at, by: "stall", head: place !== "body" },
      })
      add(`a stall in the ${place} ${validators}`, ({ at, next }) => ({
        validators,
        steps: [stall(place === "head" ? 1 + next(60) : at())],
        options: { idleTimeout },
        ends: [module()],
        steady: true,
      }))
    }
    add(`stalls for ever ${validators}`, ({ pick }) => ({
      validators,
      rest: { cut: { at: pick(0, 30, 100), by: "stall", head: pick(true, false) } },
      options: { idleTimeout, retries: 1 },
      ends: [load("idle-timeout")],
    }))
  }
  for (const framing of ["length", "chunked"] as const) {
    add(`a trickle ${framing}`, ({ size }) => ({
      rest: { framing, pace: [Math.ceil(size / 12), 100] },
      options: { idleTimeout: 1_000 },
      ends: [module()],
    }))
    add(`a trickle with less time ${framing}`, ({ size }) => ({
      rest: { framing, pace: [Math.ceil(size / 100), 50] },
      options: { timeout: 250 },
      ends: [load("timeout")],
    }))
  }
  for (const head of [true, false]) {
    add(`a stall with less time${head ? " in the head" : ""}`, () => ({
      rest: { cut: { at: 60, by: "stall", head } },
      options: { timeout: 250 },
      ends: [load("timeout")],
    }))
  }
  add("503 for ever, with less time", () => ({
    rest: { status: 503 },
    options: { timeout: 250, retries: 1_000_000, spacing: 20 },
    ends: [load("timeout")],
  }))
  add("a late head", () => ({
    rest: { delay: 100 },
    options: { idleTimeout: 2_000 },
    ends: [module()],
  }))
}

/** The body of a rejected response never ends: it has to be cancelled at once. */
export const unended: Family = (add) => {
  const cut = { at: 30, by: "stall" } as const
  add("503 with a page that does not end", () => ({
    steps: [{ status: 503, cut }, { status: 500, cut }],
    ends: [module()],
    requests: 3,
  }))
  add("404 with a page that does not end", () => ({
    rest: { status: 404, fields: { "content-type": "application/wasm" }, cut },
    ends: [type("status")],
    requests: 1,
  }))
  add("a page that does not end", () => ({
    rest: { status: 200, cut },
    ends: [type("content-type")],
    requests: 1,
  }))
  add("a page as a module that does not end", () => ({
    rest: { status: 200, fields: { "content-type": "application/wasm" }, cut },
    ends: [compile("html")],
    requests: 1,
  }))
  add("a wrong start of a module that does not end", () => ({
    rest: { spoilt: [1, 1], cut },
    ends: [compile("structure"), compile("unknown")],
    requests: 1,
  }))
  for (const framing of ["length", "chunked"] as const) {
    add(`too large, and does not end ${framing}`, ({ size }) => ({
      rest: { framing, cut: { at: size - 1, by: "stall" } },
      options: { maxBytes: size - 20 },
      ends: [load("too-large")],
      requests: 1,
    }))
  }
  add("a part that does not end, of other content", ({ content, other }) => ({
    validators: "strong",
    contents: [content, other()],
    steps: [{ cut: { at: 50, by: "end" } }, {
      version: 1,
      ranges: "careless",
      cut: { at: 100, by: "stall" },
    }],
    rest: { version: 1 },
    options: { idleTimeout: 800 },
    ends: [module(1)],
  }))
  add("other content that does not end", ({ content, other }) => ({
    validators: "none",
    contents: [content, other()],
    steps: [{ cut: { at: 60, by: "end" } }, { version: 1, cut: { at: 100, by: "stall" } }],
    rest: { version: 1 },
    options: { idleTimeout: 800 },
    ends: [module(1)],
  }))
  add("a wrong part that does not end", ({ content, size }) => ({
    validators: "strong",
    steps: [
      { cut: { at: 50, by: "end" } },
      { ranges: "shifted", cut: { at: size - 1, by: "stall" } },
    ],
    options: { idleTimeout: 800, integrity: digestOf("sha256", content.bytes) },
    ends: [module(), load("range")],
  }))
}

/** Redirects to the module. */
export const redirects: Family = (add) => {
  const to = (status: number, location: string): Step => ({ status, fields: { location } })
  for (const status of [301, 302, 303, 307, 308]) {
    add(`${status}`, () => ({
      steps: [to(status, "there.wasm")],
      ends: [module()],
      requests: 2,
    }))
    add(`${status}, a cut, and the rest`, ({ at }) => ({
      steps: [to(status, "there.wasm"), { cut: { at: at(), by: "end" } }, {
        ...to(status, "elsewhere.wasm"),
      }],
      ends: [module()],
    }))
  }
  add("five redirects", () => ({
    steps: Array.from({ length: 5 }, (_, index) => to(302, `${index}.wasm`)),
    ends: [module()],
    requests: 6,
  }))
  add("redirects in a circle", () => ({
    rest: to(302, "module.wasm"),
    options: { retries: 1 },
    ends: [load("connection")],
  }))
  add("a redirect to nowhere", () => ({
    rest: to(302, "http://127.0.0.1:2/module.wasm"),
    options: { retries: 1 },
    ends: [load("connection")],
  }))
  add("a redirect without a place", () => ({
    rest: { status: 302, fields: { "content-type": "application/wasm" } },
    ends: [type("status")],
    requests: 1,
  }))
  add("a redirect to 404", () => ({
    steps: [to(302, "there.wasm")],
    rest: { status: 404, fields: { "content-type": "application/wasm" } },
    ends: [type("status")],
    requests: 2,
  }))
  add("a redirect to 503", () => ({
    steps: [to(302, "there.wasm"), { status: 503 }],
    ends: [module()],
    requests: 3,
  }))
}

/** The signal fires. */
export const aborts: Family = (add) => {
  for (const abortAt of [0, 1, 2, 3]) {
    add(`aborted at request ${abortAt}, in a stall`, ({ at }) => ({
      validators: "strong",
      steps: Array.from(
        { length: abortAt - 1 },
        () => ({ cut: { at: at(), by: "end" as const } }),
      ),
      rest: { cut: { at: 150, by: "stall" } },
      abortAt,
      ends: [aborted],
      requests: abortAt,
    }))
    add(`aborted at request ${abortAt}, in a trickle`, ({ size }) => ({
      steps: Array.from({ length: abortAt - 1 }, () => ({ status: 503 })),
      rest: { pace: [Math.ceil(size / 100), 50] },
      abortAt,
      ends: [aborted],
      requests: abortAt,
    }))
  }
  add("aborted while it waits for the next attempt", () => ({
    rest: { status: 503 },
    options: { spacing: 60_000 },
    abortAt: 1,
    ends: [aborted],
    requests: 1,
  }))
  add("aborted while it waits as asked", () => ({
    rest: { status: 429, fields: { "retry-after": "30" } },
    abortAt: 1,
    ends: [aborted],
    requests: 1,
  }))
  add("aborted in the head", () => ({
    rest: { cut: { at: 0, by: "stall", head: true } },
    abortAt: 1,
    ends: [aborted],
    requests: 1,
  }))
}

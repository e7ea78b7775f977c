/**
 * Prints the pipeline's stages as they end, from the spans that they make.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { isAttemptFailed } from "../http/download/attempt_end.ts"
import type { OnProgress } from "../options.ts"
import { now } from "../platform/natives.ts"
import { oneLine } from "./describe_report.ts"

type Line = readonly [label: string, text: string]

/** What a stage is called, and what there is to say of it. */
type Describe = (fact: (name: string) => unknown) => Line

const size = (bytes: number): string =>
  bytes < 100_000 ? `${bytes.toLocaleString("en")} bytes` : `${(bytes / 1e6).toFixed(1)} MB`

/** What an attempt is called: the first one, one that goes on, or one that begins anew. */
const describeAttempt: Describe = (fact) => {
  const offset = Number(fact("offset"))
  const status = fact("status")
  if (offset === 0) return ["fetched", String(status)]
  const how = status === 206 ? "" : ", by fetching the beginning again"
  return ["resumed", `at ${size(offset)}${how}`]
}

const stages: Readonly<Record<string, Describe>> = {
  "Wasm.resolveSource": () => ["fetched", ""],
  // A response made by hand, of a file, has a status too: it says nothing.
  "Wasm.checkResponse": (fact) => [
    "checked",
    fact("url") === undefined ? "" : `${fact("status")}, ${fact("contentType")}`,
  ],
  "Wasm.fetchAttempt": describeAttempt,
  "Wasm.readBody": (fact) => [
    "read",
    fact("url") === undefined ? "" : `${Number(fact("bytes")).toLocaleString("en")} bytes`,
  ],
  "Wasm.compile": () => ["compiled", ""],
  "Wasm.instantiate": () => ["instantiated", ""],
}

/** One aligned line: what was done, how long it took, and what there is to say of it. */
export const line = (label: string, milliseconds: number | undefined, text: string): string => {
  const time = milliseconds === undefined ? "" : `${milliseconds.toFixed(1)} ms`
  return `${label.padEnd(13)}${time.padStart(10)}  ${text}`.trimEnd()
}

/** Attempts may fail without an end to everything. What ends it is told there. */
const describeFailure = (cause: Cause.Cause<unknown>): Line | undefined => {
  const failure = cause.reasons.find(Cause.isFailReason)?.error
  return isAttemptFailed(failure) ? ["failed", failure.error.message] : undefined
}

/** Not more often than a person wants to read, in milliseconds. */
const pause = 300

/** Prints how far a module has come: each tenth, unless it comes too fast to be read. */
export const printingProgress = (): OnProgress => {
  let tenths = 0
  let told = now()
  return ({ fraction, received, total }) => {
    const time = now()
    const reached = Math.floor(fraction * 10)
    if (reached <= tenths || fraction === 1 || time - told < pause) return
    tenths = reached
    told = time
    const of = total === undefined ? "" : ` of ${size(total)}`
    console.log(
      line("coming", undefined, `${Math.floor(fraction * 100)} %, ${size(received)}${of}`),
    )
  }
}

/**
 * Runs a program and prints each stage of the pipeline when it has succeeded.
 *
 * @param self the program
 */
export const printingStages = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.tracer, (base) => {
    const tracer = Tracer.make({
      span: (options) => {
        const span = base.span(options)
        const describe = stages[span.name]
        if (describe === undefined) return span
        const end = span.end.bind(span)
        span.end = (endTime, exit) => {
          end(endTime, exit)
          if (span.status._tag !== "Ended") return
          const described = exit._tag === "Success"
            ? describe((name) => span.attributes.get(name))
            : describeFailure(exit.cause)
          if (described === undefined) return
          const [label, text] = described
          console.log(line(label, Number(endTime - span.status.startTime) / 1e6, oneLine(text)))
        }
        return span
      },
      context: base.context,
    })
    return Effect.withTracer(self, tracer)
  })

/**
 * Prints the pipeline's stages as they end, from the spans that they make.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

/** What a stage is called, and what of its attributes is told. */
const stages: Readonly<Record<string, readonly [label: string, facts: ReadonlyArray<string>]>> = {
  "Wasm.resolveSource": ["fetched", []],
  "Wasm.checkResponse": ["checked", ["status", "contentType"]],
  "Wasm.readBody": ["read", ["bytes"]],
  "Wasm.compile": ["compiled", []],
  "Wasm.instantiate": ["instantiated", []],
}

/** One aligned line: what was done, how long it took, and what there is to say of it. */
export const line = (label: string, milliseconds: number | undefined, text: string): string => {
  const time = milliseconds === undefined ? "" : `${milliseconds.toFixed(1)} ms`
  return `${label.padEnd(13)}${time.padStart(10)}  ${text}`.trimEnd()
}

const factOf = (name: string, value: unknown): string =>
  name === "bytes" ? `${Number(value).toLocaleString("en")} bytes` : String(value)

/**
 * Runs a program and prints each stage of the pipeline when it has succeeded.
 *
 * @param self the program
 */
export const printingStages = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.tracer, (base) => {
    const tracer = Tracer.make({
      span: (...args) => {
        const span = base.span(...args)
        const stage = stages[span.name]
        if (stage === undefined) return span
        const end = span.end.bind(span)
        span.end = (endTime, exit) => {
          end(endTime, exit)
          if (exit._tag === "Failure" || span.status._tag !== "Ended") return
          const milliseconds = Number(endTime - span.status.startTime) / 1e6
          // A response made by hand, of a file, has a status too: it says nothing.
          const known = stage[1].filter((name) =>
            name === "bytes" || span.attributes.get("url") !== undefined
          )
          const facts = known.map((name) => factOf(name, span.attributes.get(name)))
          console.log(line(stage[0], milliseconds, facts.join(", ")))
        }
        return span
      },
      context: (f, fiber) => base.context(f, fiber),
    })
    return Effect.withTracer(self, tracer)
  })

/**
 * The stages of a load as a timeline, from their spans.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { isAttemptFailed } from "../http/download/attempt_end.ts"
import * as Cause from "effect/Cause"
import { timeText } from "./terminal/numbers.ts"
import { inColumns, oneLine } from "./terminal/text.ts"

/** A stage that has ended. */
export interface Stage {
  readonly name: string
  /** Start and end in milliseconds, by the same clock. */
  readonly start: number
  readonly end: number
  readonly attributes: ReadonlyMap<string, unknown>
  /** Why it failed, if it did. */
  readonly failure: string | undefined
}

const milliseconds = (time: bigint): number => Number(time) / 1e6

const failureText = (cause: Cause.Cause<unknown>): string => {
  const failure = cause.reasons.find(Cause.isFailReason)?.error
  const error: unknown = isAttemptFailed(failure) ? failure.error : failure
  return error instanceof Error ? error.message : "interrupted"
}

/**
 * Runs a program and reports each stage of the pipeline that ends.
 *
 * @param tell is called with the stage
 */
export const withStages =
  (tell: (stage: Stage) => void) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.tracer, (base) => {
      const tracer = Tracer.make({
        span: (options) => {
          const span = base.span(options)
          if (!span.name.startsWith("Wasm.")) return span
          const end = span.end.bind(span)
          span.end = (endTime, exit) => {
            end(endTime, exit)
            if (span.status._tag !== "Ended") return
            tell({
              name: span.name,
              start: milliseconds(span.status.startTime),
              end: milliseconds(endTime),
              attributes: span.attributes,
              failure: exit._tag === "Failure" ? failureText(exit.cause) : undefined,
            })
          }
          return span
        },
        context: base.context,
      })
      return Effect.withTracer(self, tracer)
    })

/** The most stages shown: a server that sends a byte per attempt causes a stage for each. */
const mostShown = 60

/** The attributes of a stage, without the URL, which was shown before, and its failure. */
const factsText = ({ attributes, failure }: Stage): string => {
  const facts = [...attributes]
    .filter(([name, value]) => name !== "url" && value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
  if (failure !== undefined) facts.push(`failed: ${failure}`)
  return oneLine(facts.join(", "))
}

/**
 * The stages, in the order in which they began, with bars that show when they ran.
 *
 * @param stages the stages
 * @param width how wide a line may be, in columns
 */
export const timelineLines = (
  stages: ReadonlyArray<Stage>,
  width: number,
): ReadonlyArray<string> => {
  const shown = [...stages].sort((a, b) => a.start - b.start || b.end - a.end).slice(0, mostShown)
  const [first] = shown
  if (first === undefined) return []
  const end = Math.max(...shown.map((stage) => stage.end))
  const whole = Math.max(end - first.start, 0.001)
  const room = Math.max(8, Math.min(32, width - 60))
  const rows = shown.map((stage) => {
    const from = Math.min(room - 1, Math.floor((stage.start - first.start) / whole * room))
    const to = Math.max(from + 1, Math.ceil((stage.end - first.start) / whole * room))
    return [
      `+${timeText(stage.start - first.start)}`,
      stage.name,
      `${" ".repeat(from)}${"━".repeat(to - from)}${" ".repeat(room - to)}`,
      timeText(stage.end - stage.start),
      factsText(stage),
    ]
  })
  const left = stages.length - shown.length
  return [
    ...inColumns(rows, ["right", "left", "left", "right"]),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ]
}

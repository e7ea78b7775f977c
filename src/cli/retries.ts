/**
 * A retry schedule that reports retries as they happen.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { LoadError } from "../http/load_error.ts"
import { whyFailed } from "../http/transport/failure.ts"
import { inCommandWords } from "./option_names.ts"
import { plural, waitText } from "./terminal/numbers.ts"
import { oneLine } from "./terminal/text.ts"

/** When to retry. */
export interface RetryPlan {
  /** The number of retries in a row without progress. */
  readonly times: number
  /** The wait before the first one; each further one is twice as long, with jitter. */
  readonly delay: Duration.Duration
  /** The longest wait. */
  readonly maxDelay: Duration.Duration
}

/** A retry, before the wait for it. */
export interface Retry {
  /** The number of the next attempt, from 2 on. */
  readonly attempt: number
  /** How many attempts there will be at most, if none makes progress. */
  readonly attempts: number
  /** The wait before it, in milliseconds. */
  readonly wait: number
  /** Why the last attempt failed. */
  readonly error: LoadError
}

/** The longest wait that a server may ask for, in seconds. */
const longestAsked = 60

/**
 * The library's own schedule, with a report of each retry.
 *
 * @param plan when to retry
 * @param tell is called before the wait
 */
export const tellingSchedule = (
  { delay, maxDelay, times }: RetryPlan,
  tell: (retry: Retry) => void,
): Schedule.Schedule<unknown, LoadError> =>
  Schedule.min([Schedule.exponential(delay), Schedule.spaced(maxDelay)]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times }),
    Schedule.setInputType<LoadError>(),
    Schedule.tap(({ attempt, duration, input }) =>
      Effect.sync(() => {
        const asked = Math.min(input.retryAfter ?? 0, longestAsked) * 1_000
        tell({
          attempt: input.attempts + 1,
          attempts: input.attempts + 1 + times - attempt,
          wait: Math.max(Duration.toMillis(duration), asked),
          error: input,
        })
      })
    ),
  )

/** Why an attempt failed, in a few words. */
const reasonText = (error: LoadError): string => {
  if (error.reason === "status") return `the server answered ${error.status}`
  if (error.reason === "idle-timeout") return "nothing was received"
  if (error.reason === "connection") {
    if (error.received > 0) return `the connection was lost after ${plural(error.received, "byte")}`
    if (error.cause !== undefined) return whyFailed(error.cause)
  }
  return inCommandWords(error.message, error.url)
}

/**
 * A retry in one line: `attempt 2 of 6 in 0.4 s: connection refused`.
 *
 * @param retry the retry
 */
export const retryText = ({ attempt, attempts, error, wait }: Retry): string =>
  `attempt ${attempt} of ${attempts} in ${waitText(wait)}: ${oneLine(reasonText(error))}`

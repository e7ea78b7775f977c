/**
 * When a load is retried: by a schedule, which starts over after an attempt that made progress.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { LoadError } from "../load_error.ts"

/** How often the schedule may start over: a server that sends one byte at a time would keep a load going indefinitely. */
const mostRestarts = 50

/** The longest wait that a server may ask for, in seconds. */
const longestWait = 60

/** A load's retries. */
export interface Retry {
  /**
   * Waits until the next attempt is due; fails with the last one's error if there is none.
   *
   * @param error why the last attempt failed
   * @param progressed whether it received new bytes
   */
  readonly wait: (error: LoadError, progressed: boolean) => Effect.Effect<void, LoadError>
}

/**
 * Starts the retries of a load.
 *
 * @param schedule when to retry, and how often
 */
export const startRetry = (
  schedule: Schedule.Schedule<unknown, LoadError>,
): Effect.Effect<Retry> =>
  Effect.map(Schedule.toStepWithSleep(schedule), (first) => {
    let step = first
    let restarts = 0
    const restart = Effect.map(Schedule.toStepWithSleep(schedule), (begun) => (step = begun))
    return {
      wait: (error, progressed) => {
        const due = progressed && restarts++ < mostRestarts
          ? Effect.flatMap(restart, (begun) => begun(error))
          : Effect.suspend(() => step(error))
        const asked = Math.min(error.retryAfter ?? 0, longestWait)
        const wait = asked === 0
          ? due
          : Effect.zip(Effect.sleep(Duration.seconds(asked)), due, { concurrent: true })
        // A schedule that has ended fails with an error of its own.
        return Effect.mapError(Effect.asVoid(wait), () => error)
      },
    }
  })

/**
 * How many attempts a load has, and when: the schedule's word, which begins anew where an attempt brought new bytes.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { LoadError } from "./load_error.ts"

/** How often the schedule begins anew: a server that gives a byte at a time would be asked forever. */
const mostRenewals = 50

/** What a server may ask to wait at most, in seconds. */
const longestWait = 60

/** A load's further attempts. */
export interface Budget {
  /**
   * Waits until the next attempt is due; fails with the last one's error where there is none.
   *
   * @param error why the last attempt failed
   * @param progressed whether it brought new bytes
   */
  readonly next: (error: LoadError, progressed: boolean) => Effect.Effect<void, LoadError>
}

/**
 * Begins a budget.
 *
 * @param schedule which further attempts are made, and when
 */
export const startBudget = (
  schedule: Schedule.Schedule<unknown, LoadError>,
): Effect.Effect<Budget> =>
  Effect.map(Schedule.toStepWithSleep(schedule), (first) => {
    let step = first
    let renewals = 0
    const begunAnew = Effect.map(Schedule.toStepWithSleep(schedule), (begun) => (step = begun))
    return {
      next: (error, progressed) => {
        const renewed = progressed && renewals++ < mostRenewals
        const due = renewed
          ? Effect.flatMap(begunAnew, (begun) => begun(error))
          : Effect.suspend(() => step(error))
        const asked = Math.min(error.retryAfter ?? 0, longestWait)
        const wait = asked === 0
          ? due
          : Effect.zip(Effect.sleep(Duration.seconds(asked)), due, { concurrent: true })
        // A schedule that is done says so by an error of its own.
        return Effect.mapError(Effect.asVoid(wait), () => error)
      },
    }
  })

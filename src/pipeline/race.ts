/**
 * `Effect.raceFirst` in fewer bytes of the bundle, as it is part of every load.
 *
 * @module
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/**
 * Interrupts fibers, and waits for them to end.
 *
 * @param fibers the fibers; the array is emptied
 */
export const interruptAll = (fibers: Array<Fiber.Fiber<unknown, unknown>>): Effect.Effect<void> =>
  Effect.callback((resume) => {
    for (const fiber of fibers) fiber.interruptUnsafe()
    const awaitNext = (): void => {
      const fiber = fibers.pop()
      if (fiber === undefined) resume(Effect.void)
      else fiber.addObserver(awaitNext)
    }
    awaitNext()
  })

/**
 * Runs two Effects concurrently until one of them ends, successfully or not, and interrupts the other.
 *
 * @param self the one started first; if it ends synchronously, the other is not started
 * @param that the other
 */
export const raceFirst = <A, E, R, A2, E2, R2>(
  self: Effect.Effect<A, E, R>,
  that: Effect.Effect<A2, E2, R2>,
): Effect.Effect<A | A2, E | E2, R | R2> =>
  Effect.contextWith((context: Context.Context<R | R2>) => {
    const fibers: Array<Fiber.Fiber<A | A2, E | E2>> = []
    const first = Effect.callback<A | A2, E | E2>((resume) => {
      for (const effect of [self, that]) {
        const fiber = Effect.runForkWith(context)<A | A2, E | E2>(effect)
        fibers.push(fiber)
        fiber.addObserver(resume)
        if (fiber.pollUnsafe() !== undefined) return
      }
    })
    // Also if this fiber is interrupted from outside.
    return Effect.onExit(first, () => interruptAll(fibers))
  })

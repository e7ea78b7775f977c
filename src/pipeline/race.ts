/**
 * The first of two Effects: what `Effect.raceFirst` does, in fewer bytes of a bundle, where every load would pay for it.
 *
 * @module
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/**
 * Interrupts fibers, and waits for their ends.
 *
 * @param fibers the fibers; none is left in it
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
 * Runs two Effects at once, up to the end of the first that ends, however it does; the other one is interrupted then.
 *
 * @param self the one that is begun first: where it ends at once, the other is not begun
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
    // Also where this fiber is interrupted from outside.
    return Effect.onExit(first, () => interruptAll(fibers))
  })

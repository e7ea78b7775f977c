/**
 * The stages' spans. Where tracing is off, as for the Promise functions, a stage is left as it is: no span, no clock, no
 * stack trace.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { TracerEnabled } from "effect/References"

type Attributes = Readonly<Record<string, unknown>>

const whereTraced = <A, E, R>(
  traced: () => Effect.Effect<A, E, R>,
  otherwise: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) => fiber.getRef(TracerEnabled) ? traced() : otherwise)

/**
 * Makes a stage a span. Where in this library it stands tells nobody anything, so no stack trace is taken.
 *
 * @param name what the stage does
 * @param attributes what is known of it
 */
export const span =
  (name: string, attributes: Attributes = {}) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    whereTraced<A, E, R>(
      () => Effect.useSpan(name, { attributes }, (own) => Effect.withParentSpan(self, own)),
      self,
    )

/**
 * Adds what has become known to the stage's span.
 *
 * @param attributes asked for only where there is a span
 */
export const annotate = (attributes: () => Attributes): Effect.Effect<void> =>
  whereTraced(() => Effect.annotateCurrentSpan(attributes()), Effect.void)

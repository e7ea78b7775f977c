/**
 * Effect's spans for the stages, which only the Effect API provides. If tracing is off, a stage is left unchanged.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { TracerEnabled } from "effect/References"
import { Spans, type SpansService } from "./span.ts"

const whereTraced = <A, E, R>(
  traced: () => Effect.Effect<A, E, R>,
  otherwise: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.withFiber<A, E, R>((fiber) => fiber.getRef(TracerEnabled) ? traced() : otherwise)

const effectSpans: SpansService = {
  // A stack trace would only show a place in this library, so none is captured.
  span: <A, E, R>(self: Effect.Effect<A, E, R>, name: string, attributes: object) =>
    whereTraced<A, E, R>(
      () =>
        Effect.withSpan(self, name, { attributes: { ...attributes }, captureStackTrace: false }),
      self,
    ),
  annotate: (attributes) =>
    whereTraced(() => Effect.annotateCurrentSpan(attributes()), Effect.void),
}

/**
 * Makes the stages of a pipeline spans.
 *
 * @param self the pipeline
 */
export const traced = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(self, Spans, effectSpans)

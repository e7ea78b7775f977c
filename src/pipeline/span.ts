/**
 * The stages' spans. Stages use the service `Spans`, which does nothing by default; the Effect API provides Effect's spans
 * (`tracing.ts`). So the Promise functions, whose spans nobody could observe, neither make any nor bundle a tracer.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** The attributes of a span. */
export type Attributes = Readonly<Record<string, unknown>>

/** Makes spans of stages. */
export interface SpansService {
  /** Makes a stage a span. */
  readonly span: <A, E, R>(
    self: Effect.Effect<A, E, R>,
    name: string,
    attributes: Attributes,
  ) => Effect.Effect<A, E, R>
  /** Adds attributes to the current stage's span. */
  readonly annotate: (attributes: () => Attributes) => Effect.Effect<void>
}

/** The service that makes spans; by default, it makes none. */
export const Spans: Context.Reference<SpansService> = Context.Reference<SpansService>(
  "@effect-wasm/compile-streaming/Spans",
  { defaultValue: () => ({ span: (self) => self, annotate: () => Effect.void }) },
)

/**
 * Makes a stage a span.
 *
 * @param name the name of the span
 * @param attributes its attributes
 */
export const span =
  (name: string, attributes: Attributes = {}) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber<A, E, R>((fiber) => fiber.getRef(Spans).span(self, name, attributes))

/**
 * Adds attributes to the current stage's span.
 *
 * @param attributes called only if there is a span
 */
export const annotate = (attributes: () => Attributes): Effect.Effect<void> =>
  Effect.withFiber((fiber) => fiber.getRef(Spans).annotate(attributes))

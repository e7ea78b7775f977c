/**
 * The stages' names and facts, for those who listen. The stages call what the service `Spans` holds; by default that does
 * nothing. The Effect API puts Effect's spans there (`tracing.ts`), so that the Promise functions, to whose spans nobody
 * could listen, neither make any nor draw a tracer in.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** What is known of a stage. */
export type Attributes = Readonly<Record<string, unknown>>

/** Makes spans of stages. */
export interface SpansService {
  /** Makes a stage a span. */
  readonly span: <A, E, R>(
    self: Effect.Effect<A, E, R>,
    name: string,
    attributes: Attributes,
  ) => Effect.Effect<A, E, R>
  /** Adds what has become known to the span of the stage that is run. */
  readonly annotate: (attributes: () => Attributes) => Effect.Effect<void>
}

/** The service that makes spans; none by default. */
export const Spans: Context.Reference<SpansService> = Context.Reference<SpansService>(
  "@effect-wasm/compile-streaming/Spans",
  { defaultValue: () => ({ span: (self) => self, annotate: () => Effect.void }) },
)

/**
 * Makes a stage a span.
 *
 * @param name what the stage does
 * @param attributes what is known of it
 */
export const span =
  (name: string, attributes: Attributes = {}) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber<A, E, R>((fiber) => fiber.getRef(Spans).span(self, name, attributes))

/**
 * Adds what has become known to the stage's span.
 *
 * @param attributes asked for only where there is a span
 */
export const annotate = (attributes: () => Attributes): Effect.Effect<void> =>
  Effect.withFiber((fiber) => fiber.getRef(Spans).annotate(attributes))

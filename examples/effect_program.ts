/**
 * A WebAssembly module as a service of an Effect program: a Layer loads it over an `HttpClient`, each stage has a span, and
 * metrics count what was received.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import type * as HttpClient from "effect/http/HttpClient"
import * as Http from "../src/http/effect.ts"

/** What the program needs of the module. */
export interface AnswerService {
  /** Calls the module. */
  readonly ask: Effect.Effect<number>
}

/** The service. */
export const Answer: Context.Service<AnswerService, AnswerService> = Context.Service<
  AnswerService
>("example/Answer")

/** Instantiated once, however often the service is used. */
const make = (url: string) =>
  Effect.gen(function* () {
    let last = 0
    const imports = { imports: { imported_func: (value: number) => void (last = value) } }
    const { instance } = yield* Http.instantiateModule(url, imports, { retries: 2 })
    const { exported_func } = instance.exports
    if (typeof exported_func !== "function") return yield* Effect.die("There is no exported_func")
    const ask = Effect.sync(() => {
      exported_func()
      return last
    }).pipe(Effect.withSpan("Answer.ask"))
    return { ask }
  })

/**
 * The service's layer; fails with a message.
 *
 * @param url where the module is
 */
export const layer = (
  url: string,
): Layer.Layer<AnswerService, string, HttpClient.HttpClient> =>
  Layer.effect(Answer)(Effect.mapError(make(url), (error) => `${error._tag}: ${error.message}`))

/** What the program does: the answer, and how many bytes the module had. */
export const program: Effect.Effect<
  { readonly answer: number; readonly bytes: number },
  never,
  AnswerService
> = Effect.gen(function* () {
  const { ask } = yield* Answer
  const answer = yield* ask
  const { count } = yield* Metric.value(Http.metrics.bytes)
  return { answer, bytes: count }
})

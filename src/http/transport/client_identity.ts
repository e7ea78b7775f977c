/**
 * Identifies the client that sends a request. A client may add to a request while it sends it (a token, another host), which
 * cannot be seen beforehand, so modules are cached per client: a private cache belongs to one user.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111.html#section-4.1
 * @module
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { platformFetch } from "./fetch.ts"

let plain: HttpClient.HttpClient | undefined

/** The client over fetch that adds nothing to a request; always the same object. */
export const plainClient: Effect.Effect<HttpClient.HttpClient> = Effect.suspend(() =>
  plain === undefined
    ? Effect.map(
      Effect.provide(HttpClient.HttpClient, Layer.fresh(FetchHttpClient.layer)),
      (client) => (plain ??= client),
    )
    : Effect.succeed(plain)
)

const numbers = new WeakMap<object, number>()
let count = 0

/** A number that identifies an object, without keeping it alive. */
const numberOf = (value: object): number => {
  const known = numbers.get(value)
  if (known !== undefined) return known
  numbers.set(value, ++count)
  return count
}

/**
 * Identifies a client within this process; empty for one that is known to add nothing to a request.
 *
 * @param client the client
 */
export const identityOf = (client: HttpClient.HttpClient): Effect.Effect<string> =>
  Effect.map(
    Effect.all([FetchHttpClient.Fetch, Effect.serviceOption(FetchHttpClient.RequestInit)]),
    ([fetch, init]) => {
      const parts = [
        client.postprocess === plain?.postprocess ? "" : numberOf(client.postprocess),
        fetch === platformFetch() ? "" : numberOf(fetch),
        Option.match(init, { onNone: () => "", onSome: numberOf }),
      ]
      return parts.every((part) => part === "") ? "" : parts.join()
    },
  )

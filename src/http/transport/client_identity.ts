/**
 * Which client sends a request. What a client adds while it sends (a token, another host) is not seen in the request that it
 * is given, so modules of one client are not another's: a private cache belongs to one user.
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

/** The client over fetch that adds nothing to a request: always the same one. */
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

/** The number of an object, the same for as long as it lives. */
const numberOf = (value: object): number => {
  const known = numbers.get(value)
  if (known !== undefined) return known
  numbers.set(value, ++count)
  return count
}

/**
 * Names a client within this process: empty for one that is known to add nothing to a request.
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

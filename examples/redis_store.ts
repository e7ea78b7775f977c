/**
 * A cache that several servers share through Redis: a store of the modules' bytes.
 *
 * @module
 */
import { createClient, RESP_TYPES } from "@redis/client"
import * as Effect from "effect/Effect"
import type { ByteStore } from "../src/http/mod.ts"

/** A store, and a function that closes its connection. */
export interface RedisStore {
  readonly store: ByteStore
  readonly close: () => Promise<void>
}

/**
 * Connects to Redis. While it cannot be reached, commands fail at once, and loads go on without the store.
 *
 * @param url its URL, such as `redis://127.0.0.1:6379`
 * @param seconds how long an entry is kept
 */
export const connectRedis = async (url: string, seconds = 604_800): Promise<RedisStore> => {
  const client = createClient({ url, disableOfflineQueue: true })
  // Without a listener for "error", a lost connection would end the process.
  client.on("error", () => {})
  await client.connect()
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, unknown> =>
    Effect.tryPromise({ try: run, catch: (cause) => cause })
  return {
    store: {
      getUint8Array: (key) =>
        attempt(async () => {
          const value: unknown = await binary.get(key)
          return value instanceof Uint8Array ? value : undefined
        }),
      set: (key, value) =>
        attempt(() =>
          client.set(key, Buffer.from(value), { expiration: { type: "EX", value: seconds } })
        ),
      remove: (key) => attempt(() => client.del(key)),
    },
    close: () => Promise.resolve(client.destroy()),
  }
}

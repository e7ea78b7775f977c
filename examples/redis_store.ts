/**
 * A fleet of servers that share compiled modules' bytes through Redis: a store for the cache, over any client.
 *
 * @module
 */
import { createClient, RESP_TYPES } from "@redis/client"
import * as Effect from "effect/Effect"
import type { ByteStore } from "../src/http/mod.ts"

/** A store, and how to let go of it. */
export interface RedisStore {
  readonly store: ByteStore
  readonly close: () => Promise<void>
}

/**
 * Connects to Redis. While it is away, commands fail at once, and loads go on without it.
 *
 * @param url where it is, such as `redis://127.0.0.1:6379`
 * @param seconds how long an entry is kept
 */
export const connectRedis = async (url: string, seconds = 604_800): Promise<RedisStore> => {
  const client = createClient({ url, disableOfflineQueue: true })
  // Without a listener, a lost connection would end the process.
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

/**
 * The cache's use of a store: entries are verified when read and written in the background, and a failing store never fails
 * a load.
 *
 * @module
 */
import * as Base64 from "effect/encoding/Base64"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Hasher, loadHasher } from "../hasher.ts"
import * as metrics from "../metrics.ts"
import { decodeEntry, type Digest, encodeEntry, type StoredEntry } from "./entry.ts"

/** A store of bytes by key, such as any `KeyValueStore` of `effect/persistence`. Its failures never fail a load. */
export interface ByteStore {
  /** The value of a key; `undefined` if there is none. */
  readonly getUint8Array: (key: string) => Effect.Effect<Uint8Array | undefined, unknown>
  /** Stores a value. */
  readonly set: (key: string, value: Uint8Array) => Effect.Effect<void, unknown>
  /** Removes a value. */
  readonly remove: (key: string) => Effect.Effect<void, unknown>
}

const encoder = new TextEncoder()

const blockSize = 64

/** HMAC over a hash function. @see https://www.rfc-editor.org/rfc/rfc2104.html */
const hmac = (newHasher: () => Hasher, secret: Uint8Array): Digest => {
  const digestOf = (...parts: ReadonlyArray<Uint8Array>): string => {
    const hasher = newHasher()
    for (const part of parts) hasher.update(part)
    return hasher.digest()
  }
  const bytesOf = (digest: string): Uint8Array =>
    Result.getOrElse(Base64.decode(digest), () => new Uint8Array())
  const key = new Uint8Array(blockSize)
  key.set(secret.length > blockSize ? bytesOf(digestOf(secret)) : secret)
  const inner = key.map((byte) => byte ^ 0x36)
  const outer = key.map((byte) => byte ^ 0x5c)
  return (bytes) => digestOf(outer, bytesOf(digestOf(inner, bytes)))
}

/** Entries in a store. */
export class ModuleStore {
  readonly #store: ByteStore
  readonly #digest: Effect.Effect<Digest>
  readonly #timeout: Duration.Duration
  #writing = 0
  #idle: Array<() => void> = []

  /**
   * @param store the store of the entries
   * @param secret authenticates entries; without it, whoever can write to the store can forge them
   * @param timeout how long one operation of the store may take
   */
  constructor(
    store: ByteStore,
    secret: Redacted.Redacted<string> | undefined,
    timeout: Duration.Duration,
  ) {
    this.#store = store
    this.#timeout = timeout
    this.#digest = Effect.map(
      Effect.promise(() => loadHasher("sha256")),
      (newHasher) => {
        if (secret !== undefined) return hmac(newHasher, encoder.encode(Redacted.value(secret)))
        return (bytes) => {
          const hasher = newHasher()
          hasher.update(bytes)
          return hasher.digest()
        }
      },
    )
  }

  /** The store's key: a digest in base64url, which is a valid file name. */
  #keyOf(response: string): Effect.Effect<string> {
    return Effect.map(
      this.#digest,
      (digest) =>
        digest(encoder.encode(response)).replaceAll("+", "-").replaceAll("/", "_").replaceAll(
          "=",
          "",
        ),
    )
  }

  /**
   * The entry of a response, if there is an intact one.
   *
   * @param response the response's key
   */
  read(response: string): Effect.Effect<StoredEntry | undefined> {
    return Effect.gen({ self: this }, function* () {
      const key = yield* this.#keyOf(response)
      const found = yield* this.#limited(this.#store.getUint8Array(key))
      if (found === undefined) return undefined
      // A copy: a store may reuse its buffer, and the bytes compiled must be the ones checked.
      const value = new Uint8Array(found)
      const digest = yield* this.#digest
      const entry = yield* Effect.sync(() => decodeEntry(value, key, digest))
      if (entry === undefined) yield* this.remove(response)
      return entry
    }).pipe(Effect.catchCause((cause) => Effect.as(this.#failed(cause), undefined)))
  }

  /**
   * Removes an entry.
   *
   * @param response the response's key
   */
  remove(response: string): Effect.Effect<void> {
    return Effect.flatMap(this.#keyOf(response), (key) => this.#limited(this.#store.remove(key)))
      .pipe(
        Effect.catchCause((cause) => this.#failed(cause)),
      )
  }

  /**
   * Begins to write an entry, in the background.
   *
   * @param response the response's key
   * @param entry the facts about the bytes
   * @param pieces the bytes
   */
  write(
    response: string,
    entry: Omit<StoredEntry, "bytes" | "key">,
    pieces: ReadonlyArray<Uint8Array>,
  ): Effect.Effect<void> {
    const write = Effect.gen({ self: this }, function* () {
      const key = yield* this.#keyOf(response)
      const value = encodeEntry({ key, ...entry }, pieces, yield* this.#digest)
      yield* this.#limited(this.#store.set(key, value))
    })
    return Effect.suspend(() => {
      this.#writing++
      return Effect.asVoid(Effect.forkDetach(
        Effect.ensuring(
          Effect.catchCause(write, (cause) => this.#failed(cause)),
          Effect.sync(() => this.#written()),
        ),
      ))
    })
  }

  /** Waits until everything is written. */
  readonly flush: Effect.Effect<void> = Effect.callback((resume) => {
    if (this.#writing === 0) return resume(Effect.void)
    this.#idle.push(() => resume(Effect.void))
  })

  /** Limits an operation in time. It runs in its own fiber, as a timeout would wait for an uninterruptible one. */
  #limited<A>(self: Effect.Effect<A, unknown>): Effect.Effect<A, unknown> {
    const timedOut = () => new Error(`The store took longer than ${Duration.format(this.#timeout)}`)
    return Effect.flatMap(Effect.forkDetach(self), (fiber) => {
      const giveUp = Effect.sync(() => fiber.interruptUnsafe())
      return Fiber.join(fiber).pipe(
        Effect.timeoutOrElse({
          duration: this.#timeout,
          orElse: () => Effect.andThen(giveUp, Effect.fail(timedOut())),
        }),
        Effect.onInterrupt(() => giveUp),
      )
    })
  }

  /** Records a failure of the store; the load continues without it. */
  #failed(cause: unknown): Effect.Effect<void> {
    return Effect.andThen(Metric.update(metrics.storeFailures, 1), Effect.logDebug(cause))
  }

  #written(): void {
    if (--this.#writing > 0) return
    for (const tell of this.#idle.splice(0)) tell()
  }
}

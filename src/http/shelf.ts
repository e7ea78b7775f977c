/**
 * A store as the cache uses it: entries are verified when they are read, written behind the back of those who wait for the
 * module, and nothing that fails in it fails a load.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { ByteStore } from "./byte_store.ts"
import { type Hasher, loadHasher } from "./hasher.ts"
import { decodeEntry, encodeEntry, type StoredEntry } from "./stored_entry.ts"

const encoder = new TextEncoder()

const sha256: Effect.Effect<Hasher> = Effect.map(
  Effect.promise(() => loadHasher("sha256")),
  (begin) => begin(),
)

/** A key for any store: a digest, in letters that any file system takes. */
const keyOf = (content: string): Effect.Effect<string> =>
  Effect.map(sha256, (hasher) => {
    hasher.update(encoder.encode(content))
    return hasher.digest().replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
  })

/** Entries in a store. */
export class Shelf {
  readonly #store: ByteStore
  #writing = 0
  #idle: Array<() => void> = []

  /**
   * @param store where the entries are
   */
  constructor(store: ByteStore) {
    this.#store = store
  }

  /**
   * The entry of what was asked for, if there is an undamaged one.
   *
   * @param content what was asked for
   */
  read(content: string): Effect.Effect<StoredEntry | undefined> {
    return Effect.gen({ self: this }, function* () {
      const value = yield* this.#store.getUint8Array(yield* keyOf(content))
      if (value === undefined) return undefined
      const hasher = yield* sha256
      const entry = yield* Effect.sync(() => decodeEntry(value, content, hasher))
      if (entry === undefined) yield* this.remove(content)
      return entry
    }).pipe(Effect.catchCause((cause) => Effect.as(Effect.logDebug(cause), undefined)))
  }

  /**
   * Forgets an entry.
   *
   * @param content what was asked for
   */
  remove(content: string): Effect.Effect<void> {
    return Effect.flatMap(keyOf(content), (key) => this.#store.remove(key)).pipe(
      Effect.catchCause(Effect.logDebug),
    )
  }

  /**
   * Begins to write an entry.
   *
   * @param entry what is known of the bytes
   * @param pieces the bytes
   */
  write(
    entry: Omit<StoredEntry, "bytes">,
    pieces: ReadonlyArray<Uint8Array>,
  ): Effect.Effect<void> {
    const write = Effect.gen({ self: this }, function* () {
      const value = encodeEntry(entry, pieces, yield* sha256)
      yield* this.#store.set(yield* keyOf(entry.content), value)
    })
    return Effect.suspend(() => {
      this.#writing++
      return Effect.asVoid(Effect.forkDetach(
        Effect.ensuring(
          Effect.catchCause(write, Effect.logDebug),
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

  #written(): void {
    if (--this.#writing > 0) return
    for (const tell of this.#idle.splice(0)) tell()
  }
}

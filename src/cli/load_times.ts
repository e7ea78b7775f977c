/**
 * When the bytes of a module arrived, and when the module was there.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { type EngineWatcher, watched } from "./watched_engine.ts"

/** The times of one load, in milliseconds. */
export class LoadTimes implements EngineWatcher {
  readonly #now: () => number
  #requested: number | undefined
  #answered: number | undefined
  #last: number | undefined
  #compiled: number | undefined
  /** The status of the last response; `undefined` if there was none, as of a file. */
  status: number | undefined = undefined
  /** Bytes that the engine was given. */
  size = 0

  /** @param now the clock, in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** A request goes out: the first one, one after a redirect, or another attempt. */
  requested(): void {
    const isRedirected = this.status !== undefined && this.status >= 300 && this.status < 400
    if (this.#last === undefined && !isRedirected) this.#requested = this.#now()
  }

  /** A response has begun. */
  answered(status: number): void {
    // One that goes on after a broken line is part of the download.
    if (this.#last === undefined) this.#answered = this.#now()
    this.status = status
  }

  chunk(chunk: Uint8Array): void {
    this.#last = this.#now()
    this.size += chunk.length
  }

  begin(): void {
    this.size = 0
  }

  compiled(): void {
    this.#compiled = this.#now()
  }

  /** From the request to the beginning of the response; `undefined` if no request was made. */
  get firstByte(): number | undefined {
    return this.#answered === undefined || this.#requested === undefined
      ? undefined
      : this.#answered - this.#requested
  }

  /** From the beginning of the response to its last byte; 0 if no request was made. */
  get download(): number {
    return this.#answered === undefined ? 0 : Math.max(0, (this.#last ?? 0) - this.#answered)
  }

  /** From the last byte to the module. */
  get afterwards(): number {
    return (this.#compiled ?? 0) - (this.#last ?? 0)
  }
}

/**
 * A load whose times are taken.
 *
 * @param self the load
 * @param times what they are noted in
 */
export const timed = <A, E>(
  self: Effect.Effect<A, E, HttpClient.HttpClient>,
  times: LoadTimes,
): Effect.Effect<A, E, HttpClient.HttpClient> =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    Effect.provideService(
      watched(self, times),
      HttpClient.HttpClient,
      HttpClient.transform(client, (response) =>
        Effect.suspend(() => {
          times.requested()
          return Effect.tap(response, ({ status }) => Effect.sync(() => times.answered(status)))
        })),
    ))

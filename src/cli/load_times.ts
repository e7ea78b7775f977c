/**
 * Measures when the bytes of a module arrived, and when it was compiled.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { type EngineWatcher, watched } from "./watched_engine.ts"

/** The times of one load, in milliseconds. */
export class LoadTimes implements EngineWatcher {
  readonly #now: () => number
  #begun: number | undefined
  #asked: number | undefined
  #requested: number | undefined
  #answered: number | undefined
  #last: number | undefined
  #compiled: number | undefined
  /** The status of the last response; `undefined` if there was none, as for a file. */
  status: number | undefined = undefined
  /** The number of requests, without those after a redirect. */
  attempts = 0
  /** The number of bytes that the engine was given. */
  size = 0

  /** @param now the clock, in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Called when a request is sent: the first one, one after a redirect, or another attempt. */
  requested(): void {
    const isRedirected = this.status !== undefined && this.status >= 300 && this.status < 400
    if (isRedirected) return
    this.attempts++
    this.#asked = this.#now()
    this.#begun ??= this.#asked
    if (this.#last === undefined) this.#requested = this.#asked
  }

  /** Called when the header of a response has arrived. */
  answered(status: number): void {
    // A response that resumes a broken download is part of the download.
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

  /** From the first attempt to the last one. */
  get retrying(): number {
    return (this.#asked ?? 0) - (this.#begun ?? 0)
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
 * Measures a load.
 *
 * @param self the load
 * @param times where the times are recorded
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

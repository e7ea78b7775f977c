/**
 * A download that outlives its connections: one ordered run of chunks from any number of responses.
 *
 * If a body ends early, the rest is requested; if the server does not support ranges, the whole is fetched again, and the
 * bytes already received are compared and skipped. Only if the content itself has changed does the run end with
 * `ContentChanged`, and compilation has to start again.
 *
 * ```text
 * connect:  attempt ─► response ─► usable? ──► its body
 *              ▲                      │ no
 *              └────── retry ◄────────┤
 * chunks:   body ─► chunk … chunk ─► the end
 *              ▲           │ ended early
 *              └─ connect ◄┘
 * ```
 *
 * Invariant: at most one exchange is open, and `close` ends it.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { counted } from "../../binary/counted.ts"
import { type SourceError, TypeError } from "../../errors.ts"
import { contentTypeFault, statusFault } from "../../pipeline/check_response.ts"
import { type Chunks, failIf, type Step } from "../../pipeline/chunks.ts"
import { explainLater } from "../../pipeline/explain_later.ts"
import { printText } from "../../messages/print.ts"
import { annotate, span } from "../../pipeline/span.ts"
import { isDeno } from "../../platform/runtime.ts"
import { type Hasher, isCheap, loadHasher } from "../hasher.ts"
import { printIntegrity } from "../integrity.ts"
import { LoadError, type LoadErrorFields } from "../load_error.ts"
import type { LoadState } from "../load_state.ts"
import * as metrics from "../metrics.ts"
import type { DownloadSettings } from "../options.ts"
import { contentLength, isEncoded, retryAfter } from "../transport/fields.ts"
import type {
  Exchange,
  OpenedBody,
  Transport,
  TransportError,
  TransportResponse,
} from "../transport/transport.ts"
import {
  type AttemptFailed,
  attemptFailed,
  type ContentChanged,
  contentChanged,
  type Rejected,
} from "./attempt_end.ts"
import { BodyReader, type Received, tooLarge } from "./body.ts"
import { Checksum } from "./checksum.ts"
import {
  type BodyUse,
  type ContentState,
  rangeValidator,
  startOver,
  unknownContent,
  useOfRest,
  useOfUnsatisfied,
  useOfWhole,
} from "./content.ts"
import { IdleTimer } from "./idle_timer.ts"
import type { Retry } from "./retry.ts"

/** A usable response. */
export type Connected =
  /** Its body starts at the first byte, or where the last one stopped. */
  | {
    readonly kind: "body"
    readonly response: TransportResponse
    readonly start: "first" | "rest"
  }
  /** All bytes were received. */
  | { readonly kind: "complete" }
  /** The server answered 304: the caller's copy is current. */
  | { readonly kind: "not-modified"; readonly response: TransportResponse }

/** The options of {@linkcode Download}. */
export interface DownloadOptions {
  readonly transport: Transport
  readonly settings: DownloadSettings
  readonly retry: Retry
  readonly state: LoadState
  /** Header fields of the first request, to which the server may answer 304. */
  readonly conditions?: Readonly<Record<string, string>> | undefined
  /** Whether to keep the bytes. */
  readonly keep?: boolean | undefined
}

/** Whether a retry may succeed: 408, 425, 429 and 5xx. */
const isTransient = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599)

type Failure = LoadError | TypeError

/** A load's bytes, over all attempts. */
export class Download {
  readonly #options: DownloadOptions
  readonly #conditions: Readonly<Record<string, string>>
  #content: ContentState
  #received: Received
  #newFingerprint: (() => Hasher) | undefined
  #exchange: Exchange | undefined
  #closeBody: Effect.Effect<void> = Effect.void
  #farthest = 0
  #changes = 0

  constructor(options: DownloadOptions) {
    const { conditions, settings, transport } = options
    const { headers } = transport.request
    this.#options = options
    this.#conditions = conditions ?? {}
    this.#received = this.#nothing(undefined)
    this.#content = unknownContent(
      transport.isRemote && settings.resume && headers["range"] === undefined,
      transport.isRemote && settings.resume && headers["accept-encoding"] === undefined,
    )
  }

  /** The size of the content in bytes, if it is certain. */
  get total(): number | undefined {
    return this.#content.total
  }

  /** The number of bytes received. */
  get size(): number {
    return this.#received.size
  }

  /** The bytes, if `keep` was set. */
  get kept(): ReadonlyArray<Uint8Array> | undefined {
    return this.#received.kept
  }

  /** Ends the open exchange, without waiting for the network: a cancellation may never settle. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    const exchange = this.#exchange
    const closeBody = this.#closeBody
    this.#exchange = undefined
    this.#closeBody = Effect.void
    return exchange === undefined ? closeBody : Effect.andThen(closeBody, exchange.end)
  })

  /** Makes attempts until a response is usable. */
  readonly connect: Effect.Effect<Connected, Failure | ContentChanged> = Effect.gen(
    { self: this },
    function* () {
      for (;;) {
        const outcome = yield* this.#attempt()
        if (!("_tag" in outcome)) return outcome
        if (this.#isComplete()) return { kind: "complete" } as const
        yield* this.#waitForRetry(outcome.error)
      }
    },
  )

  /** The bytes, from the first one on. */
  chunks(connected: Connected): Chunks<Failure | ContentChanged> {
    return {
      forEach: <E extends object>(take: (chunk: Uint8Array) => Step<E>, stop?: Promise<E>) => {
        const run = Effect.mapError(
          this.#readAll(connected, take),
          (error) => "_tag" in error && error._tag === "Rejected" ? error.error : error,
        )
        return stop === undefined
          ? run
          : Effect.raceFirst(run, Effect.flatMap(Effect.promise(() => stop), Effect.fail))
      },
    }
  }

  /** Starts over, after the content changed. */
  restart({ error }: ContentChanged): Effect.Effect<Connected, Failure | ContentChanged> {
    return Effect.suspend(() => {
      if (error.reason === "changed") this.#changes++
      const wait = this.#waitForRetry(error)
      this.#content = startOver(this.#content)
      this.#received = this.#nothing()
      return Effect.andThen(wait, this.connect)
    })
  }

  /** Fails if the bytes have none of the digests in the option `integrity`. */
  readonly checkIntegrity: Effect.Effect<void, LoadError> = Effect.suspend(() => {
    const { settings: { integrity }, transport } = this.#options
    if (integrity === undefined) return Effect.void
    const { algorithm, digests } = integrity
    const digest = this.#received.hasher?.digest() ?? ""
    if (digests.includes(digest)) return Effect.void
    const expected = printIntegrity(integrity)
    const actual = printIntegrity({ algorithm, digests: [digest] })
    const message = `The module at ${transport.url} has the digest ${actual}, not ${
      printText(expected)
    }`
    return Effect.fail(this.error("integrity", message, { expected, actual }))
  })

  /** An error with the load's facts. */
  error(
    reason: LoadErrorFields["reason"],
    message: string,
    facts: Partial<LoadErrorFields> = {},
  ): LoadError {
    const { state, transport: { url } } = this.#options
    const { attempts } = state
    return new LoadError({ reason, message, url, attempts, received: this.size, ...facts })
  }

  #nothing(hasher?: Hasher, fingerprint?: Hasher): Received {
    return { size: 0, fingerprint, hasher, kept: this.#options.keep === true ? [] : undefined }
  }

  #isComplete(): boolean {
    return this.size > 0 && this.size === this.#content.total
  }

  #waitForRetry(error: LoadError): Effect.Effect<void, LoadError> {
    const { retry, state, transport: { url } } = this.#options
    const progressed = this.size > this.#farthest
    this.#farthest = Math.max(this.#farthest, this.size)
    state.lastFailure = error
    return Effect.mapError(retry.wait(error, progressed), (last) => {
      // Once the content has changed repeatedly, how the last attempt happened to fail matters less.
      if (this.#changes < 2 || last.reason === "changed") return last
      return this.error("changed", `The content of ${url} keeps changing`, { cause: last })
    })
  }

  #count(counter: Metric.Counter<number>, amount: number): Effect.Effect<void> {
    return this.#options.transport.isRemote ? Metric.update(counter, amount) : Effect.void
  }

  // One attempt, up to the head of its response.

  #attempt(): Effect.Effect<Connected | AttemptFailed, Failure | ContentChanged> {
    return Effect.suspend(() => {
      const { state, transport: { url } } = this.#options
      const attempt = ++state.attempts
      const offset = this.size
      const validator = rangeValidator(this.#content, offset)
      return this.#count(metrics.attempts, 1).pipe(
        Effect.andThen(this.#send(validator)),
        Effect.flatMap((outcome) =>
          "_tag" in outcome
            ? Effect.succeed(outcome)
            : this.#examine(outcome, validator !== undefined)
        ),
        // A failure within the span, so that tracing shows it as one.
        Effect.flatMap((outcome) =>
          "_tag" in outcome ? Effect.fail(outcome) : Effect.succeed(outcome)
        ),
        Effect.onError(() => this.close),
        span("Wasm.fetchAttempt", { url, attempt, offset }),
        Effect.catchTag("AttemptFailed", (failure) => Effect.succeed(failure)),
      )
    })
  }

  #headers(validator: string | undefined): Readonly<Record<string, string>> {
    return {
      ...(this.#content.asksForIdentity ? { "accept-encoding": "identity" } : {}),
      ...(validator === undefined ? {} : { "range": `bytes=${this.size}-`, "if-range": validator }),
      ...(this.size === 0 ? this.#conditions : {}),
    }
  }

  #send(
    validator: string | undefined,
  ): Effect.Effect<TransportResponse | AttemptFailed, LoadError | TypeError> {
    const { settings, transport } = this.#options
    return transport.send(this.#headers(validator)).pipe(
      Effect.flatMap((exchange) => {
        this.#exchange = exchange
        return exchange.response
      }),
      Effect.catchTag("TransportError", (error) => this.#transportFailed(error)),
      Effect.timeoutOrElse({
        duration: settings.idleTimeout,
        orElse: () => Effect.succeed(this.#idle()),
      }),
    )
  }

  /** For messages: the progress before the failure. */
  #before(): string {
    const { size } = this
    const { total } = this.#content
    if (size === 0) return ""
    const { state, transport } = this.#options
    const attempt = transport.isRemote ? `attempt ${state.attempts}, ` : ""
    return ` (${attempt}after ${size}${total === undefined ? "" : ` of ${total}`} bytes)`
  }

  /** Adds the earlier progress to the error of a refused response. */
  #later(error: TypeError): TypeError {
    const { contentType, message, reason, status, url } = error
    const before = this.#before()
    if (before === "") return error
    return new TypeError({ reason, message: `${message}${before}`, contentType, status, url })
  }

  #transportFailed(
    { cause, message, reason, transient }: TransportError,
  ): Effect.Effect<AttemptFailed, LoadError> {
    const error = this.error(reason, `${message}${this.#before()}`, { cause })
    return transient ? Effect.succeed(attemptFailed(error)) : Effect.fail(error)
  }

  /** @param response the response, if none of its body was received */
  #idle(response?: TransportResponse): AttemptFailed {
    const { settings: { idleTimeout }, transport: { url } } = this.#options
    const time = Duration.format(idleTimeout)
    // Some runtimes report nothing when they cannot decode a body.
    const coding = response?.field("content-encoding")
    const hint = coding === undefined
      ? ""
      : `. Its Content-Encoding is ${printText(coding)}: check that the body is what that says`
    const message = `Nothing was received from ${url} for ${time}${this.#before()}${hint}`
    return attemptFailed(this.error("idle-timeout", message))
  }

  /** Decides how a response is used. */
  #examine(
    response: TransportResponse,
    ranged: boolean,
  ): Effect.Effect<Connected | AttemptFailed, Failure | ContentChanged> {
    const { settings, transport } = this.#options
    const { field, head } = response
    const { status } = head
    this.#closeBody = response.discard
    return Effect.andThen(
      annotate(() => ({ status })),
      Effect.suspend((): Effect.Effect<Connected | AttemptFailed, Failure | ContentChanged> => {
        if (isTransient(status)) {
          return Effect.map(Clock.currentTimeMillis, (now) => this.#refused(response, now))
        }
        const isConditional = Object.keys(this.#conditions).length > 0 && this.size === 0
        if (status === 304 && isConditional) {
          return Effect.succeed({ kind: "not-modified", response })
        }
        if (ranged && status === 416) {
          return this.#follow(useOfUnsatisfied(this.#content, this.size, response), response)
        }
        // A part may lack the content type, which is known, or be multipart: neither is a wrong type.
        if (ranged && status === 206 && /^$|^multipart\//i.test(head.contentType ?? "")) {
          return this.#follow(useOfRest(this.#content, this.size, response), response)
        }
        const fault = contentTypeFault(head, settings.contentType) ?? statusFault(head)
        if (fault !== undefined) {
          return explainLater(
            this.#later(fault),
            (told) => Effect.fail(this.#later(told.explainResponse(fault, head))),
          )
        }
        if (ranged && status === 206) {
          return this.#follow(useOfRest(this.#content, this.size, response), response)
        }
        if (isDeno && this.#content.asksForIdentity && isEncoded(field)) {
          // Deno decodes a body only if it sent Accept-Encoding itself. Asking again is not a retry: the server is fine.
          this.#content = { ...this.#content, asksForIdentity: false }
          return Effect.andThen(this.close, this.#attempt())
        }
        const isCallersRange = transport.request.headers["range"] !== undefined
        const use = useOfWhole(this.#content, this.size, response, isCallersRange)
        return this.#follow(use, response)
      }),
    )
  }

  #refused({ field, head }: TransportResponse, now: number): AttemptFailed {
    const seconds = retryAfter(field, now)
    const words = head.statusText && ` ${head.statusText}`
    const message = `The server answered ${head.status}${words} for ${head.url}${this.#before()}`
    return attemptFailed(
      this.error("status", message, { status: head.status, retryAfter: seconds }),
    )
  }

  #follow(
    use: BodyUse,
    response: TransportResponse,
  ): Effect.Effect<Connected | AttemptFailed, LoadError | ContentChanged> {
    const { settings: { maxBytes }, transport } = this.#options
    const { status, url } = response.head
    switch (use.kind) {
      case "complete":
        return Effect.as(this.close, { kind: "complete" })
      case "changed": {
        const message = `The content of ${url} changed while it was loaded: ${use.message}`
        return Effect.fail(contentChanged(this.error("changed", message, { status })))
      }
      case "unusable": {
        this.#content = use.state
        const message = `The server ${use.message}, for ${url}${this.#before()}`
        return Effect.succeed(attemptFailed(this.error("range", message, { status })))
      }
      case "refused": {
        const message = `The server ${use.message}, for ${url}${this.#before()}. ` +
          "Check the proxy, cache or service worker in between: it adds a Range field, or stored a part"
        return Effect.fail(this.error("range", message, { status, expected: use.total }))
      }
    }
    this.#content = use.state
    const announced = Math.max(contentLength(response.field) ?? 0, use.state.total ?? 0)
    if (announced > maxBytes) {
      const message = tooLarge(transport.url, announced, maxBytes)
      const facts = { expected: maxBytes, actual: announced }
      return Effect.fail(this.error("too-large", message, facts))
    }
    if (use.kind === "whole" && this.size > 0 && this.#received.fingerprint === undefined) {
      const message = `The server sent all of ${url} again, and there is nothing to compare it with`
      return Effect.fail(contentChanged(this.error("range", message, { status })))
    }
    const start = use.kind === "rest" ? "rest" : "first"
    const connected: Connected = { kind: "body", response, start }
    return Effect.as(
      this.size === 0 ? this.#startHashing() : this.#count(metrics.resumes, 1),
      connected,
    )
  }

  /**
   * Prepares the digests: for `integrity`, and to compare bytes that are sent again. In a browser, where hashing is slow,
   * the latter is left out if the rest can be requested.
   */
  #startHashing(): Effect.Effect<void> {
    const { settings: { integrity }, transport } = this.#options
    const compares = transport.isRemote &&
      (isCheap() || this.#content.validator === undefined || !this.#content.usesRanges)
    if (integrity === undefined && !compares) return Effect.void
    if (integrity === undefined && !isCheap()) {
      this.#newFingerprint = () => new Checksum()
      this.#received = this.#nothing(undefined, this.#newFingerprint())
      return Effect.void
    }
    return Effect.map(
      Effect.promise(() => loadHasher(integrity?.algorithm ?? "sha256")),
      (newHasher) => {
        const hasher = newHasher()
        this.#newFingerprint = newHasher
        this.#received = this.#nothing(integrity && hasher, hasher)
      },
    )
  }

  // The response's body.

  #readAll<E extends object>(
    connected: Connected,
    take: (chunk: Uint8Array) => Step<E>,
  ): Effect.Effect<void, Failure | ContentChanged | Rejected<E>> {
    return Effect.gen({ self: this }, function* () {
      let current = connected
      while (current.kind === "body") {
        const failure = yield* Effect.ensuring(this.#readBody(current, take), this.close)
        if (failure === undefined || this.#isComplete()) return
        yield* this.#waitForRetry(failure.error)
        current = yield* this.connect
      }
    })
  }

  /** Reads a body to its end; succeeds with a failure that another attempt may mend. */
  #readBody<E extends object>(
    { response, start }: Extract<Connected, { kind: "body" }>,
    take: (chunk: Uint8Array) => Step<E>,
  ): Effect.Effect<AttemptFailed | undefined, Failure | ContentChanged | Rejected<E>> {
    const { settings, state, transport } = this.#options
    const read = ({ chunks, close }: OpenedBody) => {
      this.#closeBody = close
      const idleTimer = new IdleTimer(Duration.toMillis(settings.idleTimeout))
      const reader = new BodyReader({
        content: this.#content,
        received: this.#received,
        newFingerprint: this.#newFingerprint,
        start,
        maxBytes: settings.maxBytes,
        idleTimer,
        error: (reason, message, facts) => this.error(reason, message, facts),
        url: transport.url,
      })
      type End = LoadError | AttemptFailed | ContentChanged | Rejected<E>
      return chunks.forEach<End>(
        (chunk) => {
          const step = reader.push(chunk, take)
          state.received = this.size
          return step
        },
        idleTimer.expired.then(() => this.#idle(reader.size === 0 ? response : undefined)),
      ).pipe(
        Effect.catchTag(
          "SourceError",
          (error) => Effect.flatMap(this.#bodyFailed(error, response), Effect.fail),
        ),
        Effect.andThen(Effect.suspend(() => failIf(reader.end()))),
        Effect.onExit(() => {
          idleTimer.stop()
          return this.#count(metrics.bytes, reader.size)
        }),
        Effect.as(undefined),
        Effect.catchTag("AttemptFailed", (failure) => Effect.succeed(failure)),
      )
    }
    return Effect.flatMap(response.body, read)
  }

  /** Adds the number of bytes to the failure, if the size is known: runtimes say little about a lost connection. */
  #bodyFailed(
    error: SourceError,
    response: TransportResponse,
  ): Effect.Effect<AttemptFailed, LoadError> {
    const failure = this.#options.transport.bodyFailed(error, response)
    const { cause, message, reason, transient } = failure
    const expected = this.#content.end ?? this.#content.total
    const actual = this.size
    if (!transient || expected === undefined) {
      const failed = this.error(reason, message, { cause })
      return transient ? Effect.succeed(attemptFailed(failed)) : Effect.fail(failed)
    }
    const withSizes = `${message} (${actual} of ${counted(expected, "byte")} received)`
    const facts = { cause, expected, actual }
    return Effect.succeed(attemptFailed(this.error(reason, withSizes, facts)))
  }
}

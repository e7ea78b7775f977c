/**
 * A download that survives its connections: bytes in order, whatever happens between.
 *
 * To the stages behind it this is one run of chunks. Where a body breaks, the rest is asked for; where the server has no
 * ranges, the whole is fetched again, and what was fed already is compared by its digest and passed over. Only where the
 * content itself changed does it end in a {@linkcode Restart}: another compilation has to begin.
 *
 * Invariant: at most one exchange is open, and `close` ends it.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { SourceError, type TypeError } from "../errors.ts"
import { contentTypeFault, statusFault } from "../pipeline/check_response.ts"
import { type Chunks, failIf, type Step } from "../pipeline/chunks.ts"
import { annotate, span } from "../pipeline/span.ts"
import type { Answer } from "./answer.ts"
import { AttemptFailed, Refusal, Restart } from "./attempt_end.ts"
import type { Budget } from "./budget.ts"
import { Content, type Verdict } from "./content.ts"
import { type Hasher, isCheap, loadHasher } from "./hasher.ts"
import { contentLength, isEncoded, retryAfter } from "./http_fields.ts"
import { printIntegrity } from "./integrity.ts"
import { Intake, tooLarge } from "./intake.ts"
import { LoadError, type LoadErrorFields } from "./load_error.ts"
import type { LoadSettings } from "./load_options.ts"
import * as metrics from "./metrics.ts"
import { Silence } from "./silence.ts"
import type { Exchange, NoAnswer, Transport } from "./transport.ts"

/** An answer that is of use. */
export type Connected =
  /** Its body goes on where the bytes stopped, once `skip` of its bytes were compared and passed over. */
  | { readonly kind: "body"; readonly answer: Answer; readonly skip: number }
  /** All bytes have come. */
  | { readonly kind: "complete" }
  /** What the caller has is what there is. */
  | { readonly kind: "not-modified"; readonly answer: Answer }

type Connecting = Effect.Effect<Connected, LoadError | TypeError | Restart>

/** Another time it may be otherwise: 408, 425, 429, and what the server blames on itself. */
const isPassing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599)

const isDeno = Reflect.get(globalThis, "Deno") !== undefined

/** A load's bytes, over all attempts. */
export class Download {
  readonly #transport: Transport
  readonly #settings: LoadSettings
  readonly #budget: Budget
  readonly #conditions: Readonly<Record<string, string>>
  readonly #content: Content
  #identity: boolean
  #exchange: Exchange | undefined
  #closeBody: Effect.Effect<void> = Effect.void
  #attempts = 0
  #farthest = 0
  #restarts = 0
  #newHasher: (() => Hasher) | undefined
  #fed: Hasher | undefined
  /** The chunks that were fed, where they are to be kept. */
  readonly kept: Array<Uint8Array> | undefined

  /**
   * @param transport where answers come from
   * @param settings the options
   * @param budget which further attempts are made
   * @param conditions header fields of the first request, with which the server may answer 304
   * @param keep whether the bytes are to be kept
   */
  constructor(
    transport: Transport,
    settings: LoadSettings,
    budget: Budget,
    conditions: Readonly<Record<string, string>> = {},
    keep = false,
  ) {
    this.#transport = transport
    this.#settings = settings
    this.#budget = budget
    this.#conditions = conditions
    this.#content = new Content(settings.resume && !transport.own("range"))
    this.#identity = settings.resume && !transport.own("accept-encoding")
    this.kept = keep ? [] : undefined
  }

  /** How many bytes there are, where that is truly known. */
  get total(): number | undefined {
    return this.#content.total
  }

  /** How many bytes have come. */
  get received(): number {
    return this.#content.position
  }

  /** An error with what is known of the load. */
  error(
    reason: LoadErrorFields["reason"],
    message: string,
    facts: Partial<LoadErrorFields> = {},
  ): LoadError {
    return new LoadError({
      reason,
      message,
      url: this.#transport.url,
      attempts: this.#attempts,
      received: this.received,
      ...facts,
    })
  }

  /** Ends the exchange that is open. Not awaited by the network: a cancellation may never settle. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    const exchange = this.#exchange
    const closeBody = this.#closeBody
    this.#exchange = undefined
    this.#closeBody = Effect.void
    return exchange === undefined ? closeBody : Effect.andThen(closeBody, exchange.end)
  })

  /** Makes attempts until an answer is of use. */
  readonly connect: Connecting = Effect.suspend(() => this.#attempt()).pipe(
    Effect.catch((error) =>
      error instanceof AttemptFailed ? this.#again(error) : Effect.fail(error)
    ),
  )

  /** Begins at zero after the content changed. */
  restart({ error }: Restart): Connecting {
    return Effect.suspend(() => {
      if (error.reason === "changed") this.#restarts++
      const next = this.#next(error)
      this.#content.reset()
      if (this.kept !== undefined) this.kept.length = 0
      return Effect.andThen(next, this.connect)
    })
  }

  /** The bytes, from an answer on whose body begins at zero. */
  chunks(connected: Connected): Chunks<LoadError | TypeError | Restart> {
    return {
      forEach: <E extends object>(take: (chunk: Uint8Array) => Step<E>, stop?: Promise<E>) => {
        const run = Effect.andThen(this.#run(connected, take), this.#checkIntegrity()).pipe(
          Effect.mapError((error) => error instanceof Refusal ? error.error : error),
        )
        return stop === undefined
          ? run
          : Effect.raceFirst(run, Effect.flatMap(Effect.promise(() => stop), Effect.fail))
      },
    }
  }

  #run<E extends object>(
    connected: Connected,
    take: (chunk: Uint8Array) => Step<E>,
  ): Effect.Effect<void, LoadError | TypeError | Restart | Refusal<E>> {
    return this.#read(connected, take).pipe(
      Effect.onExit(() => this.close),
      Effect.catch((error) =>
        error instanceof AttemptFailed
          ? Effect.flatMap(this.#again(error), (next) => this.#run(next, take))
          : Effect.fail(error)
      ),
    )
  }

  /** What follows a failed attempt. */
  #again({ error }: AttemptFailed): Connecting {
    return Effect.suspend(() =>
      this.#content.complete
        ? Effect.succeed<Connected>({ kind: "complete" })
        : Effect.andThen(this.#next(error), this.connect)
    )
  }

  /** Waits for the next attempt. */
  #next(error: LoadError): Effect.Effect<void, LoadError> {
    const { url } = this.#transport
    return Effect.mapError(this.#budget.next(error, this.#progressed()), (last) => {
      // Cut or changed: by which of the two the last attempt failed is chance.
      if (this.#restarts < 2 || last.reason === "changed") return last
      return this.error("changed", `The content of ${url} keeps changing`, { cause: last })
    })
  }

  #progressed(): boolean {
    const progressed = this.received > this.#farthest
    this.#farthest = Math.max(this.#farthest, this.received)
    return progressed
  }

  // One attempt, up to the head of its answer.

  #attempt(): Effect.Effect<Connected, LoadError | TypeError | Restart | AttemptFailed> {
    const attempt = ++this.#attempts
    const offset = this.received
    const validator = offset === 0 ? undefined : this.#content.validator
    return this.#count(metrics.attempts, 1).pipe(
      Effect.andThen(this.#exchangeHeads(validator)),
      Effect.tap(({ head }) => annotate(() => ({ status: head.status }))),
      Effect.flatMap((answer) => this.#judge(answer, validator !== undefined)),
      Effect.onError(() => this.close),
      span("Wasm.fetchAttempt", { url: this.#transport.url, attempt, offset }),
    )
  }

  #count(counter: Metric.Counter<number>, amount: number): Effect.Effect<void> {
    return this.#transport.remote ? Metric.update(counter, amount) : Effect.void
  }

  #headers(validator: string | undefined): Readonly<Record<string, string>> {
    return {
      ...(this.#identity ? { "accept-encoding": "identity" } : {}),
      ...(validator === undefined
        ? {}
        : { "range": `bytes=${this.received}-`, "if-range": validator }),
      ...(this.received === 0 ? this.#conditions : {}),
    }
  }

  #exchangeHeads(
    validator: string | undefined,
  ): Effect.Effect<Answer, LoadError | AttemptFailed> {
    return this.#transport.begin(this.#headers(validator)).pipe(
      Effect.flatMap((exchange) => {
        this.#exchange = exchange
        return exchange.answer
      }),
      Effect.mapError((why) => this.#failed(why)),
      Effect.timeoutOrElse({
        duration: this.#settings.idleTimeout,
        orElse: () => Effect.fail(this.#silent()),
      }),
    )
  }

  #failed({ cause, message, passing, reason }: NoAnswer): LoadError | AttemptFailed {
    const error = this.error(reason, message, { cause })
    return passing ? new AttemptFailed(error) : error
  }

  #silent(): AttemptFailed {
    const time = Duration.format(this.#settings.idleTimeout)
    return new AttemptFailed(
      this.error("idle-timeout", `Nothing came from ${this.#transport.url} for ${time}`),
    )
  }

  #judge(
    answer: Answer,
    ranged: boolean,
  ): Effect.Effect<Connected, LoadError | TypeError | Restart | AttemptFailed> {
    const { field, head } = answer
    const { status } = head
    return Effect.suspend(() => {
      this.#closeBody = answer.discard
      if (isPassing(status)) {
        return Effect.flatMap(
          Clock.currentTimeMillis,
          (now) => Effect.fail(this.#refused(answer, now)),
        )
      }
      if (status === 304 && Object.keys(this.#conditions).length > 0 && this.received === 0) {
        return Effect.succeed<Connected>({ kind: "not-modified", answer })
      }
      if (ranged && status === 416) return this.#follow(this.#content.judgePastEnd(answer), answer)
      // A part may do without the type, which is known, or have one of its own: there are several parts then.
      if (ranged && status === 206 && /^$|^multipart\//i.test(head.contentType ?? "")) {
        return this.#follow(this.#content.judgeRest(answer), answer)
      }
      const fault = contentTypeFault(head, this.#settings.compile.contentType) ?? statusFault(head)
      if (fault !== undefined) return Effect.fail(fault)
      if (ranged && status === 206) return this.#follow(this.#content.judgeRest(answer), answer)
      if (isDeno && this.#identity && isEncoded(field)) {
        // Deno decodes only where it asked for the coding itself. Not a failed attempt: the server is well.
        this.#identity = false
        return Effect.andThen(this.close, this.#attempt())
      }
      const partial = this.#transport.own("range")
      return this.#follow(this.#content.judgeWhole(answer, partial), answer)
    })
  }

  #refused({ field, head }: Answer, now: number): AttemptFailed {
    const seconds = retryAfter(field, now)
    const words = head.statusText && ` ${head.statusText}`
    const message = `The server answered ${head.status}${words} for ${head.url}`
    return new AttemptFailed(
      this.error("status", message, { status: head.status, retryAfter: seconds }),
    )
  }

  #follow(
    verdict: Verdict,
    answer: Answer,
  ): Effect.Effect<Connected, LoadError | TypeError | Restart | AttemptFailed> {
    const { url, status } = answer.head
    switch (verdict.kind) {
      case "complete":
        return Effect.as(this.close, { kind: "complete" })
      case "changed": {
        const message = `The content of ${url} changed while it was loaded: it ${verdict.message}`
        return Effect.fail(new Restart(this.error("changed", message, { status })))
      }
      case "nonsense": {
        const message = `The server ${verdict.message}, for ${url}`
        return Effect.fail(new AttemptFailed(this.error("range", message, { status })))
      }
    }
    const announced = Math.max(contentLength(answer.field) ?? 0, this.#content.total ?? 0)
    const { maxBytes } = this.#settings
    if (announced > maxBytes) {
      const message = tooLarge(this.#transport.url, announced, maxBytes)
      return Effect.fail(
        this.error("too-large", message, { expected: maxBytes, actual: announced }),
      )
    }
    if (this.received === 0) {
      return Effect.as(this.#startHashing(), { kind: "body", answer, skip: 0 })
    }
    if (verdict.kind === "rest") {
      return Effect.as(this.#count(metrics.resumes, 1), { kind: "body", answer, skip: 0 })
    }
    if (this.#fed === undefined) {
      const message = `The server sent all of ${url} again, and what had come cannot be compared`
      return Effect.fail(new Restart(this.error("range", message, { status })))
    }
    const connected: Connected = { kind: "body", answer, skip: this.received }
    return Effect.as(this.#count(metrics.resumes, 1), connected)
  }

  /** Where hashing is dear and the rest can be asked for, what was fed will hardly have to be compared. */
  #startHashing(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { integrity } = this.#settings
      this.#fed = undefined
      const compares = this.#transport.remote &&
        (isCheap() || this.#content.validator === undefined)
      const needed = integrity !== undefined || compares
      if (!needed) return Effect.void
      const newHasher = this.#newHasher
      if (newHasher !== undefined) return Effect.sync(() => void (this.#fed = newHasher()))
      return Effect.map(
        Effect.promise(() => loadHasher(integrity?.algorithm ?? "sha256")),
        (load) => {
          this.#newHasher = load
          this.#fed = load()
        },
      )
    })
  }

  // Its body.

  #read<E extends object>(
    connected: Connected,
    take: (chunk: Uint8Array) => Step<E>,
  ): Effect.Effect<void, LoadError | TypeError | Restart | AttemptFailed | Refusal<E>> {
    if (connected.kind !== "body") return Effect.void
    type End = LoadError | Restart | AttemptFailed | Refusal<E>
    return Effect.flatMap(connected.answer.body, ({ chunks, close }) => {
      this.#closeBody = close
      const silence = new Silence(Duration.toMillis(this.#settings.idleTimeout))
      const intake = new Intake(this.#content, connected.skip, {
        maxBytes: this.#settings.maxBytes,
        fed: this.#fed,
        prefix: connected.skip === 0 ? undefined : this.#newHasher?.(),
        kept: this.kept,
        silence,
        error: (reason, message, facts) => this.error(reason, message, facts),
        url: this.#transport.url,
      })
      return chunks.forEach<End>(
        (chunk) => intake.push(chunk, take),
        silence.tooLong.then(() => this.#silent()),
      ).pipe(
        Effect.catch((error) =>
          Effect.fail(
            error instanceof SourceError ? this.#failed(this.#transport.broken(error)) : error,
          )
        ),
        Effect.andThen(Effect.suspend(() => failIf(intake.end()))),
        Effect.onExit(() => {
          silence.end()
          return this.#count(metrics.bytes, intake.size)
        }),
      )
    })
  }

  #checkIntegrity(): Effect.Effect<void, LoadError> {
    return Effect.suspend(() => {
      const { integrity } = this.#settings
      if (integrity === undefined) return Effect.void
      const { algorithm, digests } = integrity
      const digest = this.#fed?.digest() ?? ""
      if (digests.includes(digest)) return Effect.void
      const expected = printIntegrity(integrity)
      const actual = printIntegrity({ algorithm, digests: [digest] })
      const message =
        `The module at ${this.#transport.url} is not the one that was asked for: its digest is ${actual}, not ${expected}`
      return Effect.fail(this.error("integrity", message, { expected, actual }))
    })
  }
}

/**
 * Feeding chunks to the engine: plain TypeScript between the pipeline and `WebAssembly`.
 *
 * A feed either streams, or holds the bytes back and compiles them as a whole, or begins with the latter and changes to
 * the former at the body's first pause. Whichever it does, the result is the same.
 *
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-compilestreaming
 * @module
 */
import type { EngineOptions } from "../options.ts"

/**
 * When to begin to stream.
 *
 * - `at-once`: with the first chunk
 * - `at-pause`: when the body has kept us waiting for longer than {@linkcode patience} allows
 * - `never`: compile the whole
 */
export type FeedStart = "at-once" | "at-pause" | "never"

/** A module in the making. Nothing of it rejects without being asked. */
export interface ModuleFeed {
  /** Hands over a chunk; the promise, if there is one, resolves when the engine has asked for it. */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined
  /** No more chunks will come. */
  readonly end: () => Promise<WebAssembly.Module>
  /** Rejects as soon as the engine refuses what it has; never resolves otherwise. */
  readonly refused: Promise<never>
  /** Gives up: the engine is told, and what it says then is not heard. */
  readonly abandon: (reason: unknown) => void
}

const ignore = (): void => {}

/** Bytes that arrived so far, in one growing array. */
class HeldBytes {
  #bytes = new Uint8Array(0)
  size = 0

  append(chunk: Uint8Array): void {
    const size = this.size + chunk.byteLength
    if (size > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.byteLength, 65_536))
      grown.set(this.#bytes.subarray(0, this.size))
      this.#bytes = grown
    }
    this.#bytes.set(chunk, this.size)
    this.size = size
  }

  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.size)
    this.#bytes = new Uint8Array(0)
    this.size = 0
    return taken
  }
}

/** Native streaming over a stream of ours. */
interface NativeStream {
  readonly module: Promise<WebAssembly.Module>
  /** Whether the engine has asked for bytes at all; before that it has seen none. */
  readonly started: () => boolean
  /** Resolves when the engine asks for bytes, or wants no more; `undefined` where it does so already. */
  readonly ready: () => Promise<void> | undefined
  readonly enqueue: (chunk: Uint8Array) => void
  readonly close: () => void
  readonly fail: (reason: unknown) => void
}

/** Opens native streaming; `undefined` where there is none, or it throws. */
const openNativeStream = (options: EngineOptions): NativeStream | undefined => {
  if (typeof WebAssembly.compileStreaming !== "function") return undefined
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let asked = false
  let started = false
  let settled = false
  let wake = ignore
  const settle = (): void => {
    settled = true
    wake()
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start: (own) => void (controller = own),
      pull: () => {
        asked = true
        started = true
        wake()
      },
      cancel: settle,
    },
    { highWaterMark: 0 },
  )
  let module: Promise<WebAssembly.Module>
  try {
    const response = new Response(body, { headers: { "content-type": "application/wasm" } })
    module = Reflect.apply(WebAssembly.compileStreaming, WebAssembly, [response, options])
    module.then(settle, settle)
  } catch {
    return undefined
  }
  return {
    module,
    started: () => started,
    ready: () => asked || settled ? undefined : new Promise<void>((resolve) => (wake = resolve)),
    enqueue: (chunk) => {
      asked = false
      if (!settled) controller?.enqueue(chunk)
    },
    close: () => {
      if (!settled) controller?.close()
    },
    fail: (reason) => {
      if (!settled) controller?.error(reason)
    },
  }
}

const compileWhole = (
  bytes: Uint8Array<ArrayBuffer>,
  options: EngineOptions,
): Promise<WebAssembly.Module> => Reflect.apply(WebAssembly.compile, WebAssembly, [bytes, options])

/**
 * How long a body may keep us waiting in all before it is streamed, in milliseconds.
 *
 * Measured on Bun 1.4: compiling the whole takes about half the processor time that streaming takes, so it wins as long
 * as the bytes come faster than the engine compiles them: 128 kB a millisecond.
 *
 * @param size bytes received so far
 */
export const patience = (size: number): number => 10 + size / 128_000

/**
 * Opens a feed.
 *
 * @param start when to begin to stream
 * @param options the standard's compile options
 */
export const openFeed = (start: FeedStart, options: EngineOptions): ModuleFeed => {
  const held = new HeldBytes()
  let native: NativeStream | undefined
  let mayStream = start !== "never"
  let waited = 0
  let since = performance.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  let refuse: (reason: unknown) => void = ignore
  const refused = new Promise<never>((_, reject) => (refuse = reject))
  refused.catch(ignore)

  /** Begins to stream: what was held back goes first, as soon as the engine asks for it. */
  const begin = (): void => {
    timer = undefined
    const opened = openNativeStream(options)
    native = opened
    mayStream = opened !== undefined
    opened?.module.catch((reason: unknown) => {
      // A refusal before the first byte is about the way of handing over, not about the module: compile the whole.
      if (opened.started() || reason instanceof WebAssembly.CompileError) refuse(reason)
      else native = undefined
      if (native === undefined) mayStream = false
    })
    if (held.size > 0) opened?.ready()?.then(passHeld)
  }
  const passHeld = (): void => {
    if (native?.started() && held.size > 0) native.enqueue(held.take())
  }
  if (start === "at-once") begin()

  const write = (chunk: Uint8Array): Promise<void> | undefined => {
    if (timer !== undefined) {
      clearTimeout(timer)
      timer = undefined
      waited += performance.now() - since
    }
    // Zero bytes would be no answer to what the engine asks for.
    if (chunk.byteLength === 0) return undefined
    if (native !== undefined && held.size === 0) {
      const ready = native.ready()
      // Afterwards from the start: the engine may have declined meanwhile.
      if (ready !== undefined) return ready.then(() => write(chunk))
      if (native.started()) {
        native.enqueue(chunk)
        return undefined
      }
    }
    held.append(chunk)
    if (native === undefined && mayStream) {
      since = performance.now()
      timer = setTimeout(begin, Math.max(patience(held.size) - waited, 0))
    }
    return undefined
  }

  return {
    write,
    end: () => {
      clearTimeout(timer)
      if (native === undefined || !native.started()) {
        native?.fail(new Error("The module is compiled as a whole"))
        return compileWhole(held.take(), options)
      }
      passHeld()
      native.close()
      return native.module
    },
    refused,
    abandon: (reason) => {
      clearTimeout(timer)
      native?.fail(reason)
    },
  }
}

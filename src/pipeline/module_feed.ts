/**
 * Feeds chunks to the engine: plain TypeScript between the pipeline and `WebAssembly`.
 *
 * A feed uses native streaming if the engine has it, and otherwise collects the bytes and compiles them as a whole. The
 * result is the same.
 *
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-compilestreaming
 * @module
 */
import { constVoid } from "effect/Function"
import type { EngineOptions } from "../options.ts"
import { newResponse, newStream } from "../platform/brands.ts"
import { native, NativeCompileError, NativePromise } from "../platform/natives.ts"

/** A compilation in progress. It causes no unhandled rejections. */
export interface ModuleFeed {
  /** Passes a chunk to the engine. The promise, if there is one, resolves when the engine has taken it. */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined
  /** Ends the bytes; resolves to the module. */
  readonly end: () => Promise<WebAssembly.Module>
  /** Resolves with the engine's error as soon as it rejects the bytes so far; stays pending otherwise. */
  readonly refused: Promise<unknown>
  /** Abandons the compilation; the engine's own error is ignored then. */
  readonly abandon: () => void
}

/** The bytes so far, in one growing array. */
class HeldBytes {
  #bytes = new Uint8Array(0)
  #size = 0

  append(chunk: Uint8Array): void {
    const size = this.#size + chunk.byteLength
    if (size > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.byteLength, 65_536))
      grown.set(this.#bytes.subarray(0, this.#size))
      this.#bytes = grown
    }
    this.#bytes.set(chunk, this.#size)
    this.#size = size
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size)
  }
}

/** Native streaming over a stream of this library. */
interface NativeStream {
  readonly module: Promise<WebAssembly.Module>
  /** Whether the engine has ever pulled; before that, it has no bytes. */
  readonly started: () => boolean
  /** Resolves when the engine pulls, or needs no more bytes; `undefined` if either is already the case. */
  readonly ready: () => Promise<void> | undefined
  readonly enqueue: (chunk: Uint8Array) => void
  readonly close: () => void
  /** Makes the engine give up at once. */
  readonly fail: () => void
}

/** Opens native streaming; `undefined` if there is none, or it throws. */
const openNativeStream = (options: EngineOptions): NativeStream | undefined => {
  const { compileStreaming } = native
  if (compileStreaming === undefined) return undefined
  let controller: ReadableStreamDefaultController<unknown> | undefined
  let asked = false
  let started = false
  /** Whether nothing more can be enqueued. */
  let settled = false
  let wake = constVoid
  const settle = (): void => {
    settled = true
    wake()
  }
  let module: Promise<WebAssembly.Module>
  try {
    const body = newStream({
      start: (own) => void (controller = own),
      pull: () => {
        asked = true
        started = true
        wake()
      },
      cancel: settle,
    })
    module = compileStreaming(newResponse(body), options)
    module.then(settle, settle)
  } catch {
    return undefined
  }
  const close = (): void => {
    if (settled) return
    settled = true
    controller?.close()
  }
  return {
    module,
    started: () => started,
    ready: () =>
      asked || settled ? undefined : new NativePromise<void>((resolve) => (wake = resolve)),
    enqueue: (chunk) => {
      asked = false
      if (!settled) controller?.enqueue(chunk)
    },
    close,
    // A chunk that is not bytes fails a body. Failing the stream would too, but Firefox reports that on the console; and if
    // it only ended, Chromium would decode the bytes so far again for the words of its error.
    fail: () => {
      if (!settled) controller?.enqueue("")
      close()
    },
  }
}

/**
 * Compiles a complete module.
 *
 * @param bytes the module
 * @param options the compile options of the JavaScript API
 */
export const compileWhole = (
  bytes: Uint8Array<ArrayBuffer>,
  options: EngineOptions,
): Promise<WebAssembly.Module> =>
  native.compile?.(bytes, options) ??
    NativePromise.reject(new NativeCompileError("WebAssembly is disallowed by embedder"))

/**
 * Opens a feed.
 *
 * @param options the compile options of the JavaScript API
 */
export const openFeed = (options: EngineOptions): ModuleFeed => {
  const held = new HeldBytes()
  let stream = openNativeStream(options)
  let refuse: (reason: unknown) => void = constVoid
  const refused = new NativePromise<unknown>((resolve) => (refuse = resolve))
  const opened = stream
  opened?.module.catch((reason: unknown) => {
    // Without a byte, the engine rejected the stream, not the module: compile the whole instead.
    if (opened.started() || reason instanceof NativeCompileError) refuse(reason)
    else stream = undefined
  })

  const write = (chunk: Uint8Array): Promise<void> | undefined => {
    // An empty chunk would use up a pull without giving the engine any bytes.
    if (chunk.byteLength === 0) return undefined
    if (stream === undefined) return void held.append(chunk)
    // Then start over, as native streaming may have failed meanwhile.
    const ready = stream.ready()
    if (ready !== undefined) return ready.then(() => write(chunk))
    stream.enqueue(chunk)
    return undefined
  }

  return {
    write,
    end: () => {
      if (stream?.started() === true) {
        stream.close()
        return stream.module
      }
      stream?.fail()
      return compileWhole(held.take(), options)
    },
    refused,
    abandon: () => stream?.fail(),
  }
}

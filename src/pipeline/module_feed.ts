/**
 * Feeding chunks to the engine: plain TypeScript between the pipeline and `WebAssembly`.
 *
 * A feed streams where the engine takes a stream, and holds the bytes back to compile them as a whole where it does not.
 * The result is the same.
 *
 * @see https://webassembly.github.io/spec/web-api/#dom-webassembly-compilestreaming
 * @module
 */
import { constVoid } from "effect/Function"
import type { EngineOptions } from "../options.ts"
import { newResponse, newStream } from "../platform/brands.ts"
import { native, NativeCompileError, NativePromise } from "../platform/natives.ts"

/** A module in the making. Nothing of it rejects without being asked. */
export interface ModuleFeed {
  /** Hands over a chunk. The promise, if there is one, resolves when the engine wants the next one. */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined
  /** No more chunks will come. */
  readonly end: () => Promise<WebAssembly.Module>
  /** Resolves with the engine's reason as soon as it refuses what it has; stays pending otherwise. */
  readonly refused: Promise<unknown>
  /** Gives up: the engine is told, and what it says then is not heard. */
  readonly abandon: (reason: unknown) => void
}

/** Bytes that arrived so far, in one growing array. */
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
  const { compileStreaming } = native
  if (compileStreaming === undefined) return undefined
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let asked = false
  let started = false
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
  return {
    module,
    started: () => started,
    ready: () =>
      asked || settled ? undefined : new NativePromise<void>((resolve) => (wake = resolve)),
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

/**
 * Compiles a module whose bytes are all there.
 *
 * @param bytes the module
 * @param options the standard's compile options
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
 * @param options the standard's compile options
 */
export const openFeed = (options: EngineOptions): ModuleFeed => {
  const held = new HeldBytes()
  let stream = openNativeStream(options)
  let refuse: (reason: unknown) => void = constVoid
  const refused = new NativePromise<unknown>((resolve) => (refuse = resolve))
  const opened = stream
  opened?.module.catch((reason: unknown) => {
    // A refusal before the first byte is about the way of handing over, not about the module: compile the whole.
    if (opened.started() || reason instanceof NativeCompileError) refuse(reason)
    else stream = undefined
  })

  const write = (chunk: Uint8Array): Promise<void> | undefined => {
    // Zero bytes would be no answer to what the engine asks for.
    if (chunk.byteLength === 0) return undefined
    if (stream === undefined) return void held.append(chunk)
    // Afterwards from the start: the engine may have declined meanwhile.
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
      stream?.fail(new Error("The module is compiled as a whole"))
      return compileWhole(held.take(), options)
    },
    refused,
    abandon: (reason) => stream?.fail(reason),
  }
}

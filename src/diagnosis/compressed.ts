/**
 * Compressed data without a magic number: plain Brotli, raw deflate. Where the platform can decompress it, and a module
 * begins there, that is what it is.
 *
 * @module
 */
import { constVoid } from "effect/Function"
import type * as Zlib from "node:zlib"
import { advise } from "./advice.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { hasMagic } from "./wasm_header.ts"

interface Decompression {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/** It takes other formats than its type in most declarations knows. */
const construct: unknown = Reflect.get(globalThis, "DecompressionStream")

const isDecompression = (value: unknown): value is Decompression =>
  typeof value === "object" && value !== null && "readable" in value && "writable" in value

/** The first bytes of what data is decompressed to; `undefined` where it is not of that format, or that is not known here. */
const decompress = async (format: string, data: Uint8Array): Promise<Uint8Array | undefined> => {
  if (typeof construct !== "function") return undefined
  try {
    const stream: unknown = Reflect.construct(construct, [format])
    if (!isDecompression(stream)) return undefined
    const writer = stream.writable.getWriter()
    // The data may be cut: what it makes is read, and that it does not end is no matter.
    writer.write(data).catch(constVoid)
    writer.close().catch(constVoid)
    const reader = stream.readable.getReader()
    const { value } = await reader.read()
    reader.cancel().catch(constVoid)
    return value
  } catch {
    return undefined
  }
}

interface NodeLike {
  getBuiltinModule?(id: "node:zlib"): typeof Zlib | undefined
}

const brotliOfNode = (data: Uint8Array): Uint8Array | undefined => {
  const process: NodeLike | undefined = Reflect.get(globalThis, "process")
  try {
    const zlib = process?.getBuiltinModule?.("node:zlib")
    const finishFlush = zlib?.constants.BROTLI_OPERATION_FLUSH
    return finishFlush === undefined
      ? undefined
      : zlib?.brotliDecompressSync(data, { finishFlush, maxOutputLength: 2 ** 26 })
  } catch {
    return undefined
  }
}

const beginsModule = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined && bytes.length >= 4 && hasMagic(bytes)

/**
 * What bytes are that nothing else told.
 *
 * @param evidence what is known
 */
export const diagnoseCompressed = async (evidence: Evidence): Promise<Diagnosis | undefined> => {
  const { head } = evidence
  if (head.length < 8 || hasMagic(head)) return undefined
  const found = (reason: "brotli" | "deflate", name: string, coding: string): Diagnosis =>
    advise({
      reason,
      what: `is not a WebAssembly module: it is a module compressed with ${name}`,
      advice: coding,
    }, evidence)
  if (
    beginsModule(await decompress("brotli", head) ?? brotliOfNode(head))
  ) {
    return found("brotli", "Brotli", "Serve it with Content-Encoding: br, or decompress it first")
  }
  if (beginsModule(await decompress("deflate-raw", head))) {
    return found(
      "deflate",
      "raw deflate, without zlib's header",
      "Decompress it first, or compress it with gzip and serve it with Content-Encoding: gzip",
    )
  }
  return undefined
}

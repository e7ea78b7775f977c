/**
 * Recognises compressed data without a magic number, such as Brotli and raw deflate: if the platform can decompress it, and
 * the result begins like a module, that proves the format.
 *
 * @module
 */
import { constVoid } from "effect/Function"
import type * as Zlib from "node:zlib"
import { advise } from "./advice.ts"
import { decodeBase64 } from "./base64.ts"
import { beforePacked, startsAfterPrefix } from "./before.ts"
import { diagnose } from "./diagnose.ts"
import type { Diagnosis, Evidence } from "./diagnosis.ts"
import { quoting, readText } from "./head_text.ts"
import { hasMagic } from "./wasm_header.ts"
import { base64In } from "./written_out.ts"

interface Decompression {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/** Used without its type, as most declarations lack some of the formats. */
const construct: unknown = Reflect.get(globalThis, "DecompressionStream")

const isDecompression = (value: unknown): value is Decompression =>
  typeof value === "object" && value !== null && "readable" in value && "writable" in value

/** The first bytes of the decompressed data; `undefined` if it has another format, or the platform does not support it. */
const decompress = async (format: string, data: Uint8Array): Promise<Uint8Array | undefined> => {
  if (typeof construct !== "function") return undefined
  try {
    const stream: unknown = Reflect.construct(construct, [format])
    if (!isDecompression(stream)) return undefined
    const writer = stream.writable.getWriter()
    // The data may be cut, so errors at its end are ignored.
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

/** A compression without a magic number, with a module inside. */
interface Found {
  readonly reason: "brotli" | "deflate" | "zlib"
  readonly name: string
  readonly advice: string
}

const compressionOf = async (data: Uint8Array): Promise<Found | undefined> => {
  if (data.length < 8 || hasMagic(data)) return undefined
  if (beginsModule(await decompress("brotli", data) ?? brotliOfNode(data))) {
    return {
      reason: "brotli",
      name: "a module compressed with Brotli",
      advice: "Serve it with Content-Encoding: br, or decompress it first",
    }
  }
  // zlib has no magic number, only a header with many values, of which `magic_numbers.ts` has the frequent ones.
  if (beginsModule(await decompress("deflate", data))) {
    return {
      reason: "zlib",
      name: "a module compressed with zlib",
      advice: "Serve it with Content-Encoding: deflate, or decompress it first",
    }
  }
  if (beginsModule(await decompress("deflate-raw", data))) {
    return {
      reason: "deflate",
      name: "a module compressed with raw deflate, without zlib's header",
      advice:
        "Decompress it first, or compress it with gzip and serve it with Content-Encoding: gzip",
    }
  }
  return undefined
}

/** The most places after lines of text that are tried. */
const mostStarts = 40

/**
 * Recognises compressed data without a magic number: by itself, after a prefix, or in Base64.
 *
 * @param evidence what is known about the bytes
 */
const diagnoseCompressed = async (evidence: Evidence): Promise<Diagnosis | undefined> => {
  const { head } = evidence
  const found = await compressionOf(head)
  if (found !== undefined) {
    const { advice, name, reason } = found
    return advise({ reason, what: `is not a WebAssembly module: it is ${name}`, advice }, evidence)
  }
  const { text, textual } = readText(head)
  if (textual) {
    const inside = await compressionOf(decodeBase64(base64In(text), head.length).bytes)
    return inside && quoting(
      "base64",
      `${inside.name}, in Base64`,
      text,
      "Decode it, and decompress it, before serving it, or before compiling",
    )
  }
  let tried = 0
  for (const start of startsAfterPrefix(head)) {
    if (++tried > mostStarts) return undefined
    const behind = await compressionOf(head.subarray(start))
    if (behind !== undefined) return beforePacked(head, start, behind.name)
  }
  return undefined
}

/**
 * Like {@linkcode diagnose}, but also tries to decompress the bytes if nothing more specific than text or a prefix is
 * recognised.
 *
 * @param evidence what is known about the bytes
 * @returns what they are, or `undefined` if nothing is recognised
 */
export const diagnoseThoroughly = async (evidence: Evidence): Promise<Diagnosis | undefined> => {
  const found = diagnose(evidence)
  // Compression stores what it cannot shorten as it is, after a few bytes, which looks like a prefixed module.
  return found === undefined || found.reason === "text" || found.reason === "prefixed-module"
    ? await diagnoseCompressed(evidence) ?? found
    : found
}

/**
 * Compressed data without a magic number: plain Brotli, raw deflate. Where the platform can decompress it, and a module
 * begins there, that is what it is.
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

/** A compression without a magic number, in which a module is found. */
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
  // Its header has no magic number: of many, only the frequent ones are known by their bytes.
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

/** More places behind lines of text than this are not tried. */
const mostStarts = 40

/**
 * What bytes are that have no magic number: alone, behind a prefix, or in Base64.
 *
 * @param evidence what is known
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
 * Says what bytes are that are not a WebAssembly core module, or what happened to them; with a look into compressed data
 * where nothing else tells more than that it is text.
 *
 * @param evidence what is known of the bytes
 * @returns what they are, or `undefined` where nothing is recognised
 */
export const diagnoseThoroughly = async (evidence: Evidence): Promise<Diagnosis | undefined> => {
  const found = diagnose(evidence)
  // What compression cannot make shorter stands in the compressed data as it is, behind a few bytes.
  return found === undefined || found.reason === "text" || found.reason === "prefixed-module"
    ? await diagnoseCompressed(evidence) ?? found
    : found
}

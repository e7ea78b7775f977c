/**
 * Recognises binary formats by their magic numbers: compressed data, archives, executables, images.
 *
 * @module
 */
import { holds } from "./bytes.ts"
import type { Diagnosis, DiagnosisReason } from "./diagnosis.ts"
import { readText } from "./head_text.ts"
import { hexOf } from "./print.ts"

/** A format: the bytes `magic` at `offset`, which defaults to 0, and a further test. A `guess` is reported as one. */
export interface Format {
  readonly reason: DiagnosisReason
  readonly name: string
  readonly guess?: boolean
  readonly magic: string
  readonly offset?: number
  readonly also?: (head: Uint8Array) => boolean
}

const isBinary = (head: Uint8Array): boolean => !readText(head).textual

/** A universal Mach-O file has a small count of architectures where a Java class has its version, 45 or more. */
const countsArchitectures = (head: Uint8Array): boolean =>
  holds(head, "00 00 00", 4) && (head[7] ?? 0xff) < 45

/** The dictionary of LZMA has 2^n bytes, or half as many again, and the size of the data is below 2^40, or unknown. */
const isLzma = (head: Uint8Array): boolean =>
  head.length >= 13 && /^11?0*$/.test(((head[3] ?? 0) + 256 * (head[4] ?? 0xff)).toString(2)) &&
  (head[4] ?? 0xff) <= 8 &&
  (holds(head, "00 00 00", 10) || holds(head, "ff ff ff ff ff ff ff ff", 5))

/** An icon's directory has at least one image, and a reserved zero byte. */
const holdsIcons = (head: Uint8Array): boolean =>
  (head[4] ?? 0) > 0 && head[5] === 0 && head[9] === 0

// deno-fmt-ignore
const formats: ReadonlyArray<Format> = [
  { reason: "gzip", name: "data compressed with gzip", magic: "1f 8b" },
  { reason: "zstd", name: "data compressed with Zstandard", magic: "28 b5 2f fd" },
  { reason: "xz", name: "data compressed with xz", magic: "fd 37 7a 58 5a 00" },
  { reason: "bzip2", name: "data compressed with bzip2", magic: "42 5a 68", also: (head) => holds(head, "31 41 59 26 53 59", 4) },
  { reason: "lzma", name: "data compressed with LZMA", magic: "5d 00 00", also: isLzma },
  { reason: "brotli", name: "data compressed with Brotli by Unity", magic: "6b 8d 00 55 6e 69 74 79 57 65 62" },
  { reason: "lz4", name: "data compressed with LZ4", magic: "04 22 4d 18" },
  { reason: "zlib", guess: true, name: "data compressed with zlib", magic: "78 01", also: isBinary },
  { reason: "zlib", guess: true, name: "data compressed with zlib", magic: "78 5e", also: isBinary },
  { reason: "zlib", guess: true, name: "data compressed with zlib", magic: "78 9c" },
  { reason: "zlib", guess: true, name: "data compressed with zlib", magic: "78 da" },
  { reason: "zip", name: "a ZIP archive", magic: "50 4b 03 04" },
  { reason: "zip", name: "an empty ZIP archive", magic: "50 4b 05 06" },
  { reason: "zip", name: "a part of a ZIP archive", magic: "50 4b 07 08" },
  { reason: "7z", name: "a 7z archive", magic: "37 7a bc af 27 1c" },
  { reason: "rar", name: "a RAR archive", magic: "52 61 72 21 1a 07" },
  { reason: "tar", name: "a tar archive", magic: "75 73 74 61 72", offset: 257 },
  { reason: "precompiled", name: "a module compiled ahead of time by Wasmtime", magic: "7f 45 4c 46", also: (head) => head[7] === 200 },
  { reason: "precompiled", name: "a module compiled ahead of time by WAMR", magic: "00 61 6f 74" },
  { reason: "webc", name: "a Wasmer package", magic: "00 77 65 62 63" },
  { reason: "native-executable", name: "an ELF executable or library", magic: "7f 45 4c 46" },
  { reason: "native-executable", name: "a Mach-O executable or library", magic: "fe ed fa ce" },
  { reason: "native-executable", name: "a Mach-O executable or library", magic: "fe ed fa cf" },
  { reason: "native-executable", name: "a Mach-O executable or library", magic: "ce fa ed fe" },
  { reason: "native-executable", name: "a Mach-O executable or library", magic: "cf fa ed fe" },
  { reason: "native-executable", name: "a Mach-O executable or library for several architectures", magic: "ca fe ba be", also: countsArchitectures },
  { reason: "native-executable", name: "a Mach-O executable or library for several architectures", magic: "ca fe ba bf" },
  { reason: "native-executable", name: "a Mach-O executable or library for several architectures", magic: "be ba fe ca" },
  { reason: "native-executable", name: "a Mach-O executable or library for several architectures", magic: "bf ba fe ca" },
  { reason: "java-class", name: "a Java class", magic: "ca fe ba be", also: (head) => head.length >= 8 },
  { reason: "native-executable", name: "a Windows executable or library", magic: "4d 5a", also: isBinary },
  { reason: "llvm-bitcode", name: "LLVM bitcode", magic: "42 43 c0 de" },
  { reason: "llvm-bitcode", name: "LLVM bitcode", magic: "de c0 17 0b" },
  { reason: "object-archive", name: "an archive of object files", magic: "21 3c 61 72 63 68 3e 0a" },
  { reason: "object-archive", name: "an archive of object files", magic: "21 3c 74 68 69 6e 3e 0a" },
  { reason: "pdf", name: "a PDF document", magic: "25 50 44 46 2d" },
  { reason: "image", name: "a PNG image", magic: "89 50 4e 47 0d 0a 1a 0a" },
  { reason: "image", name: "a JPEG image", magic: "ff d8 ff" },
  { reason: "image", name: "a GIF image", magic: "47 49 46 38" },
  { reason: "image", name: "a WebP image", magic: "52 49 46 46", also: (head) => holds(head, "57 45 42 50", 8) },
  { reason: "image", name: "an icon", magic: "00 00 01 00", also: holdsIcons },
]

const unpack = "Unpack it, and serve the .wasm file inside"
const document = "Check the URL, and which file is at that path"

// deno-fmt-ignore
const advice: ReadonlyMap<DiagnosisReason, string> = new Map([
  ["gzip", "Serve it with Content-Encoding: gzip, or decompress it first"],
  ["zstd", "Serve it with Content-Encoding: zstd to clients that accept it, or decompress it first"],
  ["zlib", "Serve it with Content-Encoding: deflate, or decompress it first"],
  ["xz", "Decompress it first: there is no Content-Encoding for it"],
  ["bzip2", "Decompress it first: there is no Content-Encoding for it"],
  ["lzma", "Decompress it first: there is no Content-Encoding for it"],
  ["brotli", "Serve it with Content-Encoding: br, or decompress it first"],
  ["lz4", "Decompress it first: there is no Content-Encoding for it"],
  ["zip", unpack],
  ["7z", unpack],
  ["rar", unpack],
  ["tar", unpack],
  ["precompiled", "Serve the .wasm file that it was compiled from: only that runtime can load this one"],
  ["webc", "Unpack it with Wasmer's tools, and serve the .wasm file inside"],
  ["native-executable", "Build for a WebAssembly target, such as wasm32-unknown-unknown or wasm32-wasip1, and serve that output"],
  ["llvm-bitcode", "Link it with wasm-ld, or let the compiler driver do so: this is an intermediate file"],
  ["object-archive", "Link it into a module with wasm-ld or the compiler driver"],
  ["java-class", "Compile to WebAssembly, and serve the .wasm file"],
  ["pdf", document],
  ["image", document],
])

/** The usual names of a tar archive compressed with gzip. */
const tarball = /\.(?:tgz|tar\.gz)$/i

/**
 * The binary format of bytes, by its magic number.
 *
 * @param head the first bytes
 */
export const formatOf = (head: Uint8Array): Format | undefined =>
  formats.find(({ also, magic, offset }) =>
    holds(head, magic, offset) && (also === undefined || also(head))
  )

/**
 * Recognises a binary format by its magic number.
 *
 * @param head the first bytes
 * @param path the URL's path, or ""
 */
export const diagnoseMagicNumber = (head: Uint8Array, path: string): Diagnosis | undefined => {
  const format = formatOf(head)
  if (format === undefined) return undefined
  const { guess = false, magic, name, offset = 0, reason } = format
  const seen = hexOf(head.subarray(offset, offset + magic.split(" ").length))
  return {
    reason,
    what: `is not a WebAssembly module: it ${guess ? "looks like" : "is"} ${name} (${
      offset === 0 ? "it begins" : `at byte ${offset}`
    } with ${seen})`,
    advice: reason === "gzip" && tarball.test(path) ? unpack : advice.get(reason) ?? document,
  }
}

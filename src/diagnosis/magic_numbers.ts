/**
 * Binary formats that begin with a magic number: compressed data, archives, executables, images.
 *
 * @module
 */
import { holds } from "./bytes.ts"
import type { Diagnosis, DiagnosisReason } from "./diagnosis.ts"
import { readText } from "./head_text.ts"
import { hexOf } from "./print.ts"

/** A row: the format's name begins the sentence; the bytes have to stand at the offset, and the test has to agree. */
interface Format {
  readonly reason: DiagnosisReason
  readonly name: string
  readonly magic: string
  readonly offset?: number
  readonly also?: (head: Uint8Array) => boolean
}

const isBinary = (head: Uint8Array): boolean => !readText(head).textual

/** A fat Mach-O file counts a few architectures where a Java class has its version, which is 45 or more. */
const countsArchitectures = (head: Uint8Array): boolean =>
  holds(head, "00 00 00", 4) && (head[7] ?? 0xff) < 45

/** An icon's directory: at least one image, and a reserved byte. */
const holdsIcons = (head: Uint8Array): boolean =>
  (head[4] ?? 0) > 0 && head[5] === 0 && head[9] === 0

// deno-fmt-ignore
const formats: ReadonlyArray<Format> = [
  { reason: "gzip", name: "Data compressed with gzip", magic: "1f 8b" },
  { reason: "zstd", name: "Data compressed with Zstandard", magic: "28 b5 2f fd" },
  { reason: "xz", name: "Data compressed with xz", magic: "fd 37 7a 58 5a 00" },
  { reason: "bzip2", name: "Data compressed with bzip2", magic: "42 5a 68", also: (head) => holds(head, "31 41 59 26 53 59", 4) },
  { reason: "lz4", name: "Data compressed with LZ4", magic: "04 22 4d 18" },
  { reason: "zlib", name: "Looks like data compressed with zlib", magic: "78 01", also: isBinary },
  { reason: "zlib", name: "Looks like data compressed with zlib", magic: "78 5e", also: isBinary },
  { reason: "zlib", name: "Looks like data compressed with zlib", magic: "78 9c" },
  { reason: "zlib", name: "Looks like data compressed with zlib", magic: "78 da" },
  { reason: "zip", name: "A ZIP archive", magic: "50 4b 03 04" },
  { reason: "zip", name: "An empty ZIP archive", magic: "50 4b 05 06" },
  { reason: "zip", name: "A part of a ZIP archive", magic: "50 4b 07 08" },
  { reason: "7z", name: "A 7z archive", magic: "37 7a bc af 27 1c" },
  { reason: "rar", name: "A RAR archive", magic: "52 61 72 21 1a 07" },
  { reason: "tar", name: "A tar archive", magic: "75 73 74 61 72", offset: 257 },
  { reason: "precompiled", name: "A module compiled ahead of time by Wasmtime", magic: "7f 45 4c 46", also: (head) => head[7] === 200 },
  { reason: "precompiled", name: "A module compiled ahead of time by WAMR", magic: "00 61 6f 74" },
  { reason: "webc", name: "A Wasmer package", magic: "00 77 65 62 63" },
  { reason: "native-executable", name: "An ELF executable or library", magic: "7f 45 4c 46" },
  { reason: "native-executable", name: "A Mach-O executable or library", magic: "fe ed fa ce" },
  { reason: "native-executable", name: "A Mach-O executable or library", magic: "fe ed fa cf" },
  { reason: "native-executable", name: "A Mach-O executable or library", magic: "ce fa ed fe" },
  { reason: "native-executable", name: "A Mach-O executable or library", magic: "cf fa ed fe" },
  { reason: "native-executable", name: "A Mach-O executable or library for several architectures", magic: "ca fe ba be", also: countsArchitectures },
  { reason: "native-executable", name: "A Mach-O executable or library for several architectures", magic: "ca fe ba bf" },
  { reason: "native-executable", name: "A Mach-O executable or library for several architectures", magic: "be ba fe ca" },
  { reason: "native-executable", name: "A Mach-O executable or library for several architectures", magic: "bf ba fe ca" },
  { reason: "java-class", name: "A Java class", magic: "ca fe ba be", also: (head) => head.length >= 8 },
  { reason: "native-executable", name: "A Windows executable or library", magic: "4d 5a", also: isBinary },
  { reason: "llvm-bitcode", name: "LLVM bitcode", magic: "42 43 c0 de" },
  { reason: "llvm-bitcode", name: "LLVM bitcode", magic: "de c0 17 0b" },
  { reason: "object-archive", name: "An archive of object files", magic: "21 3c 61 72 63 68 3e 0a" },
  { reason: "object-archive", name: "An archive of object files", magic: "21 3c 74 68 69 6e 3e 0a" },
  { reason: "pdf", name: "A PDF document", magic: "25 50 44 46 2d" },
  { reason: "image", name: "A PNG image", magic: "89 50 4e 47 0d 0a 1a 0a" },
  { reason: "image", name: "A JPEG image", magic: "ff d8 ff" },
  { reason: "image", name: "A GIF image", magic: "47 49 46 38" },
  { reason: "image", name: "A WebP image", magic: "52 49 46 46", also: (head) => holds(head, "57 45 42 50", 8) },
  { reason: "image", name: "An icon", magic: "00 00 01 00", also: holdsIcons },
]

const unpack = "Unpack it, and serve the .wasm file inside"
const document = "Check the URL, and which file the server keeps at that path"

// deno-fmt-ignore
const advice: ReadonlyMap<DiagnosisReason, string> = new Map([
  ["gzip", "Serve it with Content-Encoding: gzip, or unpack it"],
  ["zstd", "Serve it with Content-Encoding: zstd to clients that accept it, or unpack it"],
  ["zlib", "Serve it with Content-Encoding: deflate, or unpack it"],
  ["xz", "Unpack it: browsers know no Content-Encoding of that kind"],
  ["bzip2", "Unpack it: browsers know no Content-Encoding of that kind"],
  ["lz4", "Unpack it: browsers know no Content-Encoding of that kind"],
  ["zip", unpack],
  ["7z", unpack],
  ["rar", unpack],
  ["tar", unpack],
  ["precompiled", "Serve the .wasm file that it was compiled from: only that runtime can load this one"],
  ["webc", "Unpack it with Wasmer's tools, and serve the .wasm file inside"],
  ["native-executable", "Build for a WebAssembly target, such as wasm32-unknown-unknown or wasm32-wasip1, and serve that output"],
  ["llvm-bitcode", "Let the toolchain go on to the end: compile it for a wasm32 target, and link it with wasm-ld"],
  ["object-archive", "Link it into a module with wasm-ld or the compiler's driver, and serve that"],
  ["java-class", "Compile to WebAssembly, and serve the .wasm file"],
  ["pdf", document],
  ["image", document],
])

/** `tar` inside gzip, by its common names. */
const tarball = /\.(?:tgz|tar\.gz)$/i

/**
 * The binary format whose magic number bytes begin with.
 *
 * @param head the first bytes
 * @param path the URL's path, or nothing
 */
export const diagnoseMagicNumber = (head: Uint8Array, path: string): Diagnosis | undefined => {
  const format = formats.find(({ also, magic, offset }) =>
    holds(head, magic, offset) && (also === undefined || also(head))
  )
  if (format === undefined) return undefined
  const { magic, name, offset = 0, reason } = format
  const seen = hexOf(head.subarray(offset, offset + magic.split(" ").length))
  return {
    reason,
    what: `${name} (${offset === 0 ? "it begins" : `at byte ${offset}`} with ${seen})`,
    advice: reason === "gzip" && tarball.test(path) ? unpack : advice.get(reason) ?? document,
  }
}

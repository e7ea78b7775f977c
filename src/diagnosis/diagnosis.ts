/**
 * The types of the diagnosis: the evidence, the finding, and its reason.
 *
 * @module
 */

/**
 * What was recognised. The names are stable: match these, not the sentences.
 *
 * Not a module:
 *
 * - `empty`: no bytes at all
 * - `html`, `xml`, `json`, `javascript`: what servers and bundlers send instead
 * - `script`: text that begins with `#!` and names an interpreter other than a JavaScript runtime
 * - `stringified-object`: `[object ArrayBuffer]` and the like
 * - `text`: other text, in UTF-8; `utf16`: other text, in UTF-16
 * - `multipart`: several parts in one body, from a form or a request for ranges
 * - `git-lfs-pointer`: what Git LFS leaves in place of a file
 * - `pdf`, `image`, `java-class`
 *
 * WebAssembly, but not a core module in the binary format:
 *
 * - `component`: a component in the binary format
 * - `version`: the magic number of a module, then a version other than 1
 * - `wasm-text`: a module, component or script in the text format
 * - `precompiled`: a module compiled ahead of time for one runtime
 * - `webc`: a Wasmer package
 * - `llvm-bitcode`, `object-archive`, `native-executable`: what toolchains produce before a module, or instead of one
 *
 * A module that was damaged or packed:
 *
 * - `truncated`: the end is missing
 * - `trailing-bytes`: a complete module, then something else
 * - `zero-filled`: all of it, or a part, is replaced by zeros
 * - `missing-bytes`, `extra-bytes`: bytes are missing inside of it, or were added
 * - `gzip`, `brotli`, `zstd`, `zlib`, `deflate`, `xz`, `lzma`, `bzip2`, `lz4`: compressed data
 * - `zip`, `tar`, `7z`, `rar`: archives
 * - `bom-prefixed-module`, `prefixed-module`: a module after a byte order mark, or after other bytes
 * - `line-endings`: a module in which each LF was turned into CR LF, or each CR LF into LF
 * - `decoded-as-text`: a module whose bytes were decoded as text, then encoded again
 * - `base64`, `hex`, `byte-list`, `escaped`: a module written out in characters
 */
export type DiagnosisReason =
  | "7z"
  | "base64"
  | "bom-prefixed-module"
  | "brotli"
  | "byte-list"
  | "bzip2"
  | "component"
  | "decoded-as-text"
  | "deflate"
  | "empty"
  | "escaped"
  | "extra-bytes"
  | "git-lfs-pointer"
  | "gzip"
  | "hex"
  | "html"
  | "image"
  | "java-class"
  | "javascript"
  | "json"
  | "line-endings"
  | "llvm-bitcode"
  | "lz4"
  | "lzma"
  | "missing-bytes"
  | "multipart"
  | "native-executable"
  | "object-archive"
  | "pdf"
  | "precompiled"
  | "prefixed-module"
  | "rar"
  | "script"
  | "stringified-object"
  | "tar"
  | "text"
  | "trailing-bytes"
  | "truncated"
  | "utf16"
  | "version"
  | "wasm-text"
  | "webc"
  | "xml"
  | "xz"
  | "zero-filled"
  | "zip"
  | "zlib"
  | "zstd"

/** What bytes were recognised as. */
export interface Diagnosis {
  /** The kind, to match on. */
  readonly reason: DiagnosisReason
  /**
   * The finding, as a predicate to put after a name for the bytes: `is not a WebAssembly module: it is …`. One line of
   * printable characters, without a final period. It says "looks like" if the evidence leaves doubt.
   */
  readonly what: string
  /** What to do about it, on one line, without a final period. */
  readonly advice: string
}

/** Bytes, and their offset in the whole. */
export interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Where the decoder stopped: at an error, or at an unknown construct. */
export interface Stop {
  readonly offset: number
  /** Whether it stood aside, at a construct that is not in the specification. */
  readonly isAside: boolean
  /** The section, by its name in the specification. */
  readonly section: string | undefined
  /** Whether it stopped because the bytes ended too early. */
  readonly isAtEnd: boolean
}

/** What is known about bytes that are not the expected module. */
export interface Evidence {
  /** The first bytes, as they were received. */
  readonly head: Uint8Array
  /** Other bytes that were kept, in order. */
  readonly pieces?: ReadonlyArray<Piece> | undefined
  /** Whether the bytes received are all there are. */
  readonly ended: boolean
  /** The number of bytes received; needed only if `head` does not hold them all. */
  readonly size?: number | undefined
  /** The expected number of bytes: `Content-Length`, if it counts these bytes (no Content-Encoding). */
  readonly declaredSize?: number | undefined
  /** Where the decoder stopped, if it did. */
  readonly stop?: Stop | undefined
  /** Where the last function bodies before the stop begin, after their sizes. */
  readonly bodies?: {
    /** The index of the function that the first of them belongs to. */
    readonly firstIndex: number
    readonly starts: ReadonlyArray<number>
  } | undefined
  /** Where a complete module ends, if the bytes begin with one. */
  readonly wholeAt?: number | undefined
  /** Where the last section of that module begins, after its size, if it is a custom section. */
  readonly lastCustom?: number | undefined
  /** The value of `Content-Type`: a hint if the bytes alone are inconclusive. */
  readonly contentType?: string | null | undefined
  /** The value of `Content-Encoding`. */
  readonly contentEncoding?: string | null | undefined
  /** The value of `Content-Range`. */
  readonly contentRange?: string | null | undefined
  /** The HTTP status code. */
  readonly status?: number | undefined
  /** Whether the request was redirected. */
  readonly redirected?: boolean | undefined
  /** The URL: a hint if the bytes alone are inconclusive. */
  readonly url?: string | undefined
}

/**
 * The vocabulary of the diagnosis: the evidence, what is found, and the reasons by which findings are told apart.
 *
 * @module
 */

/**
 * What was recognised. The names are stable: match these, not the sentences.
 *
 * No module, in whole or in part:
 *
 * - `empty`: no bytes at all
 * - `html`, `xml`, `json`, `javascript`: what servers and bundlers send instead
 * - `script`: text that begins with `#!`, for another interpreter than a JavaScript runtime
 * - `stringified-object`: `[object ArrayBuffer]` and its like
 * - `text`: other text, in UTF-8; `utf16`: other text, in UTF-16
 * - `multipart`: several parts in one body, from a form or a request for ranges
 * - `git-lfs-pointer`: what Git LFS leaves in place of a file
 * - `pdf`, `image`, `java-class`
 *
 * WebAssembly, but not a core module in the binary format:
 *
 * - `component`: a component in the binary format
 * - `version`: the magic number of a module, then another version than 1
 * - `wasm-text`: a module, component or script in the text format
 * - `precompiled`: a module compiled ahead of time for one runtime
 * - `webc`: a Wasmer package
 * - `llvm-bitcode`, `object-archive`, `native-executable`: what toolchains produce before it, or instead of it
 *
 * A module that something happened to:
 *
 * - `truncated`: the end is missing
 * - `trailing-bytes`: a whole module, then something else
 * - `zero-filled`: zeros in place of all of it, or of a part
 * - `missing-bytes`, `extra-bytes`: bytes are missing inside of it, or were added
 * - `gzip`, `brotli`, `zstd`, `zlib`, `deflate`, `xz`, `lzma`, `bzip2`, `lz4`: compressed data
 * - `zip`, `tar`, `7z`, `rar`: archives
 * - `bom-prefixed-module`, `prefixed-module`: a module after a byte order mark, or after other bytes
 * - `line-endings`: a module in which each LF became CR LF, or each CR LF became LF
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
   * What is said of the bytes, after their name: `is not a WebAssembly module: it is …`. One line of printable characters,
   * without a final period. Where the evidence allows of doubt it has "looks like".
   */
  readonly what: string
  /** What to do about it, on one line, without a final period. */
  readonly advice: string
}

/** Bytes, and where they stand in the whole. */
export interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Where the decoder stopped: at a fault, or at what it does not know. */
export interface Stop {
  readonly offset: number
  /** Whether it stood aside, as the specification does not know what it met. */
  readonly isAside: boolean
  /** The section, by its name in the specification. */
  readonly section: string | undefined
  /** Whether the bytes had ended, and too early. */
  readonly isAtEnd: boolean
}

/** What is known of bytes that are not the module that was expected. */
export interface Evidence {
  /** The first bytes, as they were received. */
  readonly head: Uint8Array
  /** Other bytes that were kept, in order. */
  readonly pieces?: ReadonlyArray<Piece> | undefined
  /** Whether there are no more bytes than were received. */
  readonly ended: boolean
  /** How many bytes were received; needed only where they are more than `head` holds. */
  readonly size?: number | undefined
  /** How many bytes there should be: `Content-Length`, only where it counts these bytes (no Content-Encoding). */
  readonly declaredSize?: number | undefined
  /** Where the decoder stopped, if it did. */
  readonly stop?: Stop | undefined
  /** Where the last function bodies before the stop begin, behind their sizes; none if absent. */
  readonly bodies?: {
    /** The function that the first of them is of. */
    readonly firstIndex: number
    readonly starts: ReadonlyArray<number>
  } | undefined
  /** Where a module ended that was whole, if one was. */
  readonly wholeAt?: number | undefined
  /** Where its last section begins, behind its size, if that is a custom section. */
  readonly lastCustom?: number | undefined
  /** The value of `Content-Type`: a hint where bytes alone decide nothing. */
  readonly contentType?: string | null | undefined
  /** The value of `Content-Encoding`. */
  readonly contentEncoding?: string | null | undefined
  /** The value of `Content-Range`. */
  readonly contentRange?: string | null | undefined
  /** The HTTP status code. */
  readonly status?: number | undefined
  /** Whether the response came after redirects. */
  readonly redirected?: boolean | undefined
  /** The URL: a hint where bytes alone decide nothing. */
  readonly url?: string | undefined
}

/**
 * The vocabulary of the diagnosis: what it is told, what it answers, and the reasons by which answers are told apart.
 *
 * @module
 */

/** How many first bytes {@linkcode Evidence.head} holds at most. More would tell no more; fewer are welcome too. */
export const HEAD_SIZE: number = 1024

/**
 * What was recognised. The names are stable: match these, not the sentences.
 *
 * No module, in whole or in part:
 *
 * - `empty`: no bytes at all
 * - `html`, `xml`, `json`, `javascript`: what servers and bundlers answer instead
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
 * - `truncated`: fewer bytes than declared, or than a header has
 * - `gzip`, `brotli`, `zstd`, `zlib`, `xz`, `bzip2`, `lz4`: compressed data
 * - `zip`, `tar`, `7z`, `rar`: archives
 * - `bom-prefixed-module`, `prefixed-module`: a module after a byte order mark, or after other bytes
 * - `line-endings`: a module with CR LF where it had LF
 * - `decoded-as-text`: a module whose bytes were decoded as text, then encoded again
 * - `base64`, `hex`, `byte-list`: a module written out in characters
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
  | "empty"
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
  | "truncated"
  | "utf16"
  | "version"
  | "wasm-text"
  | "webc"
  | "xml"
  | "xz"
  | "zip"
  | "zlib"
  | "zstd"

/** What a body was recognised as. */
export interface Diagnosis {
  /** The kind, to match on. */
  readonly reason: DiagnosisReason
  /**
   * What it is, with the evidence, on one line of printable characters, without a final period. Where the evidence
   * allows of doubt it begins with "Looks like".
   */
  readonly what: string
  /** What to do about it, on one line, without a final period. */
  readonly advice: string
}

/** What is known of a body. */
export interface Evidence {
  /** The first bytes as they came, up to {@linkcode HEAD_SIZE}; any more are not looked at. */
  readonly head: Uint8Array
  /** Whether the body has ended: after these bytes, or later with no more to come. */
  readonly ended: boolean
  /** How many bytes came so far, in bytes; needed only where they are more than `head` holds. */
  readonly size?: number | undefined
  /** How many bytes should come, in bytes: `Content-Length`, only where it counts these bytes (no Content-Encoding). */
  readonly declaredSize?: number | undefined
  /** The value of `Content-Type`: a hint where bytes alone decide nothing. */
  readonly contentType?: string | null | undefined
  /** The URL: a hint where bytes alone decide nothing. */
  readonly url?: string | undefined
}

/**
 * Recognises bytes with WebAssembly's magic number that are not a core module: components, other versions, cut headers.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module
 * @module
 */
import { holds } from "./bytes.ts"
import type { Diagnosis } from "./diagnosis.ts"
import { count, hexOf } from "./print.ts"

/** The header of a module: `\0asm`, version 1. */
export const header = "00 61 73 6d 01 00 00 00"
/** The size of the header, in bytes. */
export const headerSize = 8

/**
 * Whether bytes begin with the header of a core module.
 *
 * @param head the first bytes
 */
export const hasModuleHeader = (head: Uint8Array): boolean => holds(head, header)

/**
 * Whether bytes begin with the magic number, or are the beginning of it.
 *
 * @param head the first bytes
 */
export const hasMagic = (head: Uint8Array): boolean =>
  head.length === 0 || holds(head, header.slice(0, Math.min(head.length, 4) * 3 - 1))

/**
 * Recognises bytes that begin with the magic number but not with version 1; `undefined` if more bytes are needed.
 *
 * @param head the first bytes
 * @param ended whether these are all the bytes
 */
export const diagnoseHeader = (head: Uint8Array, ended: boolean): Diagnosis | undefined => {
  if (head.length === 0 || !hasMagic(head) || hasModuleHeader(head)) return undefined
  if (head.length < headerSize) {
    if (!ended) return undefined
    return {
      reason: "truncated",
      what: `is cut short: it ends after ${count(head.length)} of a module's header (${
        hexOf(head)
      })`,
      advice: "Load it again; if that does not help, check that the build wrote the whole file",
    }
  }
  const field = hexOf(head.subarray(4, headerSize))
  if (holds(head, "01 00", 6)) {
    return {
      reason: "component",
      what: `is a WebAssembly component, not a core module (its version field is ${field})`,
      advice: "Transpile it with jco, or extract its core module",
    }
  }
  const experimental = holds(head, "0d 00 00 00", 4)
  const version = head.subarray(4, headerSize).reduceRight((sum, byte) => sum * 256 + byte, 0)
  return {
    reason: "version",
    what: experimental
      ? `is a WebAssembly module of the experimental version 13, from before 1.0 (its version field is ${field})`
      : `is not a WebAssembly module of version 1: its version is ${version} (${field})`,
    advice: experimental
      ? "Rebuild it with a current toolchain"
      : "Rebuild it; if the build is right, something changed the file on its way",
  }
}

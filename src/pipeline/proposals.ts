/**
 * Recognizes bytes of proposals beyond WebAssembly 3.0, which full validation rejects as unsupported, not as malformed.
 *
 * @see https://github.com/WebAssembly/proposals
 * @module
 */
import type { DecodeError, DecodeErrorCode } from "../binary/errors.ts"
import type { Piece } from "../diagnosis/diagnosis.ts"

type Row = readonly [code: DecodeErrorCode, bytes: ReadonlyArray<number>, name: string]

/** The decoder's codes for a malformed byte, the bytes to which proposals give a meaning, and the proposals. */
// deno-fmt-ignore
const rows: ReadonlyArray<Row> = [
  ["malformed-import-kind", [0x7e, 0x7f], "compact import section"],
  ["malformed-import-kind", [0x20], "exact function imports, of custom descriptors"],
  ["malformed-export-kind", [0x20], "exact function types, of custom descriptors"],
  ["malformed-type-form", [0x4c, 0x4d], "custom descriptors"],
  ["malformed-type-form", [0x5d], "stack switching"],
  ["malformed-type-form", [0x65], "shared-everything threads"],
  ["malformed-heap-type", [0x62], "exact references, of custom descriptors"],
  ["malformed-heap-type", [0x68, 0x75], "stack switching"],
  ["malformed-heap-type", [0x65], "shared-everything threads"],
  ["malformed-heap-type", [0x60, 0x61, 0x66, 0x67], "reference-typed strings"],
  ["malformed-value-type", [0x62], "exact references, of custom descriptors"],
  ["malformed-value-type", [0x68, 0x75], "stack switching"],
  ["malformed-value-type", [0x65], "shared-everything threads"],
  ["malformed-value-type", [0x60, 0x61, 0x66, 0x67], "reference-typed strings"],
  ["malformed-reference-type", [0x62], "exact references, of custom descriptors"],
  ["malformed-reference-type", [0x68, 0x75], "stack switching"],
  ["malformed-reference-type", [0x65], "shared-everything threads"],
  ["malformed-reference-type", [0x60, 0x61, 0x66, 0x67], "reference-typed strings"],
  ["malformed-limits-flags", [0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f], "custom page sizes"],
  ["malformed-mutability", [0x02, 0x03], "shared-everything threads"],
  ["malformed-section-id", [0x0e], "reference-typed strings"],
]

/** Codes that alone identify a proposal: with stack switching, tags may have results. */
const byCode: ReadonlyMap<DecodeErrorCode, string> = new Map([
  ["tag-result-type", "stack switching"],
])

/**
 * The proposal to which the construct that the decoder rejected belongs, if any.
 *
 * @param error the decoder's error
 * @param pieces the bytes that were kept
 */
export const proposalAt = (
  { code, offset }: DecodeError,
  pieces: ReadonlyArray<Piece>,
): string | undefined => {
  const known = byCode.get(code)
  if (known !== undefined) return known
  const piece = pieces.find((piece) =>
    piece.offset <= offset && offset < piece.offset + piece.bytes.length
  )
  const byte = piece?.bytes[offset - piece.offset]
  if (byte === undefined) return undefined
  return rows.find(([known, bytes]) => known === code && bytes.includes(byte))?.[2]
}

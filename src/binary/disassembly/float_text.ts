/**
 * Floating-point numbers in the notation of the text format: the fewest digits that denote the same number, and NaNs with
 * their payloads.
 *
 * @see https://webassembly.github.io/spec/core/text/values.html#floating-point
 * @module
 */

/** The payloads of canonical NaNs, which the text format omits. */
const CANONICAL_32 = 0x40_0000
const CANONICAL_64 = 0x8_0000_0000_0000n

const nanText = (sign: string, payload: bigint, canonical: bigint): string =>
  payload === canonical ? `${sign}nan` : `${sign}nan:0x${payload.toString(16)}`

/** The fewest digits that denote the same 32-bit number. */
const shortest32 = (value: number): string => {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)))
    if (Math.fround(Number(text)) === value) return text
  }
  return String(Number(value.toPrecision(9)))
}

/**
 * The text of a floating-point number.
 *
 * @param view its bytes
 * @param size their number
 */
export const floatText = (view: DataView, size: 4 | 8): string => {
  const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true)
  const sign = view.getUint8(size - 1) >= 0x80 ? "-" : ""
  if (Number.isNaN(value)) {
    return size === 4
      ? nanText(sign, BigInt(view.getUint32(0, true) & 0x7f_ffff), BigInt(CANONICAL_32))
      : nanText(sign, view.getBigUint64(0, true) & 0xf_ffff_ffff_ffffn, CANONICAL_64)
  }
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return `${sign}inf`
  return `${sign}${size === 4 ? shortest32(magnitude) : String(magnitude)}`
}

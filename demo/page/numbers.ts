/**
 * Numbers as the page shows them.
 *
 * @module
 */

/** A whole number with thousands separators. */
export const count = (value: number): string => value.toLocaleString("en")

/** A count of things: `2 functions`. */
export const many = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? "" : "s"}`

/** A size, in the unit that fits. */
export const size = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** A time, in the unit that fits. */
export const duration = (milliseconds: number): string =>
  milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(2)} s`

/** A share, in percent. */
export const share = (part: number, whole: number): string => {
  const value = whole === 0 ? 0 : 100 * part / whole
  if (value > 0 && value < 0.1) return "< 0.1%"
  // Never rounded up to 100%.
  if (value > 99 && value < 100) return `${(Math.floor(10 * value) / 10).toFixed(1)}%`
  return `${value > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)}%`
}

/** An offset, as in the library's messages. */
export const place = (offset: number): string => `0x${offset.toString(16)}`

/**
 * Numbers as text: counts, sizes, times, shares.
 *
 * @module
 */

/** A count, with thousands separators. */
export const countText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")

/** A count of things: `1 import`, `4 imports`. */
export const plural = (count: number, one: string, many: string = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

/** The unit in which a size is shown. */
const unitOf = (
  bytes: number,
): { readonly digits: number; readonly name: string; readonly size: number } =>
  bytes < 999_500
    ? { digits: 0, name: "kB", size: 1e3 }
    : bytes < 1e9
    ? { digits: 1, name: "MB", size: 1e6 }
    : { digits: 2, name: "GB", size: 1e9 }

/** A size: exact if it is small. */
export const sizeText = (bytes: number): string => {
  if (bytes < 100_000) return plural(bytes, "byte")
  const { digits, name, size } = unitOf(bytes)
  return `${(bytes / size).toFixed(digits)} ${name}`
}

/** A part of a size, both in the size's unit, padded to a constant width: ` 0.4 of 12.8 MB`. */
export const amountText = (bytes: number, whole: number): string => {
  const { digits, name, size } = whole < 100_000
    ? { digits: 0, name: "bytes", size: 1 }
    : unitOf(whole)
  const text = (amount: number): string =>
    size === 1 ? countText(amount) : (amount / size).toFixed(digits)
  const all = text(whole)
  return `${text(bytes).padStart(all.length)} of ${all} ${name}`
}

/** A time: in milliseconds, or in seconds from ten on. */
export const timeText = (milliseconds: number): string => {
  if (milliseconds < 10_000) return `${milliseconds.toFixed(1)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

/** A time to wait, rounded to be short. */
export const waitText = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1_000
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  return seconds >= 10 ? `${Math.round(seconds)} s` : `${seconds.toFixed(1)} s`
}

/** A rate, from bytes and the time that they took. */
export const rateText = (bytes: number, milliseconds: number): string => {
  if (milliseconds <= 0) return ""
  const rate = 1e3 * bytes / milliseconds
  if (rate < 1e3) return `${rate.toFixed(0)} B/s`
  return rate < 1e6 ? `${(rate / 1e3).toFixed(1)} kB/s` : `${(rate / 1e6).toFixed(1)} MB/s`
}

/** A share of a whole. */
export const shareText = (part: number, whole: number): string =>
  whole <= 0 ? "0%" : `${(100 * part / whole).toFixed(1)}%`

/** An offset, as in the library's messages. */
export const offsetText = (offset: number): string => `0x${offset.toString(16)}`

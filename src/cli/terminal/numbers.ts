/**
 * Numbers for people: counts, sizes, times, shares.
 *
 * @module
 */

/** A count, its thousands apart. */
export const countText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")

/** A count of things: `1 import`, `4 imports`. */
export const plural = (count: number, one: string, many: string = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

/** A size: exact where it is small. */
export const sizeText = (bytes: number): string => {
  if (bytes < 100_000) return plural(bytes, "byte")
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** A time: in milliseconds, or in seconds from ten on. */
export const timeText = (milliseconds: number): string => {
  if (milliseconds < 10_000) return `${milliseconds.toFixed(1)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

/** A time to wait, as short as it can be said. */
export const waitText = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1_000
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  return seconds >= 10 ? `${Math.round(seconds)} s` : `${seconds.toFixed(1)} s`
}

/** A rate, of bytes in a time. */
export const rateText = (bytes: number, milliseconds: number): string =>
  milliseconds <= 0 ? "" : `${(bytes / 1e3 / milliseconds).toFixed(1)} MB/s`

/** A share of a whole. */
export const shareText = (part: number, whole: number): string =>
  whole <= 0 ? "0 %" : `${(100 * part / whole).toFixed(1)} %`

/** An offset, as the library's messages have it. */
export const offsetText = (offset: number): string => `0x${offset.toString(16)}`

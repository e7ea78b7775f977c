/**
 * The progress of a load in one line: a bar, bytes, rate, remaining time, section, functions. Parts that do not fit are left
 * out, the least important first.
 *
 * @module
 */
import type { ProgressEvent } from "../options.ts"
import { amountText, countText, rateText, sizeText, waitText } from "./terminal/numbers.ts"

/** The rate is measured over the last few seconds, in milliseconds, so that it follows the connection. */
const window = 3_000
const mostSamples = 100

/** Measures how fast bytes arrive. */
export class RateMeter {
  readonly #samples: Array<readonly [time: number, received: number]> = []

  /**
   * Records how much has arrived.
   *
   * @param time in milliseconds
   * @param received bytes so far
   */
  add(time: number, received: number): void {
    const samples = this.#samples
    samples.push([time, received])
    while (
      samples.length > 2 && (samples.length > mostSamples || time - (samples[0]?.[0] ?? 0) > window)
    ) {
      samples.shift()
    }
  }

  /** The recent rate, in bytes per millisecond; 0 if it is not known yet. */
  get rate(): number {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || last[0] <= first[0]) return 0
    return (last[1] - first[1]) / (last[0] - first[0])
  }
}

/** The width of the widest rate: `999.9 MB/s`. */
const rateWidth = 10

const leastBar = 10
const mostBar = 40

/**
 * A bar.
 *
 * @param fraction how much of it is filled, from 0 to 1
 * @param width in columns
 */
export const barText = (fraction: number, width: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width)
  return `${"█".repeat(filled)}${"░".repeat(width - filled)}`
}

/**
 * One line of progress.
 *
 * @param event the progress
 * @param rate in bytes per millisecond
 * @param width how wide the line may be
 */
export const progressLine = (
  { declaredFunctions, fraction, functions, received, section, total }: ProgressEvent,
  rate: number,
  width: number,
): string => {
  const size = total ?? (fraction > 0 ? received / fraction : undefined)
  const percent = `${total === undefined && fraction < 1 ? "~" : ""}${Math.floor(fraction * 100)}%`
  const parts = [
    percent.padStart(4),
    total === undefined ? sizeText(received) : amountText(received, total),
  ]
  const optional = [
    rate > 0 ? rateText(rate, 1).padStart(rateWidth) : undefined,
    rate > 0 && size !== undefined && fraction < 1
      ? `${waitText((size - received) / rate)} left`
      : undefined,
    section,
    declaredFunctions > 0
      ? `${countText(functions)} of ${countText(declaredFunctions)} functions`
      : undefined,
  ]
  // The bar's width does not depend on the text after it: a bar that changes its width cannot be read.
  const bar = Math.min(mostBar, Math.floor(width / 4))
  let used = parts.join("  ").length + (bar < leastBar ? 0 : bar + 1)
  for (const part of optional) {
    if (part === undefined) continue
    if (used + part.length + 2 > width) break
    parts.push(part)
    used += part.length + 2
  }
  const text = parts.join("  ")
  return bar < leastBar || used > width ? text.trimStart() : `${barText(fraction, bar)} ${text}`
}

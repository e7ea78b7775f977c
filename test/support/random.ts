/** Seeded random numbers, so that a failure can be reproduced: `SEED=123 bun test`. */
import process from "node:process"

/** The seed of this run. Every random test has to print it. */
export const seed: number = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))

/** A generator of integers in `[0, below)` (mulberry32). */
export const random = (from: number): (below: number) => number => {
  let state = from | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * below)
  }
}

/** Cuts bytes into chunks of random sizes, empty ones too. */
export const cut = (bytes: Uint8Array, next: (below: number) => number): Array<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  const largest = 1 + next(40)
  for (let at = 0; at < bytes.length;) {
    const size = next(largest + 1)
    chunks.push(bytes.slice(at, at + size))
    at += size
  }
  return chunks
}

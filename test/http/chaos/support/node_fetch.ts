/**
 * A bug of Node's fetch before undici 8: if a connection ends while the body waits to be read, it throws in an event handler
 * of the socket, where the error cannot be caught, and the process ends. So does `fetch(url).then((it) => it.arrayBuffer())`
 * of a truncated gzip body. The load itself ends as it should, by its time limit if need be.
 *
 * @see https://github.com/nodejs/undici/issues/5360
 */
import process from "node:process"

const version = process.versions["undici"]
const isFaulty = version !== undefined && Number.parseInt(version) < 8

const isFault = (error: unknown): boolean =>
  error instanceof Error && Reflect.get(error, "code") === "ERR_ASSERTION" &&
  error.message.includes("assert(!this.paused)")

/** Catches this error, and no other. The returned function stops that, and returns how often it occurred. */
export const surviveNodeFetch = (): () => number => {
  let count = 0
  if (!isFaulty) return () => count
  process.setUncaughtExceptionCaptureCallback((error) => {
    if (!isFault(error)) throw error
    count++
  })
  return () => {
    process.setUncaughtExceptionCaptureCallback(null)
    return count
  }
}

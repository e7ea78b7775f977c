/**
 * A fault of Node's own fetch before undici 8: where a connection ends while the body waits to be read, it throws from the
 * socket's event, where nobody can catch it, and the process ends. `fetch(url).then((it) => it.arrayBuffer())` of a gzip
 * body that is cut does it too. The load itself ends as it should, by its time limit if need be.
 *
 * @see https://github.com/nodejs/undici/issues/5360
 */
import process from "node:process"

const version = process.versions["undici"]
const isFaulty = version !== undefined && Number.parseInt(version) < 8

const isFault = (error: unknown): boolean =>
  error instanceof Error && Reflect.get(error, "code") === "ERR_ASSERTION" &&
  error.message.includes("assert(!this.paused)")

/** Keeps that fault, and no other, from ending the process; the returned function ends this, and tells how often it came. */
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

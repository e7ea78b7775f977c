/**
 * Standard output and standard error, and what happens if writing to them fails.
 *
 * A reader of the output may stop before its end, as `head` does: that is no failure, and the exit code stays what it is.
 * Any other failure loses output: one line says so, and the exit code is 1.
 *
 * @module
 */
import process from "node:process"

/** A stream that never throws. */
export interface SafeStream {
  readonly write: (text: string) => void
  /** Whether nobody reads what is written any more. */
  readonly isClosed: () => boolean
}

/** Why writing fails, by the system's code. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the device",
  EDQUOT: "there is no space left in the quota",
  EFBIG: "the file is too large",
  EIO: "the device failed",
  EBADF: "it is closed",
}

const reasonOf = (error: unknown): string => {
  const code: unknown = Reflect.get(Object(error), "code")
  return typeof code === "string" ? reasons[code] ?? code : "it failed"
}

const isBrokenPipe = (error: unknown): boolean => Reflect.get(Object(error), "code") === "EPIPE"

/** Some runtimes report a failed write by a later event, others throw. */
const safeStream = (
  stream: NodeJS.WriteStream,
  onFailure: (error: unknown) => void,
): SafeStream => {
  let isClosed = false
  const fail = (error: unknown): void => {
    if (isClosed) return
    isClosed = true
    if (!isBrokenPipe(error)) onFailure(error)
  }
  stream.on("error", fail)
  return {
    isClosed: () => isClosed,
    write: (text) => {
      if (isClosed) return
      try {
        stream.write(text)
      } catch (error) {
        fail(error)
      }
    },
  }
}

/** The process's two streams. */
export interface SafeStreams {
  readonly output: SafeStream
  readonly error: SafeStream
}

const made = (): SafeStreams => {
  // No message can be written: only the exit code is left.
  const error = safeStream(process.stderr, () => {
    process.exitCode ||= 1
  })
  const output = safeStream(process.stdout, (failure) => {
    error.write(`error: Standard output cannot be written to: ${reasonOf(failure)}\n`)
    process.exit(1)
  })
  return { output, error }
}

let streams: SafeStreams | undefined

/** The process's standard output and standard error; watched from the first call on. */
export const standardStreams = (): SafeStreams => streams ??= made()

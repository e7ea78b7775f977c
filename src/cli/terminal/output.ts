/**
 * Where a command writes: results to standard output, everything else to standard error. Also what these streams can show.
 *
 * @module
 */
import * as Context from "effect/Context"
import process from "node:process"
import { type ColorChoice, hasColor, type Variables } from "./color.ts"
import { type SafeStream, standardStreams } from "./streams.ts"
import { colorStyle, plainStyle, type Style } from "./style.ts"
import { cutTo } from "./text.ts"

/** An output stream, and what is known about it. */
export interface StreamFacts {
  readonly isTerminal: boolean
  /** The current width in columns; `undefined` if it is not a terminal, or its width is not known. */
  readonly columns: () => number | undefined
  readonly write: (text: string) => void
  /** Whether nobody reads it any more. Defaults to never. */
  readonly isClosed?: () => boolean
}

/** What a command writes to. */
export interface OutputService {
  /** Writes lines of the result. */
  readonly print: (lines: ReadonlyArray<string> | string) => void
  /** Writes lines about what happens, to standard error; not with `--quiet`. */
  readonly note: (lines: ReadonlyArray<string> | string) => void
  /** Writes what went wrong to standard error. */
  readonly complain: (lines: ReadonlyArray<string> | string) => void
  /** Shows a line that the next one replaces, on a terminal. `paint` is applied after the line is cut to fit. */
  readonly live: ((line: string, paint?: (line: string) => string) => void) | undefined
  /** Whether nobody reads the result any more, so that the rest need not be made. */
  readonly isClosed: () => boolean
  /** Removes the line that `live` shows. */
  readonly clear: () => void
  /** The width of the result, in columns; unlimited if it is not a terminal. */
  readonly width: () => number
  /** The width of bars and figures, in columns. */
  readonly figureWidth: () => number
  /** The styles of standard output and of standard error. */
  readonly style: Style
  readonly noteStyle: Style
  readonly isQuiet: boolean
  readonly isVerbose: boolean
}

/** How a command is to write. */
export interface OutputSettings {
  readonly color: ColorChoice
  readonly quiet: boolean
  readonly verbose: boolean
}

/** The width of figures without a terminal, in columns. */
const usualWidth = 80

/** The least width, in columns, even if a terminal reports less. */
const leastWidth = 20

const textOf = (lines: ReadonlyArray<string> | string): string => {
  const text = typeof lines === "string" ? lines : lines.join("\n")
  return text === "" && typeof lines !== "string" ? "" : `${text}\n`
}

/** Moves the cursor to the beginning of its line, and clears the line. */
const eraseLine = "\r\u001b[K"

/**
 * Output to two streams.
 *
 * @param out standard output
 * @param error standard error
 * @param settings how to write
 * @param variables the environment
 */
export const makeOutput = (
  out: StreamFacts,
  error: StreamFacts,
  { color, quiet, verbose }: OutputSettings,
  variables: Variables,
): OutputService => {
  let isLive = false
  const clear = (): void => {
    if (!isLive) return
    isLive = false
    error.write(eraseLine)
  }
  const canRewrite = error.isTerminal && variables["TERM"] !== "dumb" && !quiet
  const width = (stream: StreamFacts, otherwise: number): number =>
    stream.isTerminal ? Math.max(stream.columns() ?? usualWidth, leastWidth) : otherwise
  return {
    print: (lines) => {
      clear()
      out.write(textOf(lines))
    },
    note: (lines) => {
      if (quiet) return
      clear()
      error.write(textOf(lines))
    },
    complain: (lines) => {
      clear()
      error.write(textOf(lines))
    },
    live: canRewrite
      ? (line, paint = (text) => text) => {
        isLive = true
        // A line that wraps could not be erased.
        const room = Math.max((error.columns() ?? usualWidth) - 1, 1)
        error.write(`${eraseLine}${paint(cutTo(line, room))}`)
      }
      : undefined,
    isClosed: () => out.isClosed?.() === true,
    clear,
    width: () => width(out, Number.MAX_SAFE_INTEGER),
    figureWidth: () => Math.min(width(out, usualWidth), 120),
    style: hasColor(color, out.isTerminal, variables) ? colorStyle : plainStyle,
    noteStyle: hasColor(color, error.isTerminal, variables) ? colorStyle : plainStyle,
    isQuiet: quiet,
    isVerbose: verbose,
  }
}

const factsOf = (stream: NodeJS.WriteStream, { isClosed, write }: SafeStream): StreamFacts => ({
  isTerminal: stream.isTTY === true,
  columns: () => stream.columns > 0 ? stream.columns : undefined,
  write,
  isClosed,
})

/**
 * Output to the process's own streams.
 *
 * @param settings how to write
 */
export const processOutput = (settings: OutputSettings): OutputService => {
  const { error, output } = standardStreams()
  return makeOutput(
    factsOf(process.stdout, output),
    factsOf(process.stderr, error),
    settings,
    process.env,
  )
}

/** The service that commands write to. */
export const Output: Context.Reference<OutputService> = Context.Reference<OutputService>(
  "@effect-wasm/compile-streaming/cli/Output",
  { defaultValue: () => processOutput({ color: "auto", quiet: false, verbose: false }) },
)

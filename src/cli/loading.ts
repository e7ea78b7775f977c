/**
 * What every load of the command has in common: an HTTP client, visible progress and retries, Ctrl-C and, with `--verbose`,
 * the stages as a timeline.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { LoadModuleOptions } from "../http/options.ts"
import type { OnProgress, ProgressEvent } from "../options.ts"
import { type LoadFlags, loadOptions } from "./flags.ts"
import { hearingSignals } from "./interrupts.ts"
import { progressLine, RateMeter } from "./progress_line.ts"
import { retryText, tellingSchedule } from "./retries.ts"
import { Output, type OutputService } from "./terminal/output.ts"
import { cutTo } from "./terminal/text.ts"
import { type Stage, timelineLines, withStages } from "./timeline.ts"

/** The shortest time between two lines of progress, in milliseconds. */
const pause = 1_000

/** Progress if no line can be rewritten: a new line for each tenth, but not too many to be read. */
const plainProgress = (output: OutputService, meter: RateMeter): OnProgress => {
  let tenths = 0
  let told = performance.now()
  return (event) => {
    const now = performance.now()
    meter.add(now, event.received)
    const reached = Math.floor(event.fraction * 10)
    if (reached <= tenths || event.fraction === 1 || now - told < pause) return
    tenths = reached
    told = now
    output.note(progressLine(event, meter.rate, 0))
  }
}

/** How long to wait for the first bytes before saying so, in milliseconds. */
const patience = 300

/** How a load is shown while it runs. */
export interface Shown {
  /** Shows that nothing has arrived yet, if that is so. */
  readonly tellWaiting: () => void
  readonly onProgress: OnProgress
  readonly options: LoadModuleOptions
}

/**
 * Shows a load: progress and retries.
 *
 * @param output where to show it
 * @param flags the flags of the load
 */
export const shown = (output: OutputService, flags: LoadFlags): Shown => {
  const meter = new RateMeter()
  const { live } = output
  let retry: string | undefined
  let hasBegun = false
  const onProgress: OnProgress = live === undefined
    ? plainProgress(output, meter)
    : (event: ProgressEvent) => {
      meter.add(performance.now(), event.received)
      hasBegun = true
      retry = undefined
      if (event.fraction < 1) live(progressLine(event, meter.rate, output.figureWidth() - 1))
    }
  const schedule = tellingSchedule(
    { times: flags.retries, delay: flags.retryDelay, maxDelay: flags.maxRetryDelay },
    (told) => {
      const text = retryText(told)
      hasBegun = true
      if (live !== undefined) live(text, output.noteStyle.warning)
      // Without a terminal each line stays, so a line is not repeated.
      else if (text !== retry) output.note(text)
      retry = text
    },
  )
  return {
    onProgress,
    options: { ...loadOptions(flags), schedule, onProgress },
    tellWaiting: () => {
      if (!hasBegun) live?.("Waiting for the module")
    },
  }
}

/**
 * Gives a load a client and, with `--verbose`, shows its stages at the end.
 *
 * @param shown how it is shown
 * @param self the load
 */
export const loading = <A, E>(
  { tellWaiting }: Pick<Shown, "tellWaiting">,
  self: Effect.Effect<A, E, HttpClient.HttpClient>,
): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const output = yield* Output
    const stages: Array<Stage> = []
    const watched = output.isVerbose ? withStages((stage) => void stages.push(stage))(self) : self
    const waiting = Effect.delay(Effect.sync(tellWaiting), patience)
    const load = Effect.scoped(Effect.andThen(Effect.forkScoped(waiting), watched)).pipe(
      Effect.provide(FetchHttpClient.layer),
      // The spans are for the terminal: no trace headers are sent to the server.
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.onExit(() =>
        Effect.sync(() => {
          output.clear()
          const { live, noteStyle } = output
          const width = output.figureWidth()
          // Only a terminal limits the length of a line.
          const fit = live === undefined
            ? (line: string) => line
            : (line: string) => cutTo(line, width)
          output.note(timelineLines(stages, width).map((line) => noteStyle.faint(fit(line))))
        })
      ),
    )
    return yield* hearingSignals(load, output.clear)
  })

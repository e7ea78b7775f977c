/**
 * The options of loading and compiling on the command line, and what the library calls them.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import type { LoadModuleOptions, Protocol } from "../http/options.ts"

/** What is absent is `undefined`. */
export const maybe = <A>(flag: Flag.Flag<A>): Flag.Flag<A | undefined> =>
  Flag.map(Flag.optional(flag), Option.getOrUndefined)

const described = <A>(flag: Flag.Flag<A>, metavar: string, text: string): Flag.Flag<A> =>
  flag.pipe(Flag.withMetavar(metavar), Flag.withDescription(text))

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
}

/**
 * A time such as `500ms`, `30s`, `2m`, `1h`, or the same in words.
 *
 * @param text what was given
 */
export const parseTime = (text: string): Option.Option<Duration.Duration> => {
  const [, number = "", unit = ""] =
    /^(\d+(?:\.\d+)?)\s*(ms|milliseconds?|millis?|s|seconds?|min|m|minutes?|h|hours?)$/.exec(
      text.trim(),
    ) ?? []
  const factor = units[unit] ?? units[/^milli/.test(unit) ? "ms" : unit.slice(0, 1)]
  return number === "" || factor === undefined
    ? Option.none()
    : Option.some(Duration.millis(Number(number) * factor))
}

const time = (name: string): Flag.Flag<Duration.Duration> =>
  Flag.filterMap(
    Flag.String(name),
    parseTime,
    (text) => `Expected a time such as 30s, 500ms or 2m, not ${JSON.stringify(text.slice(0, 40))}`,
  )

/** A whole number, 0 or more. */
export const wholeNumber = (name: string): Flag.Flag<number> =>
  Flag.filterMap(
    Flag.String(name),
    (text) => /^\d{1,15}$/.test(text) ? Option.some(Number(text)) : Option.none(),
    () => "Expected a whole number, 0 or more",
  )

const header = Flag.filterMap(
  Flag.String("header"),
  (text): Option.Option<readonly [string, string]> => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? []
    return name === undefined ? Option.none() : Option.some([name, value ?? ""])
  },
  () => "Expected name: value",
)

/** What {@linkcode loadFlags} come to. */
export interface LoadFlags {
  readonly sniff: boolean
  readonly integrity: string | undefined
  readonly maxBytes: number | undefined
  readonly timeout: Duration.Duration | undefined
  readonly idleTimeout: Duration.Duration | undefined
  readonly retries: number
  readonly retryDelay: Duration.Duration
  readonly maxRetryDelay: Duration.Duration
  readonly resume: boolean
  readonly protocols: ReadonlyArray<Protocol>
  readonly headers: ReadonlyArray<readonly [string, string]>
}

/** What {@linkcode engineFlags} come to. */
export interface EngineFlags {
  readonly validation: "structure" | "full" | undefined
  readonly builtins: ReadonlyArray<string>
  readonly stringConstants: string | undefined
  readonly expectedSize: number | undefined
}

/** A flag for each member. */
export type FlagsOf<A> = { readonly [Name in keyof A]: Flag.Flag<A[Name]> }

/** What is loaded. */
export const source: Argument.Argument<string> = Argument.String("source").pipe(
  Argument.withDescription("A URL, a path, or - for standard input"),
)

/** The flags of every command that loads. */
export const loadFlags: FlagsOf<LoadFlags> = {
  sniff: Flag.Boolean("sniff").pipe(
    Flag.withDefault(false),
    Flag.withoutNegation,
    Flag.withDescription("Accept any Content-Type if the bytes begin as a module does"),
  ),
  integrity: maybe(
    described(Flag.String("integrity"), "digest", "What the module must be: sha256-… in base64"),
  ),
  maxBytes: maybe(
    described(wholeNumber("max-bytes"), "bytes", "The largest size of the module (default: 1 GiB)"),
  ),
  timeout: maybe(described(time("timeout"), "time", "The limit for everything (default: 10m)")),
  idleTimeout: maybe(
    described(time("idle-timeout"), "time", "The longest wait without data (default: 30s)"),
  ),
  retries: Flag.withDefault(
    described(wholeNumber("retries"), "times", "Retries in a row without progress (default: 5)"),
    5,
  ),
  retryDelay: Flag.withDefault(
    described(
      time("retry-delay"),
      "time",
      "The wait before the first retry; then twice as long each (default: 200ms)",
    ),
    Duration.millis(200),
  ),
  maxRetryDelay: Flag.withDefault(
    described(time("max-retry-delay"), "time", "The longest wait before a retry (default: 10s)"),
    Duration.seconds(10),
  ),
  resume: Flag.Boolean("no-resume").pipe(
    Flag.withDefault(false),
    Flag.withoutNegation,
    Flag.map((refused) => !refused),
    Flag.withDescription("Allow compressed responses, which cannot be resumed"),
  ),
  protocols: Flag.atLeast(
    described(
      Flag.Literals("protocol", ["https:", "http:", "data:", "file:"]),
      "scheme",
      "Allow this scheme only; may be repeated (default: all four)",
    ),
    0,
  ),
  headers: Flag.atLeast(
    described(header, "name: value", "A header field of the request; may be repeated"),
    0,
  ),
}

/** The flags of every command that compiles. */
export const engineFlags: FlagsOf<EngineFlags> = {
  // Without a default: a policy may need more than the usual.
  validation: maybe(
    Flag.Literals("validation", ["structure", "full"]).pipe(
      Flag.withDescription(
        "What is checked before the engine sees it (default: structure; full if the policy is about features)",
      ),
    ),
  ),
  builtins: Flag.atLeast(
    described(
      Flag.String("builtin"),
      "set",
      "A set of builtins, such as js-string; may be repeated",
    ),
    0,
  ),
  stringConstants: maybe(
    described(
      Flag.String("string-constants"),
      "module",
      "The module name that string constants are imported from",
    ),
  ),
  expectedSize: maybe(
    described(
      wholeNumber("expected-size"),
      "bytes",
      "The module's size, for the progress bar, where the server does not tell",
    ),
  ),
}

/** Where modules are kept between runs. */
export const cacheFlag: Flag.Flag<string | undefined> = maybe(
  described(Flag.String("cache"), "folder", "Keep modules in this folder, and use what is there"),
)

/** What a module may and must be. */
export const policyFlag: Flag.Flag<string | undefined> = maybe(
  described(
    Flag.Path("policy"),
    "file",
    "Refuse what breaks this policy: JSON, such as inspect --policy-of writes",
  ),
)

/** Whoever starts the command may read files. */
const usualProtocols: ReadonlyArray<Protocol> = ["https:", "http:", "data:", "file:"]

/** The library's options of loading; the schedule is made by who tells of retries. */
export const loadOptions = (flags: LoadFlags): LoadModuleOptions => ({
  contentType: flags.sniff ? "sniff" : "strict",
  integrity: flags.integrity,
  maxBytes: flags.maxBytes,
  timeout: flags.timeout,
  idleTimeout: flags.idleTimeout,
  resume: flags.resume,
  protocols: flags.protocols.length === 0 ? usualProtocols : flags.protocols,
})

/** The library's options of compiling. */
export const engineOptions = (flags: EngineFlags): LoadModuleOptions => ({
  validation: flags.validation,
  builtins: flags.builtins.length === 0 ? undefined : flags.builtins,
  importedStringConstants: flags.stringConstants,
  expectedSize: flags.expectedSize,
})

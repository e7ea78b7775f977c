/**
 * The command-line options for loading and compiling, and the library's options that they stand for.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import type { LoadModuleOptions, Protocol } from "../http/options.ts"

/** An optional flag, `undefined` if it is absent. */
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
    () => "Expected a time such as 30s, 500ms or 2m",
  )

/**
 * A boolean option. Only `=` gives it a value: the word after it is an argument, even `1` or `no`.
 *
 * @param name its name
 * @param text what it does, for the help
 */
export const toggle = (name: string, text: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(
    Flag.withOptionalValue("true"),
    Flag.withDefault(false),
    Flag.withoutNegation,
    Flag.withDescription(text),
  )

/** A whole number, 0 or more. */
export const wholeNumber = (name: string): Flag.Flag<number> =>
  Flag.filterMap(
    Flag.String(name),
    (text) => /^\d{1,15}$/.test(text) ? Option.some(Number(text)) : Option.none(),
    () => "Expected a whole number, 0 or more",
  )

const sizes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1_024,
  kb: 1_000,
  m: 1_048_576,
  mb: 1_000_000,
  g: 1_073_741_824,
  gb: 1_000_000_000,
}

/**
 * A size in bytes, such as `65536`, `64k`, `64KiB` or `10MB`. `k` and `KiB` are 1024 bytes, `kB` is 1000, and so on.
 *
 * @param text what was given
 */
export const parseSize = (text: string): Option.Option<number> => {
  const [, number = "", unit = ""] = /^(\d{1,15})\s*(b|[kmg](?:b|ib)?)?$/i.exec(text.trim()) ?? []
  const factor = sizes[unit.toLowerCase().replace("ib", "")]
  const size = Number(number) * (factor ?? Number.NaN)
  return number !== "" && Number.isSafeInteger(size) ? Option.some(size) : Option.none()
}

const size = (name: string): Flag.Flag<number> =>
  Flag.filterMap(Flag.String(name), parseSize, () => "Expected a size such as 65536, 64k or 10MB")

/** A text that is not empty. */
const something = (flag: Flag.Flag<string>, what: string): Flag.Flag<string> =>
  Flag.filter(flag, (text) => text !== "", () => `Expected ${what}`)

const header = Flag.filterMap(
  Flag.String("header"),
  (text): Option.Option<readonly [string, string]> => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? []
    return name === undefined ? Option.none() : Option.some([name, value ?? ""])
  },
  () => "Expected name: value",
)

/** The values of {@linkcode loadFlags}. */
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

/** The values of {@linkcode engineFlags}. */
export interface EngineFlags {
  readonly validation: "structure" | "full" | undefined
  readonly builtins: ReadonlyArray<string>
  readonly stringConstants: string | undefined
  readonly expectedSize: number | undefined
}

/** A flag for each member. */
export type FlagsOf<A> = { readonly [Name in keyof A]: Flag.Flag<A[Name]> }

/** The source to load. */
export const source: Argument.Argument<string> = Argument.String("source").pipe(
  Argument.withDescription("A URL, a path, or - for standard input"),
)

/** A time limit, above 0. */
const limit = (name: string): Flag.Flag<Duration.Duration> =>
  Flag.filterMap(
    Flag.String(name),
    (text) => Option.filter(parseTime(text), Duration.isPositive),
    () => "Expected a time above 0, such as 30s, 500ms or 2m",
  )

const timeoutFlag = (text: string): Flag.Flag<Duration.Duration | undefined> =>
  maybe(described(limit("timeout"), "time", text))

/** The flags of every command that loads. */
export const loadFlags: FlagsOf<LoadFlags> = {
  sniff: toggle("sniff", "Accept any Content-Type if the bytes begin like a module"),
  integrity: maybe(
    described(
      Flag.String("integrity"),
      "digest",
      "Fail unless the module has this digest, such as sha256-… in base64",
    ),
  ),
  maxBytes: maybe(
    described(
      size("max-bytes"),
      "size",
      "Fail if the module is larger than this, such as 65536, 64k, 10M or 1G, in powers of 1024 (default: 1G)",
    ),
  ),
  timeout: timeoutFlag("Time limit for loading, including retries (default: 10m)"),
  idleTimeout: maybe(
    described(limit("idle-timeout"), "time", "The longest wait for more bytes (default: 30s)"),
  ),
  retries: Flag.withDefault(
    described(
      wholeNumber("retries"),
      "count",
      "How many times to retry in a row without progress (default: 5)",
    ),
    5,
  ),
  retryDelay: Flag.withDefault(
    described(
      time("retry-delay"),
      "time",
      "The wait before the first retry; it doubles with each retry (default: 200ms)",
    ),
    Duration.millis(200),
  ),
  maxRetryDelay: Flag.withDefault(
    described(time("max-retry-delay"), "time", "The longest wait before a retry (default: 10s)"),
    Duration.seconds(10),
  ),
  resume: Flag.map(
    toggle("no-resume", "Do not resume a broken download; this allows compressed responses"),
    (refused) => !refused,
  ),
  protocols: Flag.atLeast(
    described(
      Flag.Literals("protocol", ["https:", "http:", "data:", "file:"]),
      "scheme",
      "Allow only this scheme; may be repeated; all are allowed by default",
    ),
    0,
  ),
  headers: Flag.atLeast(
    described(header, "'name: value'", "Send this header field; may be repeated"),
    0,
  ),
}

/** The same for `run`, whose time limit includes the call. */
export const runLoadFlags: FlagsOf<LoadFlags> = {
  ...loadFlags,
  timeout: timeoutFlag(
    "Time limit for loading, including retries; if given, for the call as well (default: 10m)",
  ),
}

/**
 * The flag for sets of builtins.
 *
 * @param text what they do, for the help
 */
export const builtinsFlag = (text: string): Flag.Flag<ReadonlyArray<string>> =>
  Flag.atLeast(described(Flag.String("builtin"), "set", text), 0)

/** The flags of every command that compiles. */
export const engineFlags: FlagsOf<EngineFlags> = {
  // The default depends on the policy: rules about features need full validation.
  validation: maybe(
    Flag.Literals("validation", ["structure", "full"]).pipe(
      Flag.withDescription(
        "How much to validate before the engine compiles it (default: structure; full if the policy has rules about features)",
      ),
    ),
  ),
  builtins: builtinsFlag("Compile with this set of builtins, such as js-string; may be repeated"),
  stringConstants: maybe(
    described(
      Flag.String("string-constants"),
      "module",
      "The module name that string constants are imported from",
    ),
  ),
  expectedSize: maybe(
    described(
      size("expected-size"),
      "size",
      "The module's size, for the progress bar if the server does not say",
    ),
  ),
}

/** Where modules are kept between runs. */
export const cacheFlag: Flag.Flag<string | undefined> = maybe(
  described(
    something(Flag.String("cache"), "a folder"),
    "folder",
    "Keep modules in this folder, and load them from there next time",
  ),
)

/** The policy that a module must satisfy. */
export const policyFlag: Flag.Flag<string | undefined> = maybe(
  described(
    something(Flag.String("policy"), "a file"),
    "file",
    "Refuse a module that breaks the policy in this JSON file; inspect --policy-of writes one",
  ),
)

/** `file:` is included: the user of the command may read files anyway. */
const usualProtocols: ReadonlyArray<Protocol> = ["https:", "http:", "data:", "file:"]

/** The library's options for loading, without the retry schedule, which `retries.ts` makes. */
export const loadOptions = (flags: LoadFlags): LoadModuleOptions => ({
  contentType: flags.sniff ? "sniff" : "strict",
  integrity: flags.integrity,
  maxBytes: flags.maxBytes,
  timeout: flags.timeout,
  idleTimeout: flags.idleTimeout,
  resume: flags.resume,
  protocols: flags.protocols.length === 0 ? usualProtocols : flags.protocols,
})

/** The library's options for compiling. */
export const engineOptions = (flags: EngineFlags): LoadModuleOptions => ({
  validation: flags.validation,
  // The library rejects a set that is named twice, as the specification requires; on a command line that does no harm.
  builtins: flags.builtins.length === 0 ? undefined : [...new Set(flags.builtins)],
  importedStringConstants: flags.stringConstants,
  expectedSize: flags.expectedSize,
})

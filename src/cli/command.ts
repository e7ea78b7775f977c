/**
 * The command and its subcommands: their arguments, options and help. The code of a subcommand is loaded when it runs.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Completions from "effect/cli/Completions"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import { withNumbers } from "./arguments.ts"
import {
  builtinsFlag,
  cacheFlag,
  engineFlags,
  loadFlags,
  maybe,
  policyFlag,
  runLoadFlags,
  source,
  toggle,
  wholeNumber,
} from "./flags.ts"
import { version } from "./version.ts"

/** The output options. `arguments.ts` reads them earlier; here they are checked, and described in the help. */
const outputFlags = [
  GlobalFlag.Setting("color")({
    flag: Flag.Literals("color", ["auto", "always", "never"]).pipe(
      Flag.withOptionalValue("always"),
      Flag.withMetavar("when"),
      Flag.withDefault("auto"),
      Flag.withDescription(
        "When to use colors; --color alone means always (default: auto, which honors NO_COLOR and FORCE_COLOR)",
      ),
    ),
  }),
  GlobalFlag.Setting("quiet")({
    flag: Flag.withAlias(
      toggle("quiet", "Hide progress and retries; validate shows only what is not valid"),
      "q",
    ),
  }),
  GlobalFlag.Setting("verbose")({
    flag: toggle("verbose", "Show the stages of a load as a timeline"),
  }),
] as const

const compile = Command.make(
  "compile",
  { source, engine: engineFlags, policy: policyFlag, cache: cacheFlag, load: loadFlags },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/compile.ts")),
      (it) => it.compile(input),
    ),
).pipe(
  Command.withDescription(
    "Compile a module while its bytes arrive, and show how long that took and what is in it. This is the default: the word compile may be left out.",
  ),
  Command.withShortDescription("Compile a module while its bytes arrive (the default)"),
  Command.withExamples([
    { command: "compile-streaming https://example.com/module.wasm" },
    { command: "compile-streaming module.wasm --integrity sha256-…" },
    { command: "compile-streaming plugin.wasm --policy plugin.json" },
    { command: "curl … | compile-streaming -" },
  ]),
)

/** How much to validate of a module that is not compiled. */
const validation = (text: string): Flag.Flag<"structure" | "full"> =>
  Flag.Literals("validation", ["structure", "full"]).pipe(Flag.withDescription(text))

const validationText = "How much to validate; full also shows the features that instructions use"

const json = toggle(
  "json",
  "Write JSON; its schema is an export of @effect-wasm/compile-streaming/schema",
)

const allRows = toggle("all", "Show every row of every table")

const inspect = Command.make(
  "inspect",
  {
    source,
    all: allRows,
    filter: maybe(
      Flag.String("filter").pipe(
        Flag.withMetavar("text"),
        Flag.withDescription("Show only rows that contain this text, ignoring case"),
      ),
    ),
    json,
    policyOf: toggle("policy-of", "Write the tightest policy that allows the module, for --policy"),
    // The default depends on --policy-of: full validation gives a tighter policy.
    validation: maybe(
      validation(`${validationText} (default: structure; full with --policy-of)`),
    ),
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/inspect.ts")),
      (it) => it.inspect(input),
    ),
).pipe(
  Command.withDescription(
    "Show what is in a module: sections, imports and exports with their types, memories, tables, globals, tags, the largest functions, features, producers and custom sections. The module is not compiled.",
  ),
  Command.withShortDescription("Show what is in a module"),
  Command.withExamples([
    { command: "compile-streaming inspect module.wasm" },
    { command: "compile-streaming inspect module.wasm --filter malloc" },
    { command: "compile-streaming inspect https://example.com/module.wasm --json" },
    { command: "compile-streaming inspect plugin.wasm --policy-of > plugin.json" },
  ]),
)

const validate = Command.make(
  "validate",
  {
    sources: Argument.atLeast(
      Argument.String("source").pipe(
        Argument.withDescription("URLs, paths, folders, globs in quotes, or - for standard input"),
      ),
      1,
    ),
    explain: toggle("explain", "Explain each error: what it means, what causes it, what to do"),
    engine: Flag.map(
      toggle("no-engine", "Do not also validate with this engine"),
      (refused) => !refused,
    ),
    json,
    policy: policyFlag,
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/validate.ts")),
      (it) => it.validate(input),
    ),
).pipe(
  Command.withDescription(
    "Validate modules against the specification, whatever this engine supports, and against a policy. The first error of each module is one line, file:offset: code: message, followed by the bytes around it and what this engine says. The exit code is 1 if a module is not valid or is refused.",
  ),
  Command.withShortDescription("Validate modules against the specification"),
  Command.withExamples([
    { command: "compile-streaming validate 'dist/**/*.wasm'" },
    { command: "compile-streaming validate module.wasm --explain" },
    { command: "compile-streaming validate 'plugins/*.wasm' --policy plugin.json" },
  ]),
)

const disassemble = Command.make(
  "disassemble",
  {
    source,
    functions: Argument.atLeast(
      Argument.String("function").pipe(
        Argument.withDescription(
          "A function's index, its name, or a part of its name",
        ),
      ),
      0,
    ),
    all: toggle("all", "Show every function"),
    around: Flag.withDefault(
      wholeNumber("around").pipe(
        Flag.withMetavar("count"),
        Flag.withDescription("How many instructions to show before an error (default: 10)"),
      ),
      10,
    ),
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/disassemble.ts")),
      (it) => it.disassemble(input),
    ),
).pipe(
  Command.withDescription(
    "Show functions as instructions with their offsets. If no function is given, show the first error of a module that is not valid: the instructions before it, and the operands there.",
  ),
  Command.withShortDescription("Show functions, or the first error, as instructions"),
  Command.withExamples([
    { command: "compile-streaming disassemble module.wasm malloc" },
    { command: "compile-streaming disassemble module.wasm 12 13" },
    { command: "compile-streaming disassemble broken.wasm" },
  ]),
)

const run = Command.make(
  "run",
  {
    source,
    name: Argument.String("export").pipe(
      Argument.withDescription("The exported function to call"),
    ),
    args: Argument.atLeast(
      Argument.String("argument").pipe(
        Argument.withDescription(
          "The function's arguments: numbers, inf or nan; text or null for externref. Put -- before text that begins with a dash",
        ),
      ),
      0,
    ),
    engine: engineFlags,
    policy: policyFlag,
    load: runLoadFlags,
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("./commands/run.ts")), (it) => it.run(input)),
).pipe(
  Command.withDescription(
    "Instantiate a module, call an exported function, and write its results, one per line. A module that needs imports cannot be run: they are listed with their types. A trap is shown with its kind and the functions involved.",
  ),
  Command.withShortDescription("Call an exported function"),
  Command.withExamples([
    { command: "compile-streaming run math.wasm add 2 -40" },
    { command: "compile-streaming run text.wasm length --builtin js-string -- -text" },
  ]),
)

const types = Command.make(
  "types",
  {
    source,
    form: Flag.Literals("form", ["instantiate", "import"]).pipe(
      Flag.withDefault("instantiate"),
      Flag.withDescription(
        "For instantiateStreaming, or for import in a file such as module.d.wasm.ts (default: instantiate)",
      ),
    ),
    builtins: builtinsFlag(
      "Treat this set of builtins, such as js-string, as provided by the engine; may be repeated",
    ),
    stringConstants: engineFlags.stringConstants,
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("./commands/types.ts")), (it) => it.types(input)),
).pipe(
  Command.withDescription(
    "Write TypeScript declarations of a module's imports and exports to standard output.",
  ),
  Command.withShortDescription("Write TypeScript declarations of imports and exports"),
  Command.withExamples([
    { command: "compile-streaming types module.wasm > module.wasm.types.ts" },
    { command: "compile-streaming types module.wasm --form import > module.d.wasm.ts" },
  ]),
)

const diff = Command.make(
  "diff",
  {
    before: Argument.String("before").pipe(
      Argument.withDescription("The earlier build: a URL, a path, or - for standard input"),
    ),
    after: Argument.String("after").pipe(Argument.withDescription("The later build")),
    all: allRows,
    json,
    validation: Flag.withDefault(
      validation(`${validationText} (default: structure)`),
      "structure",
    ),
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("./commands/diff.ts")), (it) => it.diff(input)),
).pipe(
  Command.withDescription(
    "Show what changed between two builds of a module: sizes by section and function, imports, exports, memories, tables and features. Functions are matched by name.",
  ),
  Command.withShortDescription("Show what changed between two builds"),
  Command.withExamples([{ command: "compile-streaming diff before.wasm after.wasm" }]),
)

/** The whole command. A new subcommand must also be added to `commandNames` in `arguments.ts`. */
export const command: Command.Command<
  "compile-streaming",
  object,
  object,
  unknown,
  Command.Environment
> = Command.make("compile-streaming").pipe(
  Command.withDescription(
    "Compile, inspect, validate, disassemble and run WebAssembly modules from a URL, a file or standard input. Without arguments, compile and run a small example.",
  ),
  Command.withSubcommands([compile, inspect, validate, disassemble, run, types, diff]),
  Command.withGlobalFlags(outputFlags),
  Command.withExamples([
    { command: "compile-streaming https://example.com/module.wasm" },
    { command: "compile-streaming validate 'dist/**/*.wasm'" },
    { command: "compile-streaming run math.wasm add 2 40" },
    { command: "compile-streaming compile --help" },
  ]),
)

/** The subcommands and all options, global ones included, for shell completion. */
export const described: Completions.CommandDescriptor = {
  ...Completions.fromCommand(command),
  flags: Completions.fromCommand(
    Command.make("global", Object.fromEntries(outputFlags.map(({ flag, id }) => [id, flag]))),
  ).flags,
}

/** The options whose value is the next word. */
const withValues: ReadonlySet<string> = new Set(
  described.subcommands.flatMap(({ flags }) => flags)
    .filter(({ optionalValue, type }) => type._tag !== "Boolean" && optionalValue !== true)
    .map(({ name }) => `--${name}`),
)

/**
 * Runs a subcommand.
 *
 * @param args its name and its arguments
 */
export const runCommand = (
  args: ReadonlyArray<string>,
): Effect.Effect<void, unknown, Command.Environment> =>
  Command.runWith(command, { version, renderErrors: false })(
    withNumbers(args, (option) => withValues.has(option)),
  )

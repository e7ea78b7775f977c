/**
 * The command and its subcommands: their arguments, options and help. What each of them does is loaded when it is asked for.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import { version } from "./version.ts"
import {
  cacheFlag,
  engineFlags,
  loadFlags,
  maybe,
  policyFlag,
  source,
  wholeNumber,
} from "./flags.ts"

/** How to write. These are read before the rest (`arguments.ts`): here they are checked, and told in the help. */
const outputFlags = [
  GlobalFlag.Setting("color")({
    flag: Flag.Literals("color", ["auto", "always", "never"]).pipe(
      Flag.withDefault("auto"),
      Flag.withDescription("Whether to use colors (default: auto, which also looks at NO_COLOR)"),
    ),
  }),
  GlobalFlag.Setting("quiet")({
    flag: Flag.Boolean("quiet").pipe(
      Flag.withAlias("q"),
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Show neither progress nor retries"),
    ),
  }),
  GlobalFlag.Setting("verbose")({
    flag: Flag.Boolean("verbose").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Show the stages of a load as a time line"),
    ),
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
    "Compiles a module while its bytes arrive, and says how long that took and what is in it. The default: the name may be left out.",
  ),
  Command.withShortDescription("Compile a module while it arrives (the default)"),
  Command.withExamples([
    { command: "compile-streaming https://example.com/module.wasm" },
    { command: "compile-streaming module.wasm --integrity sha256-…" },
    { command: "compile-streaming plugin.wasm --policy plugin.json" },
    { command: "curl … | compile-streaming -" },
  ]),
)

/** What is checked of a module that is not compiled. */
const validation = (text: string): Flag.Flag<"structure" | "full"> =>
  Flag.Literals("validation", ["structure", "full"]).pipe(Flag.withDescription(text))

const validationText =
  "With full, the instructions are checked too, and the features that they use are told"

const json = Flag.Boolean("json").pipe(
  Flag.withDefault(false),
  Flag.withoutNegation,
  Flag.withDescription(
    "Write JSON: its schema is an export of @effect-wasm/compile-streaming/schema",
  ),
)

const inspect = Command.make(
  "inspect",
  {
    source,
    all: Flag.Boolean("all").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Show every row of every table"),
    ),
    filter: maybe(
      Flag.String("filter").pipe(
        Flag.withMetavar("text"),
        Flag.withDescription("Show rows that hold this text, in lower or upper case"),
      ),
    ),
    json,
    policyOf: Flag.Boolean("policy-of").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Write the tightest policy that the module fits, for --policy"),
    ),
    // Without a default: a policy says more of a module that was validated in full.
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
    "Says everything that is known of a module: sections, imports and exports with their types, memories, tables, globals, the biggest functions, features, producers, custom sections. It is not compiled.",
  ),
  Command.withShortDescription("Say what is in a module"),
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
        Argument.withDescription("URLs, paths, globs in quotes, folders, or - for standard input"),
      ),
      1,
    ),
    explain: Flag.Boolean("explain").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Say what a fault means, where it comes from, and what to do"),
    ),
    engine: Flag.Boolean("no-engine").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.map((refused) => !refused),
      Flag.withDescription("Do not ask this engine too"),
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
    "Holds modules against the whole of WebAssembly 3.0, whatever this engine knows, and against a policy. Tells the first fault of each in one line, file:offset: code: message, with the byte that is meant and what this engine says. The exit code is 1 where a module is not valid, or refused.",
  ),
  Command.withShortDescription("Check modules against the specification, for CI too"),
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
          "The function's index, its name, or a part of its name; without one, the module's fault is shown",
        ),
      ),
      0,
    ),
    all: Flag.Boolean("all").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Show every function"),
    ),
    around: Flag.withDefault(
      wholeNumber("around").pipe(
        Flag.withMetavar("count"),
        Flag.withDescription("How many instructions before a fault are shown (default: 10)"),
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
    "Shows functions as instructions with their offsets. Of a module that is not valid, shows the instructions before the fault and the operands that the one at fault finds.",
  ),
  Command.withShortDescription("Show a function as instructions, or what is around a fault"),
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
          "Its arguments: numbers (i64 as BigInt), inf, nan, text or null for externref; after -- they may begin with -",
        ),
      ),
      0,
    ),
    engine: engineFlags,
    policy: policyFlag,
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("./commands/run.ts")), (it) => it.run(input)),
).pipe(
  Command.withDescription(
    "Instantiates a module and calls an exported function; its results are written a line each. Imports that are missing are listed with their types. A trap is told with its kind and the functions that it happened in.",
  ),
  Command.withShortDescription("Call an exported function"),
  Command.withExamples([{ command: "compile-streaming run add.wasm add 2 40" }]),
)

const types = Command.make(
  "types",
  {
    source,
    form: Flag.Literals("form", ["instantiate", "import"]).pipe(
      Flag.withDefault("instantiate"),
      Flag.withDescription(
        "For instantiateStreaming, or for import, in a file name.d.wasm.ts (default: instantiate)",
      ),
    ),
    builtins: engineFlags.builtins,
    stringConstants: engineFlags.stringConstants,
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("./commands/types.ts")), (it) => it.types(input)),
).pipe(
  Command.withDescription(
    "Writes TypeScript declarations of what a module imports and exports to standard output.",
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
    all: Flag.Boolean("all").pipe(
      Flag.withDefault(false),
      Flag.withoutNegation,
      Flag.withDescription("Show every row of every table"),
    ),
    json,
    validation: Flag.withDefault(validation(validationText), "structure"),
    load: loadFlags,
  },
  (input) =>
    Effect.flatMap(Effect.promise(() => import("./commands/diff.ts")), (it) => it.diff(input)),
).pipe(
  Command.withDescription(
    "Says what changed between two builds of a module: sizes by section and by function, imports, exports, memories, tables, features. Functions are told apart by their names.",
  ),
  Command.withShortDescription("Say what changed between two builds"),
  Command.withExamples([{ command: "compile-streaming diff before.wasm after.wasm" }]),
)

/** The whole. A subcommand that is added here has to be added to `commandNames` in `arguments.ts`. */
const command = Command.make("compile-streaming").pipe(
  Command.withDescription(
    "Compiles, inspects, validates and disassembles WebAssembly modules from a URL, a file or standard input.",
  ),
  Command.withSubcommands([compile, inspect, validate, disassemble, run, types, diff]),
  Command.withGlobalFlags(outputFlags),
)

/**
 * Runs a subcommand.
 *
 * @param args its name and its arguments
 */
export const runCommand: (
  args: ReadonlyArray<string>,
) => Effect.Effect<void, unknown, Command.Environment> = Command.runWith(command, {
  version,
  renderErrors: false,
})

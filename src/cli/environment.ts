/**
 * The services that `effect/cli` requires. Those of the platform are loaded only when a command runs: help neither reads nor
 * starts anything.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import type * as Command from "effect/cli/Command"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"

/** Files, standard input, the terminal. */
const ofPlatform: Layer.Layer<Command.Environment> = Layer.unwrap(
  Effect.map(
    Effect.promise(() => import("@effect/platform-node/NodeServices")),
    ({ layer }) => layer,
  ),
)

const unused = Effect.die(new Error("Help needs no services"))

/** Services without function, for help and version. */
const inert: Layer.Layer<Command.Environment> = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Stdio.layerTest({}),
  Layer.succeed(
    Terminal.Terminal,
    Terminal.make({
      columns: unused,
      rows: unused,
      size: unused,
      readInput: unused,
      readLine: unused,
      display: () => unused,
    }),
  ),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => unused),
  ),
)

/**
 * The services for a run of the command.
 *
 * @param args its arguments
 */
export const environmentFor = (args: ReadonlyArray<string>): Layer.Layer<Command.Environment> =>
  args.slice(0, args.includes("--") ? args.indexOf("--") : args.length)
      .some((arg) => /^(?:--help|-h|--version|-v)$/.test(arg))
    ? inert
    : ofPlatform

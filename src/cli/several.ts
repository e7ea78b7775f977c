/**
 * Several modules at once: folders and globs stand for the files in them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import { printUrl } from "../messages/print.ts"
import { badModule, type CliError } from "./cli_error.ts"

const isUrl = (text: string): boolean => text === "-" || /^[a-z][a-z0-9+.-]+:/i.test(text)

/** For the glob of a folder: what stands in its own name is not meant as one. */
const escaped = (path: string): string => path.replace(/[\\*?[\]{}]/g, "\\$&")

/** More files than a person wants to wait for at once; a glob over a whole disk is a mistake. */
const mostFiles = 10_000

const cannotList = (argument: string, error: { readonly message: string }): CliError =>
  badModule(`Cannot list ${printUrl(argument)}: ${error.message}`)

/** A source; or what arguments stand for that cannot be listed, and why. */
export interface ListedSource {
  readonly argument: string
  readonly error?: CliError
}

const isFolder = (path: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (files) => files.stat(path)).pipe(
    Effect.map(({ type }) => type === "Directory"),
    // What is not there is told by who reads it.
    Effect.orElseSucceed(() => false),
  )

/** The modules in a folder. A folder whose name ends as theirs do is none; what is in it is found as well. */
const modulesIn = (
  folder: string,
): Effect.Effect<ReadonlyArray<string>, PlatformError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    // For a glob, a folder that may not be read holds nothing.
    yield* files.readDirectory(folder)
    const found = yield* files.glob(`${escaped(folder.replace(/[\\/]+$/, "") || "/")}/**/*.wasm`)
    return yield* Effect.filter(found, (path) => Effect.map(isFolder(path), (is) => !is))
  })

/** What a glob stands for: a folder is what is in it, as where a shell writes the names out. */
const matching = (
  pattern: string,
): Effect.Effect<ReadonlyArray<string>, PlatformError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const lists = yield* Effect.forEach(
      yield* files.glob(pattern),
      (path) =>
        Effect.flatMap(isFolder(path), (is) => is ? modulesIn(path) : Effect.succeed([path])),
    )
    return [...new Set(lists.flat())]
  })

const expanded = (
  argument: string,
): Effect.Effect<ReadonlyArray<string>, CliError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    if (argument === "" || isUrl(argument)) return [argument]
    const files = yield* FileSystem.FileSystem
    // What is not there may be a glob; what is not that either is told by who reads it.
    const isThere = yield* Effect.orElseSucceed(files.exists(argument), () => false)
    const isGlob = !isThere && /[*?[{]/.test(argument)
    if (!isGlob && !(yield* isFolder(argument))) return [argument]
    const found = yield* (isGlob ? matching(argument) : modulesIn(argument)).pipe(
      Effect.mapError((error) => cannotList(argument, error)),
    )
    if (found.length === 0) {
      return yield* Effect.fail(badModule(`There is no module in ${printUrl(argument)}`))
    }
    if (found.length > mostFiles) {
      const message = `${
        printUrl(argument)
      } stands for ${found.length} files, more than ${mostFiles}`
      return yield* Effect.fail(badModule(message))
    }
    return found
  })

/**
 * The sources that arguments stand for, in their order; folders stand for every `.wasm` file in them. One that cannot be
 * listed does not stop the others.
 *
 * @param args URLs, paths, folders, globs, `-`
 */
export const severalSources = (
  args: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<ListedSource>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const listed = new Map<string, ListedSource>()
    for (const argument of args) {
      const sources = yield* expanded(argument).pipe(
        Effect.map((found): ReadonlyArray<ListedSource> => found.map((argument) => ({ argument }))),
        Effect.catch((error) => Effect.succeed([{ argument, error }])),
      )
      for (const source of sources) {
        if (!listed.has(source.argument)) listed.set(source.argument, source)
      }
    }
    return [...listed.values()]
  })

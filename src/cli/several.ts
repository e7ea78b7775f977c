/**
 * Arguments that stand for several modules: folders and globs.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Result from "effect/Result"
import { whyUnreadable } from "../http/transport/file.ts"
import { printUrl } from "../messages/print.ts"
import { badModule, type CliError } from "./cli_error.ts"

const isUrl = (text: string): boolean => text === "-" || /^[a-z][a-z0-9+.-]+:/i.test(text)

/** Escapes a folder's path for use in a glob. */
const escaped = (path: string): string => path.replace(/[\\*?[\]{}]/g, "\\$&")

/** The most files that an argument may stand for: more are a mistake, such as a glob over a whole disk. */
const mostFiles = 10_000

/** A source, or the error if the files that an argument stands for cannot be listed. */
export interface ListedSource {
  readonly argument: string
  readonly error?: CliError
}

/** The entry for what cannot be listed, which may be a folder inside the named one. */
const notListed = (argument: string, error: PlatformError): ListedSource => {
  const { cause = error } = error
  const path: unknown = cause instanceof Error ? Reflect.get(cause, "path") : undefined
  const name = printUrl(typeof path === "string" ? path : argument)
  return { argument, error: badModule(`Cannot list ${name}: ${whyUnreadable(cause)}`) }
}

const isFolder = (path: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (files) => files.stat(path)).pipe(
    Effect.map(({ type }) => type === "Directory"),
    // A missing file is reported when it is read.
    Effect.orElseSucceed(() => false),
  )

/**
 * The modules in a folder, and an entry if some of it cannot be listed. A folder named like a module is not one; the modules
 * in it are found too.
 */
const modulesIn = (
  folder: string,
): Effect.Effect<ReadonlyArray<ListedSource>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    // A glob treats an unreadable folder as empty; only this listing fails.
    const all = yield* Effect.result(files.readDirectory(folder, { recursive: true }))
    const found = yield* files.glob(`${escaped(folder.replace(/[\\/]+$/, "") || "/")}/**/*.wasm`)
    const modules = yield* Effect.filter(found, (path) => Effect.map(isFolder(path), (is) => !is))
    const sources = modules.map((argument): ListedSource => ({ argument }))
    return Result.isSuccess(all) ? sources : [...sources, notListed(folder, all.failure)]
  }).pipe(
    Effect.catch((error) => Effect.succeed([notListed(folder, error)])),
  )

/** What a glob stands for. A folder stands for the modules in it, as it would if the shell had expanded the glob. */
const matching = (
  pattern: string,
): Effect.Effect<ReadonlyArray<ListedSource>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const lists = yield* Effect.forEach(
      yield* files.glob(pattern),
      (path) =>
        Effect.flatMap(
          isFolder(path),
          (is): ReturnType<typeof modulesIn> =>
            is ? modulesIn(path) : Effect.succeed([{ argument: path }]),
        ),
    )
    return lists.flat()
  }).pipe(
    Effect.catch((error) => Effect.succeed([notListed(pattern, error)])),
  )

const expanded = (
  argument: string,
): Effect.Effect<ReadonlyArray<ListedSource>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    if (argument === "" || isUrl(argument)) return [{ argument }]
    const files = yield* FileSystem.FileSystem
    // Only a path that does not exist can be a glob. A missing file is reported when it is read.
    const isThere = yield* Effect.orElseSucceed(files.exists(argument), () => false)
    const isGlob = !isThere && /[*?[{]/.test(argument)
    if (!isGlob && !(yield* isFolder(argument))) return [{ argument }]
    const found = yield* isGlob ? matching(argument) : modulesIn(argument)
    const name = printUrl(argument)
    if (found.length === 0) {
      return [{
        argument,
        error: badModule(isGlob ? `No file matches ${name}` : `There is no module in ${name}`),
      }]
    }
    if (found.length > mostFiles) {
      const message = `${name} stands for ${found.length} files, more than ${mostFiles}`
      return [{ argument, error: badModule(message) }]
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
      for (const source of yield* expanded(argument)) {
        if (!listed.has(source.argument)) listed.set(source.argument, source)
      }
    }
    return [...listed.values()]
  })

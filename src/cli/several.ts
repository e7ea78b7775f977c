/**
 * Several modules at once: folders and globs stand for the files in them.
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

/** For the glob of a folder: what stands in its own name is not meant as one. */
const escaped = (path: string): string => path.replace(/[\\*?[\]{}]/g, "\\$&")

/** More files than a person wants to wait for at once; a glob over a whole disk is a mistake. */
const mostFiles = 10_000

/** A source; or what arguments stand for that cannot be listed, and why. */
export interface ListedSource {
  readonly argument: string
  readonly error?: CliError
}

/** What cannot be listed; that may be a folder in the one that was named. */
const notListed = (argument: string, error: PlatformError): ListedSource => {
  const { cause = error } = error
  const path: unknown = cause instanceof Error ? Reflect.get(cause, "path") : undefined
  const name = printUrl(typeof path === "string" ? path : argument)
  return { argument, error: badModule(`Cannot list ${name}: ${whyUnreadable(cause)}`) }
}

const isFolder = (path: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (files) => files.stat(path)).pipe(
    Effect.map(({ type }) => type === "Directory"),
    // What is not there is told by who reads it.
    Effect.orElseSucceed(() => false),
  )

/**
 * The modules in a folder, and what of it cannot be listed. A folder whose name ends as theirs do is none; what is in it is
 * found as well.
 */
const modulesIn = (
  folder: string,
): Effect.Effect<ReadonlyArray<ListedSource>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    // For a glob, a folder that may not be read holds nothing.
    const all = yield* Effect.result(files.readDirectory(folder, { recursive: true }))
    const found = yield* files.glob(`${escaped(folder.replace(/[\\/]+$/, "") || "/")}/**/*.wasm`)
    const modules = yield* Effect.filter(found, (path) => Effect.map(isFolder(path), (is) => !is))
    const sources = modules.map((argument): ListedSource => ({ argument }))
    return Result.isSuccess(all) ? sources : [...sources, notListed(folder, all.failure)]
  }).pipe(
    Effect.catch((error) => Effect.succeed([notListed(folder, error)])),
  )

/** What a glob stands for: a folder is what is in it, as where a shell writes the names out. */
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
    // What is not there may be a glob; what is not that either is told by who reads it.
    const isThere = yield* Effect.orElseSucceed(files.exists(argument), () => false)
    const isGlob = !isThere && /[*?[{]/.test(argument)
    if (!isGlob && !(yield* isFolder(argument))) return [{ argument }]
    const found = yield* isGlob ? matching(argument) : modulesIn(argument)
    const name = printUrl(argument)
    if (found.length === 0) {
      return [{ argument, error: badModule(`There is no module in ${name}`) }]
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

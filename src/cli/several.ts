/**
 * Arguments that stand for several modules: folders and globs.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Result from "effect/Result"
import { join } from "node:path"
import { whyUnreadable } from "../http/transport/file.ts"
import { printPath } from "../messages/print.ts"
import { badModule, type CliError } from "./cli_error.ts"

const isUrl = (text: string): boolean => text === "-" || /^[a-z][a-z0-9+.-]+:/i.test(text)

/** A path that was found, so that it is not taken for a URL, a host or standard input. One letter is a drive. */
const asArgument = (path: string): string =>
  path === "-" || /^[^/\\]{2,}:/.test(path) ? `./${path}` : path

/** The most files that an argument may stand for: more are a mistake, such as a glob over a whole disk. */
const mostFiles = 10_000

/** A source, or the error if the files that an argument stands for cannot be listed. */
export interface ListedSource {
  readonly argument: string
  readonly error?: CliError
}

/** The entry for a folder or a glob that cannot be listed. */
const notListed = (argument: string, { cause, message }: PlatformError): ListedSource => {
  const why = cause === undefined ? message : whyUnreadable(cause)
  return { argument, error: badModule(`Cannot list ${printPath(argument)}: ${why}`) }
}

const byName = (a: FileSystem.DirectoryEntry, b: FileSystem.DirectoryEntry): number =>
  a.name < b.name ? -1 : 1

const isFolder = (path: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (files) => files.stat(path)).pipe(
    Effect.map(({ type }) => type === "Directory"),
    // A missing file is reported when it is read.
    Effect.orElseSucceed(() => false),
  )

/** Whether an entry of a folder is a folder itself. Links are not followed: they can form loops, or lead anywhere. */
const isSubfolder = (
  path: string,
  type: FileSystem.File.Type,
): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  type !== "Unknown" ? Effect.succeed(type === "Directory") : Effect.flatMap(
    FileSystem.FileSystem,
    (files) => files.lstat(path),
  ).pipe(
    Effect.map((info) => info.type === "Directory"),
    Effect.orElseSucceed(() => false),
  )

/**
 * The modules in a folder and in the folders inside it, except hidden ones, and an entry for each folder that cannot be
 * listed. A folder named like a module is not one; the modules in it are found too.
 */
const modulesIn = (
  folder: string,
): Effect.Effect<ReadonlyArray<ListedSource>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const found: Array<ListedSource> = []
    const waiting = [folder]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const listing = yield* Effect.result(files.readDirectoryEntries(next))
      if (Result.isFailure(listing)) {
        found.push(notListed(next, listing.failure))
        continue
      }
      const inside: Array<string> = []
      for (const { name, type } of [...listing.success].sort(byName)) {
        const path = join(next, name)
        if (yield* isSubfolder(path, type)) {
          if (!name.startsWith(".")) inside.push(path)
        } else if (name.endsWith(".wasm") && !(type !== "File" && (yield* isFolder(path)))) {
          found.push({ argument: asArgument(path) })
        }
      }
      waiting.push(...inside.reverse())
      if (found.length > mostFiles) break
    }
    return found
  })

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
            is ? modulesIn(path) : Effect.succeed([{ argument: asArgument(path) }]),
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
    const name = printPath(argument)
    if (found.length === 0) {
      return [{
        argument,
        error: badModule(isGlob ? `No file matches ${name}` : `There is no module in ${name}`),
      }]
    }
    if (found.length > mostFiles) {
      const message = `${name} stands for more than ${mostFiles} files`
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

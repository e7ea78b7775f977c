/**
 * Several modules at once: folders and globs stand for the files in them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { printUrl } from "../messages/print.ts"
import { badModule, type CliError } from "./cli_error.ts"

const isUrl = (text: string): boolean => text === "-" || /^[a-z][a-z0-9+.-]+:/i.test(text)

/** For the glob of a folder: what stands in its own name is not meant as one. */
const escaped = (path: string): string => path.replace(/[\\*?[\]{}]/g, "\\$&")

/** More files than a person wants to wait for at once; a glob over a whole disk is a mistake. */
const mostFiles = 10_000

const cannotList = (argument: string, error: { readonly message: string }): CliError =>
  badModule(`Cannot list ${printUrl(argument)}: ${error.message}`)

const expanded = (
  argument: string,
): Effect.Effect<ReadonlyArray<string>, CliError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    if (argument === "" || isUrl(argument)) return [argument]
    const files = yield* FileSystem.FileSystem
    const type = yield* files.stat(argument).pipe(
      Effect.map(({ type }) => type),
      // What is not there may be a glob; what is not that either is told by who reads it.
      Effect.orElseSucceed(() => undefined),
    )
    const isGlob = type === undefined && /[*?[{]/.test(argument)
    if (type !== "Directory" && !isGlob) return [argument]
    const folder = argument.replace(/[\\/]+$/, "") || "/"
    const pattern = isGlob ? argument : `${escaped(folder)}/**/*.wasm`
    const found = yield* files.glob(pattern).pipe(
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
 * The sources that arguments stand for, in their order; folders stand for every `.wasm` file in them.
 *
 * @param args URLs, paths, folders, globs, `-`
 */
export const severalSources = (
  args: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<string>, CliError, FileSystem.FileSystem> =>
  Effect.map(Effect.forEach(args, expanded), (lists) => [...new Set(lists.flat())])

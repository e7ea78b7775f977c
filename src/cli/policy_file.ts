/**
 * Policies in files: read for `--policy`, written by `inspect --policy-of`.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as FileSystem from "node:fs/promises"
import { isAbsolute, relative } from "node:path"
import process from "node:process"
import type { ModuleReport } from "../binary/report/module_report.ts"
import { whyUnreadable } from "../http/transport/file.ts"
import { printText } from "../messages/print.ts"
import { type Policy, policy } from "../policy/policy.ts"
import { policyOf } from "../policy/policy_of.ts"
import { badModule, type CliError, usageError } from "./cli_error.ts"
import { jsonFault } from "./json_fault.ts"
import { oneLine, safeJson } from "./terminal/text.ts"

/** The largest policy, in bytes: enough for a hundred thousand imports and as many exports, which engines allow. */
const largest = 33_554_432

/** The number of bytes read at once. */
const pieceSize = 65_536

/** What was read from a file; or what is wrong with the file, as the rest of a sentence. */
type Read<A> = { readonly value: A } | { readonly wrong: string }

const readPieces = async (path: string): Promise<Read<ReadonlyArray<Uint8Array>>> => {
  let file: FileSystem.FileHandle | undefined
  try {
    const stats = await FileSystem.stat(path)
    if (stats.isDirectory()) return { wrong: "is a folder, not a file" }
    // Opening a pipe or a device may block indefinitely, and Ctrl-C would not interrupt it.
    if (!stats.isFile()) return { wrong: "is not a regular file" }
    file = await FileSystem.open(path)
    const pieces: Array<Uint8Array> = []
    for (let size = 0;;) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(pieceSize), 0, pieceSize)
      if (bytesRead === 0) return { value: pieces }
      size += bytesRead
      if (size > largest) return { wrong: "has more than 32 MiB, the most that a policy may have" }
      pieces.push(buffer.subarray(0, bytesRead))
    }
  } catch (error) {
    return { wrong: `cannot be read: ${whyUnreadable(error)}` }
  } finally {
    await file?.close()
  }
}

/** Text in UTF-8, or in UTF-16 as the `>` of Windows PowerShell writes it. */
const decode = (pieces: ReadonlyArray<Uint8Array>): Read<string> => {
  const isWide = pieces[0]?.[0] === 0xff && pieces[0][1] === 0xfe
  const decoder = new TextDecoder(isWide ? "utf-16le" : "utf-8", { fatal: true })
  try {
    const texts = pieces.map((piece) => decoder.decode(piece, { stream: true }))
    return { value: texts.join("") + decoder.decode() }
  } catch {
    return { wrong: "is not UTF-8 text" }
  }
}

const readText = async (path: string): Promise<Read<string>> => {
  const read = await readPieces(path)
  return "wrong" in read ? read : decode(read.value)
}

/**
 * The name of a file in messages, safe to print: relative to the working directory if the file is in it.
 *
 * @param path where it is
 */
const policyName = (path: string): string => {
  const near = relative(process.cwd(), path)
  const isBelow = near !== "" && !near.startsWith("..") && !isAbsolute(near)
  return printText(isBelow ? near : path)
}

/** The schema's message, without the words that the caller adds. */
const schemaWords = (message: string): string =>
  oneLine(message.replace(/^The policy's /, "").replace(/^The policy /, "the policy "))

/**
 * Reads the policy of `--policy`.
 *
 * @param path the file; `undefined` for no policy
 * @returns the policy; fails with the file, the place in it and what is expected there
 */
export const policyIn = (path: string | undefined): Effect.Effect<Policy | undefined, CliError> =>
  Effect.gen(function* () {
    if (path === undefined) return undefined
    const name = policyName(path)
    const read = yield* Effect.promise(() => readText(path))
    if ("wrong" in read) return yield* Effect.fail(usageError(`--policy ${name} ${read.wrong}`))
    const text = read.value
    const { PolicyRulesJson } = yield* Effect.promise(() => import("../schema.ts"))
    const rules = yield* Schema.decodeEffect(PolicyRulesJson)(text).pipe(
      Effect.mapError(({ message }) => {
        const fault = jsonFault(text)
        return usageError(
          fault === undefined
            ? `--policy ${name}: ${schemaWords(message)}`
            : `--policy ${name}:${fault.line}:${fault.column}: ${fault.message}`,
        )
      }),
    )
    return policy(rules)
  })

/**
 * The tightest policy that allows a module, as the text of a file.
 *
 * @param report what is in the module
 */
export const policyText = (report: ModuleReport): Effect.Effect<string, CliError> =>
  Effect.try({
    // Rules that a policy does not have are left out: the schema rejects `null`.
    try: () => safeJson(JSON.stringify(policyOf(report), undefined, 2)),
    catch: (error) => {
      if (error instanceof TypeError) return badModule(error.message)
      throw error
    },
  })

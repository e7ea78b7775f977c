/**
 * Detects mistyped commands. Without a command's name, the first word is a module to compile; if there is no such file, it
 * may be a mistyped command.
 *
 * @module
 */
import { existsSync } from "node:fs"
import { commandNames, firstOfItsOwn } from "./arguments.ts"

/** The edit distance: how many letters are inserted, removed, changed, or swapped with the next one. */
const distance = (a: string, b: string): number => {
  let before: ReadonlyArray<number> = []
  let last: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const above = last[j] ?? 0
      const diagonal = last[j - 1] ?? 0
      let least = Math.min(
        above + 1,
        (row[j - 1] ?? 0) + 1,
        diagonal + (a[i - 1] === b[j - 1] ? 0 : 1),
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      }
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/**
 * The commands that a word may stand for: those that begin like it or, failing that, those within a letter or two of it.
 *
 * @param word what was given
 */
export const nearCommands = (word: string): ReadonlyArray<string> => {
  const written = word.toLowerCase()
  const begun = written.length < 3
    ? []
    : commandNames.filter((name) => name.startsWith(written.slice(0, 4)))
  return begun.length > 0
    ? begun
    : commandNames.filter((name) => distance(written, name) <= (name.length > 5 ? 2 : 1))
}

/**
 * A command's name after other options or a source, where it is read as an argument of `compile`.
 *
 * @param args the arguments of the whole command
 */
export const misplacedCommand = (args: ReadonlyArray<string>): string | undefined => {
  const [first = "", ...others] = args.slice(firstOfItsOwn(args))
  return commandNames.includes(first)
    ? undefined
    : others.find((word) => commandNames.includes(word))
}

/**
 * The message about a word that is neither a command nor a file; `undefined` if there is nothing to report.
 *
 * @param args the arguments of the whole command
 * @param exists whether there is a file or a folder
 */
export const mistyped = (
  args: ReadonlyArray<string>,
  exists: (path: string) => boolean = existsSync,
): string | undefined => {
  const at = firstOfItsOwn(args)
  const [word = "", next] = args.slice(at)
  if (commandNames.includes(word) || !/^[a-z]+$/i.test(word) || exists(word)) return undefined
  const neither = `There is no command and no file "${word}"`
  if (/^(?:help|version)$/i.test(word)) {
    return `${neither}. Did you mean --${word.toLowerCase()}?`
  }
  const near = nearCommands(word)
  if (near.length > 0) return `${neither}. Did you mean ${near.join(" or ")}?`
  // A single word may be a missing file; two words are a mistaken command.
  return next === undefined || next.startsWith("-")
    ? undefined
    : `${neither}. The commands are ${commandNames.join(", ")}`
}

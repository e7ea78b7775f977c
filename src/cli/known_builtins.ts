/**
 * A warning about unknown sets of builtins: the specification has engines ignore them, so a mistyped one would go unnoticed.
 *
 * @see https://webassembly.github.io/spec/js-api/#builtins
 * @module
 */
import * as Effect from "effect/Effect"
import { builtinSets } from "../types/builtins.ts"
import { Output } from "./terminal/output.ts"
import { nameText } from "./terminal/text.ts"

/**
 * Warns about unknown sets. They are no error: a newer engine may know them.
 *
 * @param sets the sets that were named
 */
export const warnOfSets = (sets: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { note, noteStyle } = yield* Output
    for (const set of new Set(sets)) {
      if (builtinSets.includes(set)) continue
      const known = builtinSets.join(", ")
      note(
        `${noteStyle.warning("warning:")} --builtin "${nameText(set)}" is not known here ` +
          `(known: ${known}); an engine that does not know it ignores it`,
      )
    }
  })

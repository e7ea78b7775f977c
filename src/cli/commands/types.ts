/**
 * `types`: TypeScript declarations of what a module imports and exports.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { LoadFailure } from "../../http/load_error.ts"
import { DeclarationError } from "../../types/declaration_error.ts"
import { declarations } from "../../types/declarations.ts"
import { badModule, type CliError } from "../cli_error.ts"
import type { LoadFlags } from "../flags.ts"
import { warnOfSets } from "../known_builtins.ts"
import { outlineOf } from "../outline.ts"
import { namedSource } from "../source.ts"
import { offsetText } from "../terminal/numbers.ts"
import { Output } from "../terminal/output.ts"

/** The input of `types`. */
export interface TypesInput {
  readonly source: string
  readonly form: "instantiate" | "import"
  readonly builtins: ReadonlyArray<string>
  readonly stringConstants: string | undefined
  readonly load: LoadFlags
}

/** Writes declarations. */
export const types = (
  { builtins, form, load, source: argument, stringConstants }: TypesInput,
): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    const output = yield* Output
    yield* warnOfSets(builtins)
    const source = yield* namedSource(argument, load.headers)
    const { report } = yield* outlineOf(source, load, "structure", 0)
    if (report.unknown !== undefined) {
      const { offset, what } = report.unknown
      const message = `${source.name} has something unknown, ${what} at ${offsetText(offset)}: ` +
        "its imports and exports are not all known"
      return yield* Effect.fail(badModule(message))
    }
    const text = yield* Effect.try({
      try: () => declarations(report, { form, builtins, importedStringConstants: stringConstants }),
      catch: (error) => {
        if (error instanceof DeclarationError) return badModule(`${source.name}: ${error.message}`)
        throw error
      },
    })
    output.print(text.trimEnd())
  })

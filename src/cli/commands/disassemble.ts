/**
 * `disassemble`: prints functions as instructions with their offsets or, if none is named, the module's first error.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { UnknownConstruct } from "../../binary/decoder.ts"
import type { LoadFailure } from "../../http/load_error.ts"
import { nextTurn } from "../../platform/natives.ts"
import { bytesOf } from "../bytes.ts"
import { badModule, CliError, exitBad, usageError } from "../cli_error.ts"
import { type FoundFunction, moduleFault, ModuleFunctions } from "../disassembly.ts"
import type { LoadFlags } from "../flags.ts"
import { namedSource } from "../source.ts"
import { countText, offsetText, plural } from "../terminal/numbers.ts"
import { Output } from "../terminal/output.ts"
import { nameText, oneLine } from "../terminal/text.ts"
import { validateModule } from "../validate_module.ts"
import { faultLines, functionLines, functionTitle } from "../views/disassembly_lines.ts"
import { validateLines } from "../views/validate_lines.ts"

/** The input of `disassemble`. */
export interface DisassembleInput {
  readonly source: string
  readonly functions: ReadonlyArray<string>
  readonly all: boolean
  /** The number of instructions shown before an error. */
  readonly around: number
  readonly load: LoadFlags
}

/** The number of lines written at once. */
const batch = 2_000

/** The most names listed if several functions match. */
const mostChoices = 10

const sought = (
  functions: ModuleFunctions,
  text: string,
): Effect.Effect<ReadonlyArray<FoundFunction>, CliError> => {
  const found = functions.find(text)
  if (found.kind === "found") return Effect.succeed(found.functions)
  const name = nameText(text)
  if (found.kind === "none") {
    const message = `There is no function ${name}: the module has ${
      plural(functions.count, "function")
    }; list all with inspect --all`
    return Effect.fail(usageError(message))
  }
  const choices = found.functions.slice(0, mostChoices).map(functionTitle).join(", ")
  const more = found.functions.length > mostChoices ? ", …" : ""
  return Effect.fail(
    usageError(`Several functions have ${name} in their name, give one of them: ${choices}${more}`),
  )
}

/** What a module has that is not known, as the rest of a sentence. */
const unknownText = ({ offset, what }: UnknownConstruct): string =>
  `something unknown, ${what} at ${offsetText(offset)}: what follows was not decoded`

/** Reports an error outside of function bodies, or bytes that are not a module, as `validate` does. */
const tellFault = (name: string, bytes: Uint8Array<ArrayBuffer>): Effect.Effect<never, CliError> =>
  Effect.gen(function* () {
    const output = yield* Output
    const result = yield* validateModule(name, bytes, false)
    const width = output.figureWidth()
    const { style } = output
    output.print(validateLines(result, bytes, { engine: "", document: undefined, width, style }))
    // The error has been printed already.
    return yield* Effect.fail(new CliError({ message: "", exitCode: exitBad }))
  })

/** Shows functions, or the first error. */
export const disassemble = (
  { all, around, functions: wanted, load, source: argument }: DisassembleInput,
): Effect.Effect<void, CliError | LoadFailure> =>
  Effect.gen(function* () {
    const output = yield* Output
    if (all && wanted.length > 0) {
      return yield* Effect.fail(usageError("Name functions, or pass --all, but not both"))
    }
    const source = yield* namedSource(argument, load.headers)
    const bytes = yield* bytesOf(source, load)
    const functions = new ModuleFunctions(bytes)
    const { style } = output
    const { unknown } = functions.outline.report
    if (functions.fault !== undefined && !functions.hasBodies) {
      return yield* tellFault(source.name, bytes)
    }
    if (unknown !== undefined && !functions.hasBodies) {
      return yield* Effect.fail(badModule(`${source.name} has ${unknownText(unknown)}`))
    }
    const lists = yield* Effect.forEach(wanted, (text) => sought(functions, text))
    const chosen = all ? functions.bodies() : lists.flat()
    if (all || wanted.length > 0) {
      let lines: Array<string> = []
      let isFirst = true
      const faulty: Array<FoundFunction> = []
      for (const found of chosen) {
        if (!isFirst) lines.push("")
        isFirst = false
        for (const line of functionLines(found, functions, style, () => faulty.push(found))) {
          lines.push(line)
          if (lines.length < batch) continue
          output.print(lines)
          lines = []
          // Lets the output be written, and a closed pipe be noticed.
          yield* Effect.promise(nextTurn)
          if (output.isClosed()) break
        }
        if (output.isClosed()) break
      }
      output.print(lines)
      if (functions.fault !== undefined) {
        const message = `The module is not whole: ${oneLine(functions.fault.message)}`
        return yield* Effect.fail(badModule(message))
      }
      if (unknown !== undefined) {
        return yield* Effect.fail(badModule(`The module has ${unknownText(unknown)}`))
      }
      if (faulty.length > 0) {
        const names = faulty.slice(0, mostChoices).map(functionTitle).join(", ")
        const more = faulty.length > mostChoices ? ", …" : ""
        const what = faulty.length === 1 ? "Function" : `${countText(faulty.length)} functions,`
        return yield* Effect.fail(badModule(`${what} ${names}${more} cannot be decoded`))
      }
      return
    }
    const fault = moduleFault(bytes)
    if (fault === undefined) {
      const message =
        "The module is valid, so there is no error to show: name a function, or pass --all"
      return yield* Effect.fail(usageError(message))
    }
    if (fault.body === undefined) return yield* tellFault(source.name, bytes)
    const width = output.figureWidth()
    output.print(faultLines(source.name, fault, functions, { around, width, style }))
    // The error has been printed already.
    return yield* Effect.fail(new CliError({ message: "", exitCode: exitBad }))
  })

/**
 * `validate`: modules checked against the whole specification, by the library and by this engine, and against a policy.
 *
 * @module
 */
import type * as FileSystem from "effect/FileSystem"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { ValidateDocument, ValidateResult } from "../../documents.ts"
import { bytesOf } from "../bytes.ts"
import { CliError, exitBad } from "../cli_error.ts"
import { engineName } from "../engine_name.ts"
import { errorsDocument } from "../errors_document.ts"
import type { LoadFlags } from "../flags.ts"
import { jsonText } from "../json.ts"
import { policyIn } from "../policy_file.ts"
import { type ListedSource, severalSources } from "../several.ts"
import { namedSource, sourceOf } from "../source.ts"
import { failureOf } from "../tell_failure.ts"
import { Output } from "../terminal/output.ts"
import { unreadResult, validateModule } from "../validate_module.ts"
import { countLine, validateLines } from "../views/validate_lines.ts"

/** The input of `validate`. */
export interface ValidateInput {
  readonly sources: ReadonlyArray<string>
  readonly explain: boolean
  /** Whether to validate with this engine too. */
  readonly engine: boolean
  readonly json: boolean
  /** The file of a policy. */
  readonly policy: string | undefined
  readonly load: LoadFlags
}

/** Whether a module is valid, and within the policy. */
const isGood = ({ isValid, refusal }: ValidateResult): boolean => isValid && refusal === undefined

/** A source and all of its bytes. */
const loadedFrom = ({ argument, error }: ListedSource, load: LoadFlags) =>
  Effect.gen(function* () {
    if (error !== undefined) return yield* Effect.fail(error)
    const source = yield* namedSource(argument, load.headers)
    return { source, bytes: yield* bytesOf(source, load) }
  })

/** Validates modules. */
export const validate = (
  { engine: asksEngine, explain, json, load, policy: policyFile, sources }: ValidateInput,
): Effect.Effect<void, CliError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const output = yield* Output
    const { style } = output
    const engine = engineName()
    const policy = yield* policyIn(policyFile)
    const document = explain && !json ? yield* Effect.promise(errorsDocument) : undefined
    if (explain && !json && document === undefined) {
      output.note("docs/errors.md is not beside the command: nothing can be explained")
    }
    const all = yield* severalSources(sources)
    let worst = exitBad
    const entries: Array<ValidateResult> = []
    for (const listed of all) {
      // Nobody reads the output any more, and the exit code is that of a failure already.
      if (output.isClosed() && !entries.every(isGood)) break
      const loaded = yield* Effect.exit(loadedFrom(listed, load))
      if (loaded._tag === "Failure") {
        const { exitCode, lines } = failureOf(loaded.cause, [listed.argument])
        const isAlone = all.length === 1
        if (
          Cause.hasInterruptsOnly(loaded.cause) || (isAlone && (!json || exitCode !== exitBad))
        ) {
          return yield* Effect.fail(new CliError({ message: lines.join(" "), exitCode }))
        }
        worst = Math.max(worst, exitCode)
        output.complain(lines.map((line) => `error: ${line}`))
        entries.push(unreadResult(sourceOf(listed.argument), loaded.cause, lines.join(" ")))
        continue
      }
      const { bytes, source } = loaded.value
      const result = yield* validateModule(source.source, bytes, asksEngine, policy)
      entries.push(result)
      if (json) continue
      if (isGood(result) && result.engine?.isValid !== false && output.isQuiet) continue
      output.print(
        validateLines(result, bytes, { engine, document, width: output.figureWidth(), style }),
      )
    }
    if (json) {
      const written: ValidateDocument = {
        document: "validate",
        version: 1,
        engine,
        ...(policyFile === undefined ? {} : { policy: policyFile }),
        modules: entries,
      }
      output.print(jsonText(written))
    } else if (all.length > 1 && !output.isQuiet) {
      const results = entries.filter(({ unread }) => unread === undefined)
      output.print(countLine(results, entries.length - results.length))
    }
    // The errors have been printed already.
    if (!entries.every(isGood)) {
      yield* Effect.fail(new CliError({ message: "", exitCode: worst }))
    }
  })

/**
 * What the command line tells a person in one line.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"

const CliErrorBase: new (fields: { readonly message: string }) => Cause.YieldableError & {
  readonly _tag: "CliError"
  readonly message: string
} = Data.TaggedError("CliError")<{ readonly message: string }>

/** A wrong argument, or a file that cannot be read. */
export class CliError extends CliErrorBase {}

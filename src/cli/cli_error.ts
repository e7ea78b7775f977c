/**
 * The error of a command, with a message for the user, and the exit codes.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"

/** The exit code of a bad module or response. */
export const exitBad = 1
/** The exit code of wrong usage. */
export const exitUsage = 2
/** The exit code after Ctrl-C: 128 and the number of SIGINT. */
export const exitInterrupted = 130
/** The exit code after SIGTERM: 128 and its number. */
export const exitTerminated = 143

interface CliErrorFields {
  /** What happened, with what, and what to do; safe to print. */
  readonly message: string
  /** The process's exit code. */
  readonly exitCode: number
}

const CliErrorBase: new (fields: CliErrorFields) =>
  & Cause.YieldableError
  & { readonly _tag: "CliError" }
  & Readonly<CliErrorFields> = Data.TaggedError("CliError")<CliErrorFields>

/** A command that could not do what it was asked for. */
export class CliError extends CliErrorBase {}

/**
 * Wrong usage: an argument or option that makes no sense.
 *
 * @param message what is wrong, and what to do
 */
export const usageError = (message: string): CliError =>
  new CliError({ message, exitCode: exitUsage })

/**
 * A module or response that is not as it should be.
 *
 * @param message what is wrong, and what to do
 */
export const badModule = (message: string): CliError => new CliError({ message, exitCode: exitBad })

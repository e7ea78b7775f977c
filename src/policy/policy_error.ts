/**
 * The error of a module that breaks a policy. Separate from the pipeline's errors, so that programs without policies do not
 * bundle it.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import type { ExternalKindName } from "../binary/report/print.ts"

/**
 * The rule that a module breaks, by its place in the policy; the last two have none.
 *
 * - `imports.allow`, `exports.allow`, `features.allow`, `customSections.allow`: the module has one that is not in the list
 * - `imports.refuse`, `exports.refuse`, `features.refuse`, `customSections.refuse`: the module has one that is in the list
 * - `imports.require`, `exports.require`: the module has none that matches an entry of the list
 * - `memory.initial`, `memory.maximum`: its memories are larger, or have no maximum
 * - `table.initial`, `table.maximum`: its tables are larger, or have no maximum
 * - `functions`: it defines too many functions
 * - `moduleSize`: it has too many bytes
 * - `start`: it has a start function
 * - `check`: the policy's function refuses it, or threw
 * - `unknown`: it has a construct that the decoder does not know, or it is already compiled and a rule needs its bytes
 */
export type PolicyRule =
  | "imports.allow"
  | "imports.refuse"
  | "imports.require"
  | "exports.allow"
  | "exports.refuse"
  | "exports.require"
  | "memory.initial"
  | "memory.maximum"
  | "table.initial"
  | "table.maximum"
  | "functions"
  | "moduleSize"
  | "features.allow"
  | "features.refuse"
  | "customSections.allow"
  | "customSections.refuse"
  | "start"
  | "check"
  | "unknown"

/** The fields of {@linkcode PolicyError}. Names are unescaped: not safe to print. */
export interface PolicyErrorFields {
  /** The rule that the module breaks; stable across releases. */
  readonly rule: PolicyRule
  /** What happened, where, and what to do. */
  readonly message: string
  /** The module's URL, if known. */
  readonly url?: string | undefined
  /** The import that breaks the rule; its type is `undefined` for a compiled module. */
  readonly import?: {
    readonly module: string
    readonly name: string
    readonly kind: ExternalKindName
    readonly type: string | undefined
  } | undefined
  /** The export that breaks the rule. */
  readonly export?: {
    readonly name: string
    readonly kind: ExternalKindName
    readonly type: string | undefined
  } | undefined
  /** The entry of `imports.require` or `exports.require` that nothing matches. */
  readonly missing?: Readonly<Record<string, string>> | undefined
  /** The custom section that breaks the rule. */
  readonly customSection?: string | undefined
  /** The feature that breaks the rule. */
  readonly feature?: string | undefined
  /** The ceiling, in the unit of its rule. */
  readonly ceiling?: number | undefined
  /** The module's value; `undefined` if it has no maximum. */
  readonly actual?: number | undefined
  /** The section that breaks the rule, by its name in the specification. */
  readonly section?: string | undefined
  /** The offset, in bytes from the module's start. */
  readonly offset?: number | undefined
  /** The value that the policy's function threw. */
  readonly cause?: unknown
}

/** The constructor of the error, spelled out so that its type needs no inference. */
interface PolicyErrorConstructor {
  new (
    fields: PolicyErrorFields,
  ): Cause.YieldableError & { readonly _tag: "PolicyError" } & Readonly<PolicyErrorFields>
}

const PolicyErrorBase: PolicyErrorConstructor = Data.TaggedError("PolicyError")<PolicyErrorFields>

/**
 * A module breaks the policy that it was loaded with. Promises reject with this error itself, as there is no native one.
 *
 * @example
 * ```ts
 * import { compileStreaming } from "@effect-wasm/compile-streaming"
 * import { policy, PolicyError } from "@effect-wasm/compile-streaming/policy"
 *
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const error = await compileStreaming(source, { policy: policy({ moduleSize: 4 }) }).catch((error) => error)
 * console.assert(error instanceof PolicyError && error.rule === "moduleSize")
 * ```
 */
export class PolicyError extends PolicyErrorBase {}

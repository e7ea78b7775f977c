/**
 * The error of a module that breaks a policy. It is the policy's, not the pipeline's: a program without policies has none of
 * its code.
 *
 * @module
 */
import type * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import type { ExternalKindName } from "../binary/report/print.ts"

/**
 * The rule that a module breaks: where it is in the policy, but for the last two.
 *
 * - `imports.allow`, `exports.allow`, `features.allow`, `customSections.allow`: the module has one that is not in the list
 * - `imports.refuse`, `exports.refuse`, `features.refuse`, `customSections.refuse`: the module has one that is in the list
 * - `imports.require`, `exports.require`: the module has none that fits an entry of the list
 * - `memory.initial`, `memory.maximum`: its memories are larger, or have no maximum
 * - `table.initial`, `table.maximum`: its tables are larger, or have no maximum
 * - `functions`: it defines more functions
 * - `moduleSize`: it has more bytes
 * - `start`: it has a start function
 * - `check`: the policy's function refuses it, or threw
 * - `unknown`: it has something that the decoder does not know, or it is compiled already and a rule needs its bytes
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

/** The fields of {@linkcode PolicyError}. Names are as they are in the module: not safe to print. */
export interface PolicyErrorFields {
  /** The rule that the module breaks; stable. */
  readonly rule: PolicyRule
  /** What happened, with what, and what to do. */
  readonly message: string
  /** The URL that the bytes came from, where known. */
  readonly url?: string | undefined
  /** The import that breaks the rule; its type is missing where only the compiled module is there. */
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
  /** The entry of `imports.require` or `exports.require` that nothing fits. */
  readonly missing?: Readonly<Record<string, string>> | undefined
  /** The custom section that breaks the rule. */
  readonly customSection?: string | undefined
  /** The feature that breaks the rule. */
  readonly feature?: string | undefined
  /** The ceiling, in the unit of its rule. */
  readonly ceiling?: number | undefined
  /** What the module has instead; `undefined` where it has no maximum. */
  readonly actual?: number | undefined
  /** The section that shows it, by its name in the specification. */
  readonly section?: string | undefined
  /** Where in the module: bytes from its start. */
  readonly offset?: number | undefined
  /** What the policy's function threw. */
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
 * A module breaks the policy that it was loaded with. Promises reject with this error itself, as there is no native one for
 * it.
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

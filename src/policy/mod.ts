/**
 * Policies restrict modules by their imports and exports, their size, and the features that they use. A module that breaks
 * its policy is refused while it streams, before the engine gets any of its code.
 *
 * ```ts
 * import { compileStreaming } from "@effect-wasm/compile-streaming"
 * import { policy } from "@effect-wasm/compile-streaming/policy"
 *
 * const pure = policy({ imports: { allow: [] }, memory: { maximum: 64 }, start: false })
 * const module = await compileStreaming(fetch("data:application/wasm;base64,AGFzbQEAAAA="), { policy: pure })
 * console.assert(module instanceof WebAssembly.Module)
 * ```
 *
 * @module
 */
export type { ExternalKindName } from "../binary/report/print.ts"
export type { ExportFact, ImportFact, LimitsFact, ModuleFact, Place } from "./facts.ts"
export { type PolicedLoad, type Policy, policy } from "./policy.ts"
export { PolicyError, type PolicyErrorFields, type PolicyRule } from "./policy_error.ts"
export { policyOf } from "./policy_of.ts"
export type { PolicyRun } from "./policy_run.ts"
export type { PolicyCheck } from "./rule_checks.ts"
export type {
  Allowed,
  AllowedAndRequired,
  Ceiling,
  ExportPattern,
  ImportPattern,
  NamePattern,
  PolicyRules,
} from "./rules.ts"

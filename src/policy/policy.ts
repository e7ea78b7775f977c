/**
 * A policy: rules as data, a function for what they cannot express, and the check of a module against both, while it is
 * decoded or once it is compiled.
 *
 * @module
 */
import type { DecoderSink } from "../binary/sink.ts"
import { compiledFacts, needsBytes } from "./compiled_module.ts"
import type { PolicyError } from "./policy_error.ts"
import { PolicyRun, type SeenModule } from "./policy_run.ts"
import { type PolicyCheck, RuleChecks } from "./rule_checks.ts"
import { type PolicyRules, readRules } from "./rules.ts"

/** A module that is being decoded. */
export interface PolicedLoad {
  /** Its URL, printed. */
  readonly url: string | undefined
  /** A sink to which the decoder's events are passed on. */
  readonly next: DecoderSink
  /** The features that were seen so far. */
  readonly features: () => ReadonlyArray<string>
}

/** A policy for the option `policy`, made by {@linkcode policy}. */
export interface Policy {
  /** The rules, validated and copied. */
  readonly rules: PolicyRules
  /** Whether the rules depend on the instructions of function bodies. */
  readonly needsFullValidation: boolean
  /** Equal for policies that refuse the same modules. */
  readonly key: string
  /** Begins to check a module against the policy. Called by the pipeline. */
  readonly begin: (load: PolicedLoad) => PolicyRun
  /**
   * Checks a compiled module against the policy.
   *
   * @param module the module. If it was compiled with a policy, the facts from its bytes are known; otherwise only the names
   * and kinds of its imports and exports, and whether it has custom sections of given names
   * @param validation `"structure"` if rules about features need only consider those that its structure shows
   * @param url its URL, printed, for the error
   * @returns the error, if it breaks a rule
   */
  readonly check: (
    module: WebAssembly.Module,
    validation?: "structure" | "full",
    url?: string,
  ) => PolicyError | undefined
}

/** The facts about modules that were compiled with a policy. */
const known: WeakMap<WebAssembly.Module, SeenModule> = new WeakMap()

/** Numbers that identify functions in keys. */
const numbers: WeakMap<PolicyCheck, number> = new WeakMap()
let functions = 0

const numberOf = (check: PolicyCheck): number => {
  const number = numbers.get(check) ?? ++functions
  numbers.set(check, number)
  return number
}

const checkModule = (
  module: WebAssembly.Module,
  rules: PolicyRules,
  check: PolicyCheck | undefined,
  needsValidation: boolean,
  url: string | undefined,
): PolicyError | undefined => {
  const checks = new RuleChecks(rules, check, url)
  const seen = known.get(module)
  const unknown = seen === undefined
    ? needsBytes(rules, check !== undefined)
    : needsValidation && !seen.isValidated
    ? "which features its instructions use"
    : undefined
  if (unknown !== undefined) {
    return checks.unknown(
      `is compiled already, and does not tell ${unknown}. Load it from its bytes, or use a policy without that rule`,
    )
  }
  for (const fact of seen?.facts ?? compiledFacts(module, rules)) {
    const error = checks.take(fact)
    if (error !== undefined) return error
  }
  return undefined
}

/**
 * Makes a policy, for the option `policy` of every function that compiles. A module that breaks it is refused with a
 * {@linkcode PolicyError} as soon as its bytes show it: after its import section, its memory section and so on, before the
 * engine gets any of its code.
 *
 * A policy is not a sandbox: it restricts what a module asks for, not what it does with it.
 *
 * @param rules what a module may and must have; plain data, which can be kept as JSON. An absent rule allows everything
 * @param check a function for what rules cannot express, called with each fact about the module. It returns the reason for
 * refusing the module, or `undefined`
 * @throws {TypeError} if the rules are malformed, or have an unknown member
 *
 * @example
 * ```ts
 * import { compileStreaming } from "@effect-wasm/compile-streaming"
 * import { policy } from "@effect-wasm/compile-streaming/policy"
 *
 * const plugin = policy({
 *   imports: { allow: [{ module: "env", name: "log", type: "(func (param i32 i32))" }] },
 *   exports: { require: [{ name: "run", kind: "function" }] },
 *   memory: { initial: 16, maximum: 256 },
 *   start: false,
 * })
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const error = await compileStreaming(source, { policy: plugin }).catch((error) => error)
 * console.assert(error._tag === "PolicyError" && error.rule === "exports.require")
 * ```
 */
export const policy = (rules: PolicyRules, check?: PolicyCheck): Policy => {
  const own = readRules(rules)
  if (check !== undefined && typeof check !== "function") {
    throw new TypeError("The policy's check must be a function")
  }
  const { allow, refuse } = own.features ?? {}
  const needsFullValidation = allow !== undefined || refuse !== undefined
  return {
    rules: own,
    needsFullValidation,
    key: `${check === undefined ? "" : numberOf(check)} ${JSON.stringify(own)}`,
    begin: ({ features, next, url }) =>
      new PolicyRun({
        checks: new RuleChecks(own, check, url),
        next,
        features,
        watchesBodies: needsFullValidation || check !== undefined,
        remember: (module, seen) => void known.set(module, seen),
      }),
    check: (module, validation, url) =>
      checkModule(module, own, check, needsFullValidation && validation !== "structure", url),
  }
}

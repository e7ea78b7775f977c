/**
 * Loads untrusted plugins under a policy in a JSON file, and writes that file from a trusted plugin.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Wasm from "../src/effect.ts"
import { policy, policyOf } from "../src/policy/mod.ts"
import { PolicyRulesJson } from "../src/schema.ts"

/**
 * Writes the tightest policy that allows a module. Review it, and loosen the rules about what may change between builds.
 *
 * @param source a trusted module
 * @returns the policy as JSON
 */
export const write = (
  source: Promise<Response>,
): Effect.Effect<string, Wasm.CompileStreamingError> =>
  Wasm.inspect(source, { validation: "full" }).pipe(
    Effect.map((report) => Schema.encodeSync(PolicyRulesJson)(policyOf(report))),
  )

/**
 * Loads a plugin.
 *
 * @param source the plugin
 * @param json the policy
 * @returns the module; fails with a message for its author
 */
export const load = (
  source: Promise<Response>,
  json: string,
): Effect.Effect<WebAssembly.Module, string> =>
  Schema.decodeEffect(PolicyRulesJson)(json).pipe(
    Effect.map((rules) =>
      policy(rules, (fact) =>
        // A restriction that rules cannot express.
        fact.fact === "export" && !/^[a-z_]+$/.test(fact.name)
          ? "exports have names of small letters"
          : undefined)
    ),
    Effect.flatMap((policy) => Wasm.compileStreaming(source, { policy })),
    Effect.catchTags({
      SchemaError: (error) => Effect.fail(`the policy is wrong: ${error.message}`),
      PolicyError: (error) =>
        Effect.fail(
          error.import === undefined
            ? `refused by ${error.rule}: ${error.message}`
            : `refused: it wants ${error.import.name}`,
        ),
      TypeError: (error) => Effect.fail(error.message),
      CompileError: (error) => Effect.fail(error.message),
      SourceError: (error) => Effect.fail(error.message),
    }),
  )

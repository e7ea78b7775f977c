/**
 * The known cases in which an engine's result differs from ours and the specification agrees with us, found by fuzzing, each
 * with the reason. Entries match as little as possible.
 */
import { ModuleValidator } from "../../../src/binary/mod.ts"
import { supportedFeatures } from "../../../src/http/variants/features.ts"
import { isInDeadCode } from "./dead_code.ts"
import { engineFeatures } from "../generator/features.ts"
import { isFirefox, isWebKit } from "../browser.ts"
import { type FullVerdict, judgeFully } from "./full_verdict.ts"

/** A module for which the engine's result differs from ours. */
export interface Disagreement {
  readonly bytes: Uint8Array
  readonly ours: FullVerdict
  readonly isAcceptedByEngine: boolean
  /** The engine's message if it rejects the module. */
  readonly engineMessage: string
  /** Whether it was generated, so that the engine supports its features. */
  readonly isGenerated: boolean
}

/** A bug of an engine. */
export interface KnownDisagreement {
  readonly engine: "v8" | "jsc" | "spidermonkey"
  /** What the engine does, and what the specification says. */
  readonly reason: string
  readonly fits: (disagreement: Disagreement) => boolean
}

const runningEngine = (): KnownDisagreement["engine"] => {
  if (isWebKit || Reflect.has(globalThis, "Bun")) return "jsc"
  return isFirefox ? "spidermonkey" : "v8"
}

/** The running engine: Bun and WebKit have JavaScriptCore, Firefox SpiderMonkey, and the others V8. */
export const engine: KnownDisagreement["engine"] = runningEngine()

/** The engine accepts a module that we reject with this code and a message that matches. */
const accepts = (code: string, message: RegExp) => ({ isAcceptedByEngine, ours }: Disagreement) =>
  isAcceptedByEngine && ours.code === code && message.test(ours.message)

/** The engine rejects a module that we accept, with a message that matches. */
const refuses = (message: RegExp) => ({ engineMessage, isAcceptedByEngine }: Disagreement) =>
  !isAcceptedByEngine && message.test(engineMessage)

/** As far as the byte of a malformed immediate can be behind the beginning of its instruction. */
const longestInstruction = 16

/** Whether our fault is in unreachable code. */
const isDead = ({ bytes, ours }: Disagreement): boolean => {
  if (ours.functionIndex === undefined) return false
  const furthest = ours.code.startsWith("malformed-") ? longestInstruction : 0
  for (let back = 0; back <= furthest; back++) {
    if (isInDeadCode(bytes, ours.offset - back, (changed) => judgeFully([changed]))) return true
  }
  return false
}

/** Whether a loop with references as results begins before the error. */
const hasLoop = ({ bytes, ours }: Disagreement): boolean =>
  bytes.subarray(0, ours.offset).some((byte, at) => {
    // A block type: a type index, or the byte of a reference type.
    const type = bytes[at + 1] ?? 0
    return byte === 0x03 && (type < 0x40 || type >= 0x80 || (type >= 0x63 && type <= 0x74))
  })

const supported: ReadonlySet<string> = supportedFeatures()

/** Whether a valid module, which a mutation may have made use anything, uses a feature that the engine does not have. */
const usesMissing = ({ bytes, isAcceptedByEngine, isGenerated, ours }: Disagreement): boolean => {
  if (isAcceptedByEngine || isGenerated || ours.code !== "ok") return false
  const validator = new ModuleValidator({ limits: "js-api" })
  validator.push(bytes)
  validator.finish()
  return validator.features.some((feature) => !supported.has(feature))
}

export const KNOWN_DISAGREEMENTS: ReadonlyArray<KnownDisagreement> = [
  {
    engine: "v8",
    reason: "is older than garbage collection: what it refuses may be what it does not know",
    fits: ({ isAcceptedByEngine, isGenerated, ours }) =>
      !isAcceptedByEngine && !isGenerated && ours.code === "ok" && !engineFeatures.has("gc"),
  },
  {
    engine: "v8",
    reason: "takes what ref.as_non_null leaves in unreachable code for a number; it is a reference",
    // A branch that is not taken gives it the type of its label.
    fits: (disagreement) =>
      accepts("type-mismatch", / expects (i32|i64|f32|f64|v128) but found .*ref/)(disagreement) &&
      isDead(disagreement),
  },
  {
    engine: "spidermonkey",
    reason: "takes what ref.as_non_null leaves in unreachable code for a number; it is a reference",
    fits: (disagreement) =>
      accepts("type-mismatch", / expects (i32|i64|f32|f64|v128) but found .*ref/)(disagreement) &&
      isDead(disagreement),
  },
  {
    engine: "v8",
    reason: "takes a label without types for a br_on_non_null, which hands a reference to it",
    fits: accepts("type-mismatch", /^br_on_non_null needs a label that takes a reference/),
  },
  {
    engine: "v8",
    reason: "takes anything for an operand of ref.eq in code that is never reached",
    fits: (disagreement) =>
      accepts("type-mismatch", /^ref\.eq expects eqref but found /)(disagreement) &&
      isDead(disagreement),
  },
  {
    engine: "v8",
    reason: "refuses legacy exceptions beside those of the specification in one module",
    fits: refuses(/mix of legacy and new exception handling/),
  },
  {
    engine: "jsc",
    reason: "refuses legacy exceptions beside those of the specification in one module",
    fits: refuses(/Module uses both legacy exceptions and try_table/),
  },
  {
    engine: "v8",
    reason: "in old versions refuses a throw_ref in code that is never reached",
    fits: refuses(/invalid type for throw_ref: expected exnref, found <bot>/),
  },
  {
    engine: "v8",
    reason: "takes a number type in the place of a reference type, in some places",
    fits: accepts("malformed-reference-type", /^\w+ reference type 0x7[b-f]/),
  },
  {
    engine: "v8",
    reason: "in old versions takes atomic accesses aligned to less than their size",
    fits: (disagreement) =>
      !engineFeatures.has("gc") &&
      accepts("invalid-alignment", /atomic.* must be aligned/)(disagreement),
  },
  {
    engine: "v8",
    reason:
      "gives the results of a loop the types of the operands that it leaves; they are those of its block type",
    fits: (disagreement) =>
      accepts("type-mismatch", /expects .*ref.* but found .*ref/)(disagreement) &&
      hasLoop(disagreement),
  },
  {
    engine: "jsc",
    reason: "reads the instructions of code that is never reached, and does not type them",
    fits: (disagreement) => disagreement.isAcceptedByEngine && isDead(disagreement),
  },
  {
    engine: "jsc",
    reason: "does not count the blocks of code that is never reached when it checks labels there",
    fits: refuses(
      /br \/ br_if's target \d+ exceeds control stack size|rethrow doesn't refer to a catch block/,
    ),
  },
  {
    engine: "jsc",
    reason: "takes a label without types for a branch that hands a reference to it",
    fits: accepts("type-mismatch", /^br_on_\w+ needs a label that takes a reference/),
  },
  {
    engine: "jsc",
    reason: "refuses to convert nullexternref; it is a subtype of externref",
    fits: refuses(/any\.convert_extern reference to type .*noextern/),
  },
  {
    engine: "jsc",
    reason: "in old versions takes any flags of br_on_cast and br_on_cast_fail",
    fits: (disagreement) =>
      isWebKit && accepts("malformed-cast-flags", /has unknown flags/)(disagreement),
  },
  {
    engine: "jsc",
    reason: "in old versions refuses none for i31.get_s and i31.get_u; it is a subtype of i31",
    fits: refuses(/i31\.get_[su] ref to type \(ref (?:null )?none\) expected I31ref/),
  },
  {
    engine: "jsc",
    reason: "has 64-bit memories and tables switched off",
    fits: refuses(
      /Memory64 is not enabled|resizable limits flag should be 0x00, 0x01, or 0x03 but 0x0[4-7]/,
    ),
  },
  {
    engine: "jsc",
    reason: "refuses a delegate to a block that is no try; any label may be named",
    fits: refuses(/delegate target isn't a try|can't use delegate at the top-level of a function/),
  },
  {
    engine: "jsc",
    reason: "does not take a function for declared that only a table's initial value names",
    fits: refuses(/ref\.func index \d+ isn't declared/),
  },
  {
    engine,
    reason: "refuses a feature that it does not have",
    fits: usesMissing,
  },
]

/** The entry for a disagreement. */
export const knownDisagreement = (
  disagreement: Disagreement,
): KnownDisagreement | undefined =>
  KNOWN_DISAGREEMENTS.find((known) => known.engine === engine && known.fits(disagreement))

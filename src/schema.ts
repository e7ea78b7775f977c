/**
 * Schemas of data that is stored or sent: reports, the command's JSON documents, and the rules of a policy. An entry of its
 * own, as `effect/Schema` is larger than all the rest.
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { Wasm } from "@effect-wasm/compile-streaming"
 * import { ModuleReportJson } from "@effect-wasm/compile-streaming/schema"
 *
 * const source = fetch("data:application/wasm;base64,AGFzbQEAAAA=")
 * const text = await Effect.runPromise(
 *   Wasm.inspect(source).pipe(Effect.flatMap(Schema.encodeEffect(ModuleReportJson))),
 * )
 * console.assert(Schema.decodeSync(ModuleReportJson)(text).size === 8)
 * ```
 *
 * @module
 */
import * as Schema from "effect/Schema"
import type { ModuleReport as Report } from "./binary/report/module_report.ts"
import { type PolicyRules as PolicyRulesData, readRules } from "./policy/rules.ts"
import type {
  DiffDocument as Diff,
  InspectDocument as Inspect,
  Refusal as RefusalData,
  ValidateDocument as Validate,
  ValidateResult,
} from "./documents.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const Kind = Schema.Literals(["function", "table", "memory", "global", "tag"])

const Counts = Schema.Struct({ imported: Count, defined: Count })

const Limits = Schema.Struct({
  isImported: Schema.Boolean,
  // Not exact for large 64-bit memories and tables, whose exact limits are in `type`.
  minimum: Schema.Finite,
  maximum: Schema.UndefinedOr(Schema.Finite),
  is64: Schema.Boolean,
  isShared: Schema.Boolean,
  type: Schema.String,
})

const Import = Schema.Struct({
  module: Schema.String,
  name: Schema.String,
  kind: Kind,
  type: Schema.String,
})

/** A module's report, as made by `inspect`. Members added by later versions are ignored. */
export const ModuleReport: Schema.Codec<Report> = Schema.Struct({
  size: Count,
  unknown: Schema.UndefinedOr(Schema.Struct({ offset: Count, what: Schema.String })),
  sections: Schema.Array(Schema.Struct({
    id: Count,
    name: Schema.String,
    customName: Schema.UndefinedOr(Schema.String),
    offset: Count,
    size: Count,
    unread: Schema.optionalKey(Schema.Literals(["too-large", "not-first"])),
  })),
  imports: Schema.Array(Import),
  exports: Schema.Array(Schema.Struct({
    name: Schema.String,
    kind: Kind,
    index: Count,
    type: Schema.String,
  })),
  memories: Schema.Array(Limits),
  tables: Schema.Array(Limits),
  functions: Counts,
  globals: Counts,
  dataSegments: Count,
  elementSegments: Count,
  start: Schema.UndefinedOr(Count),
  features: Schema.Array(Schema.String),
  validation: Schema.optionalKey(Schema.Literal("full")),
  moduleName: Schema.UndefinedOr(Schema.String),
  producers: Schema.Array(
    Schema.Struct({ field: Schema.String, name: Schema.String, version: Schema.String }),
  ),
  targetFeatures: Schema.Array(Schema.String),
  sourceMappingUrl: Schema.UndefinedOr(Schema.String),
  externalDebugInfo: Schema.UndefinedOr(Schema.String),
  buildId: Schema.UndefinedOr(Schema.String),
  neededLibraries: Schema.UndefinedOr(Schema.Array(Schema.String)),
})

/** A report as JSON, in which absent values are `null`. */
export const ModuleReportJson: Schema.Codec<Report, string> = Schema.fromJsonString(
  Schema.toCodecJson(ModuleReport),
)

// The command's documents. Later releases may add members, which are ignored here; any other change increases `version`, and
// this version can still be read.

const Typed = Schema.Struct({ isImported: Schema.Boolean, type: Schema.String })

/** The output of `compile-streaming inspect --json`, version 1. */
export const InspectDocument: Schema.Codec<Inspect> = Schema.Struct({
  document: Schema.Literal("inspect"),
  version: Schema.Literal(1),
  source: Schema.String,
  module: ModuleReport,
  functions: Schema.Array(Schema.Struct({
    index: Count,
    name: Schema.UndefinedOr(Schema.String),
    offset: Count,
    size: Count,
  })),
  globals: Schema.Array(Typed),
  tags: Schema.Array(Typed),
})

/**
 * The output of `compile-streaming inspect --json`, as text.
 *
 * @example
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { InspectDocumentJson } from "@effect-wasm/compile-streaming/schema"
 *
 * // The names of the largest functions, out of the output of the command.
 * const largest = (output: string): ReadonlyArray<string> =>
 *   Schema.decodeSync(InspectDocumentJson)(output).functions
 *     .slice(0, 10)
 *     .map(({ index, name, size }) => `${name ?? index}: ${size} bytes`)
 * console.log(largest)
 * ```
 */
export const InspectDocumentJson: Schema.Codec<Inspect, string> = Schema.fromJsonString(
  Schema.toCodecJson(InspectDocument),
)

const Refusal: Schema.Codec<RefusalData> = Schema.Struct({
  rule: Schema.String,
  offset: Schema.UndefinedOr(Count),
  section: Schema.UndefinedOr(Schema.String),
  import: Schema.UndefinedOr(
    Schema.Struct({
      module: Schema.String,
      name: Schema.String,
      kind: Kind,
      type: Schema.UndefinedOr(Schema.String),
    }),
  ),
  export: Schema.UndefinedOr(
    Schema.Struct({
      name: Schema.String,
      kind: Kind,
      type: Schema.UndefinedOr(Schema.String),
    }),
  ),
  missing: Schema.UndefinedOr(Schema.Record(Schema.String, Schema.String)),
  customSection: Schema.UndefinedOr(Schema.String),
  feature: Schema.UndefinedOr(Schema.String),
  ceiling: Schema.UndefinedOr(Schema.Finite),
  actual: Schema.UndefinedOr(Schema.Finite),
  message: Schema.String,
})

const Fault = Schema.Struct({
  reason: Schema.String,
  code: Schema.UndefinedOr(Schema.String),
  offset: Schema.UndefinedOr(Count),
  section: Schema.UndefinedOr(Schema.String),
  functionIndex: Schema.UndefinedOr(Count),
  message: Schema.String,
})

const Result: Schema.Codec<ValidateResult> = Schema.Struct({
  source: Schema.String,
  isValid: Schema.Boolean,
  unread: Schema.optionalKey(
    Schema.Struct({ reason: Schema.UndefinedOr(Schema.String), message: Schema.String }),
  ),
  fault: Schema.UndefinedOr(Fault),
  refusal: Schema.optionalKey(Refusal),
  engine: Schema.UndefinedOr(Schema.Struct({
    isValid: Schema.Boolean,
    message: Schema.UndefinedOr(Schema.String),
  })),
  size: Count,
  features: Schema.Array(Schema.String),
})

/** The output of `compile-streaming validate --json`, version 1. */
export const ValidateDocument: Schema.Codec<Validate> = Schema.Struct({
  document: Schema.Literal("validate"),
  version: Schema.Literal(1),
  engine: Schema.String,
  policy: Schema.optionalKey(Schema.String),
  modules: Schema.Array(Result),
})

/** The output of `compile-streaming validate --json`, as text. */
export const ValidateDocumentJson: Schema.Codec<Validate, string> = Schema.fromJsonString(
  Schema.toCodecJson(ValidateDocument),
)

const SizeChange = Schema.Struct({ name: Schema.String, before: Count, after: Count })
const Unnamed = Schema.Struct({ count: Count, size: Count })
const Export = Schema.Struct({ name: Schema.String, kind: Kind, type: Schema.String })
const Texts = Schema.Struct({
  added: Schema.Array(Schema.String),
  removed: Schema.Array(Schema.String),
})

/** The output of `compile-streaming diff --json`, version 1. */
export const DiffDocument: Schema.Codec<Diff> = Schema.Struct({
  document: Schema.Literal("diff"),
  version: Schema.Literal(1),
  before: Schema.String,
  after: Schema.String,
  size: Schema.Struct({ before: Count, after: Count }),
  isIdentical: Schema.optionalKey(Schema.Boolean),
  faults: Schema.optionalKey(
    Schema.Struct({ before: Schema.UndefinedOr(Fault), after: Schema.UndefinedOr(Fault) }),
  ),
  sameSize: Schema.optionalKey(
    Schema.Struct({
      sections: Schema.Array(Schema.String),
      functions: Schema.Array(Schema.String),
    }),
  ),
  sections: Schema.Array(SizeChange),
  functions: Schema.Array(SizeChange),
  unnamed: Schema.Struct({ before: Unnamed, after: Unnamed }),
  imports: Schema.Struct({ added: Schema.Array(Import), removed: Schema.Array(Import) }),
  exports: Schema.Struct({ added: Schema.Array(Export), removed: Schema.Array(Export) }),
  memories: Texts,
  tables: Texts,
  features: Texts,
})

/** The output of `compile-streaming diff --json`, as text. */
export const DiffDocumentJson: Schema.Codec<Diff, string> = Schema.fromJsonString(
  Schema.toCodecJson(DiffDocument),
)

const optionalText = Schema.optional(Schema.String)
const name = { name: optionalText, namePrefix: optionalText }
const external = { ...name, kind: Schema.optional(Kind), type: optionalText }

const NamePattern = Schema.Struct(name)
const ExportPattern = Schema.Struct(external)
const ImportPattern = Schema.Struct({
  module: optionalText,
  modulePrefix: optionalText,
  ...external,
})

const listOf = <S extends Schema.Constraint>(entry: S) => Schema.optional(Schema.Array(entry))

/** A ceiling. Not Schema.Int, as ceilings of 64-bit tables may exceed the safe integers. */
const Most = Schema.Finite.check(
  Schema.isGreaterThanOrEqualTo(0),
  Schema.makeFilter((most: number) => Number.isInteger(most), { expected: "a whole number" }),
)

const Ceiling = Schema.Struct({
  initial: Schema.optional(Most),
  maximum: Schema.optional(Most),
})

/** Rejects unknown members, which a struct would ignore: a misspelled rule would allow everything. */
const Strict = Schema.Unknown.check(Schema.makeFilter((value) => {
  try {
    readRules(value)
    return true
  } catch (error) {
    return error instanceof Error ? error.message : false
  }
}))

const Rules = Schema.Struct({
  imports: Schema.optional(
    Schema.Struct({
      allow: listOf(ImportPattern),
      refuse: listOf(ImportPattern),
      require: listOf(ImportPattern),
    }),
  ),
  exports: Schema.optional(
    Schema.Struct({
      allow: listOf(ExportPattern),
      refuse: listOf(ExportPattern),
      require: listOf(ExportPattern),
    }),
  ),
  memory: Schema.optional(Ceiling),
  table: Schema.optional(Ceiling),
  functions: Schema.optional(Most),
  moduleSize: Schema.optional(Most),
  features: Schema.optional(
    Schema.Struct({ allow: listOf(Schema.String), refuse: listOf(Schema.String) }),
  ),
  customSections: Schema.optional(
    Schema.Struct({ allow: listOf(NamePattern), refuse: listOf(NamePattern) }),
  ),
  start: Schema.optional(Schema.Boolean),
})

/**
 * The rules of a policy, as `policy` of the entry `./policy` takes them. Unknown members are rejected.
 *
 * @example
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { policy } from "@effect-wasm/compile-streaming/policy"
 * import { PolicyRulesJson } from "@effect-wasm/compile-streaming/schema"
 *
 * const plugin = policy(Schema.decodeSync(PolicyRulesJson)('{ "imports": { "allow": [] } }'))
 * console.assert(plugin.rules.imports?.allow?.length === 0)
 * ```
 */
export const PolicyRules: Schema.Codec<PolicyRulesData, unknown> = Strict.pipe(
  Schema.decodeTo(Rules),
)

/** The rules of a policy as JSON, such as in a file. */
export const PolicyRulesJson: Schema.Codec<PolicyRulesData, string> = Schema.fromJsonString(
  PolicyRules,
)

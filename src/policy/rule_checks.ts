/**
 * Checks the facts about one module against the rules of a policy, one after the other. Facts are in the order of the bytes,
 * so the first that breaks a rule does not depend on the split into chunks.
 *
 * @module
 */
import { printName } from "../binary/report/print.ts"
import { printText } from "../messages/print.ts"
import { subjectOf } from "../messages/wording.ts"
import type { ExportFact, ImportFact, LimitsFact, ModuleFact } from "./facts.ts"
import { matchesName, Patterns } from "./patterns.ts"
import { PolicyError, type PolicyErrorFields, type PolicyRule } from "./policy_error.ts"
import type {
  Allowed,
  AllowedAndRequired,
  ImportPattern,
  NamePattern,
  PolicyRules,
} from "./rules.ts"

/**
 * A function for what rules cannot express. It is called with each fact about a module, in the order of the bytes, and with
 * the earlier facts.
 *
 * @returns why the module is refused, to end a sentence with; `undefined` to continue
 */
export type PolicyCheck = (
  fact: ModuleFact,
  earlier: ReadonlyArray<ModuleFact>,
) => string | undefined

/** A name between quotes, on one line and of bounded length. */
const quoted = (name: string): string => `"${printText(printName(name.slice(0, 250)))}"`

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

const placeOf = ({ offset, section }: ModuleFact): string =>
  (offset === undefined ? "" : `, at 0x${offset.toString(16)}`) +
  (section === undefined ? "" : `, in the ${section} section`)

const typed = ({ kind, type }: ImportFact | ExportFact): string =>
  type === undefined ? kind : printText(type)

/** A pattern without the members that are absent. */
const given = (pattern: ImportPattern): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(pattern).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

type Rest = Omit<PolicyErrorFields, "rule" | "message" | "url">

/** Checks imports or exports against the rules for them. */
class Externals<Pattern extends ImportPattern> {
  readonly #allow: Patterns<Pattern> | undefined
  readonly #refuse: Patterns<Pattern>
  readonly #required: Patterns<Pattern>
  readonly #missing: Set<Pattern>
  /** Whether an entry of a compiled module might match a required pattern, depending on its type. */
  #maybe = false

  constructor({ allow, refuse, require }: AllowedAndRequired<Pattern>) {
    const patterns = (list: ReadonlyArray<Pattern> = []) => new Patterns(list)
    this.#allow = allow && patterns(allow)
    this.#refuse = patterns(refuse)
    this.#required = patterns(require)
    this.#missing = new Set(require)
  }

  /** The list that a fact breaks, or "unknown" if that depends on a type that is not known. */
  broken(fact: ImportFact | ExportFact): "allow" | "refuse" | "unknown" | undefined {
    const refused = this.#refuse.matching(fact)
    if (refused.patterns.length > 0) return "refuse"
    const required = this.#required.matching(fact)
    for (const pattern of required.patterns) this.#missing.delete(pattern)
    this.#maybe ||= required.maybe
    if (refused.maybe) return "unknown"
    if (this.#allow === undefined || required.patterns.length > 0) return undefined
    const allowed = this.#allow.matching(fact)
    if (allowed.patterns.length > 0) return undefined
    return allowed.maybe || required.maybe ? "unknown" : "allow"
  }

  /** The first entry of `require` that nothing matches, and whether something might, depending on its type. */
  get missing(): { readonly pattern: Pattern; readonly maybe: boolean } | undefined {
    for (const pattern of this.#missing) {
      return { pattern, maybe: this.#maybe && pattern.type !== undefined }
    }
    return undefined
  }
}

/** Checks one module against the rules. */
export class RuleChecks {
  readonly #rules: PolicyRules
  readonly #check: PolicyCheck | undefined
  readonly #url: string | undefined
  readonly #imports: Externals<ImportPattern>
  readonly #exports: Externals<ImportPattern>
  /** The facts so far. */
  readonly facts: Array<ModuleFact> = []
  /** A copy for the policy's function, which may modify it. */
  readonly #shown: Array<ModuleFact> = []
  /** The sums of the limits of all memories and tables so far. */
  readonly #sizes = { memory: { initial: 0, maximum: 0 }, table: { initial: 0, maximum: 0 } }

  /**
   * @param rules the rules
   * @param check the function, if there is one
   * @param url the module's URL, printed
   */
  constructor(rules: PolicyRules, check: PolicyCheck | undefined, url: string | undefined) {
    this.#rules = rules
    this.#check = check
    this.#url = url
    this.#imports = new Externals(rules.imports ?? {})
    this.#exports = new Externals(rules.exports ?? {})
  }

  /** Takes the next fact; returns an error if it breaks a rule. */
  take(fact: ModuleFact): PolicyError | undefined {
    const error = this.#byRules(fact) ?? this.#byFunction(Object.freeze(fact))
    this.facts.push(fact)
    return error
  }

  /**
   * The error of a module that cannot be checked against the policy.
   *
   * @param what what is not known, and what to do, to end a sentence about the module
   * @param rest the place, and other fields
   */
  unknown(what: string, rest: Rest = {}): PolicyError {
    return this.#error("unknown", `${this.#subject} ${what}`, rest)
  }

  get #subject(): string {
    return subjectOf(this.#url)
  }

  #error(rule: PolicyRule, message: string, rest: Rest): PolicyError {
    return new PolicyError({ rule, message, url: this.#url, ...rest })
  }

  /** The error of a fact that breaks a rule. */
  #refusal(
    rule: PolicyRule,
    fact: ModuleFact,
    has: string,
    advice: string,
    rest: Rest = {},
  ): PolicyError {
    const { offset, section } = fact
    const message = `${this.#subject} ${has}${placeOf(fact)}. ${advice}`
    return this.#error(rule, message, { section, offset, ...rest })
  }

  #byFunction(fact: ModuleFact): PolicyError | undefined {
    if (this.#check === undefined) return undefined
    const { offset, section } = fact
    const about: Rest = {
      section,
      offset,
      ...(fact.fact === "import" ? { import: importOf(fact) } : {}),
      ...(fact.fact === "export" ? { export: exportOf(fact) } : {}),
    }
    try {
      const why: unknown = this.#check(fact, this.#shown)
      this.#shown.push(fact)
      if (why === undefined) return undefined
      const message = `${this.#subject} was refused by the policy function: ${reasonOf(why)}${
        placeOf(fact)
      }`
      return this.#error("check", message, about)
    } catch (cause) {
      const message = `${this.#subject} was refused because the policy function threw${
        cause instanceof Error ? ` (${printText(cause.message)})` : ""
      }${placeOf(fact)}`
      return this.#error("check", message, { ...about, cause })
    }
  }

  #byRules(fact: ModuleFact): PolicyError | undefined {
    const rules = this.#rules
    switch (fact.fact) {
      case "import":
        return this.#import(fact)
      case "export":
        return this.#export(fact)
      case "memory":
      case "table":
        return this.#limits(fact)
      case "functions":
        if (rules.functions === undefined || fact.count <= rules.functions) return undefined
        return this.#refusal(
          "functions",
          fact,
          `defines ${counted(fact.count, "function")}; the policy allows ${rules.functions}`,
          "Raise functions in the policy if that is intended",
          { ceiling: rules.functions, actual: fact.count },
        )
      case "start":
        if (rules.start !== false) return undefined
        return this.#refusal(
          "start",
          fact,
          "has a start function, which the policy refuses",
          "Export it as a function, and call it",
        )
      case "feature":
        return this.#feature(fact, fact.feature)
      case "custom-section":
        return this.#customSection(fact, fact.name)
      case "section":
        return this.#size(fact, fact.end)
      case "end":
        return this.#size(fact, fact.size)
      case "end-of-imports":
        return this.#required("import", fact, this.#imports)
      case "end-of-exports":
        return this.#required("export", fact, this.#exports)
      case "end-of-declarations":
        return undefined
    }
  }

  #import(fact: ImportFact): PolicyError | undefined {
    const broken = this.#imports.broken(fact)
    if (broken === undefined) return undefined
    const what = `${quoted(fact.module)}.${quoted(fact.name)} ${typed(fact)}`
    const rest = { import: importOf(fact) }
    return broken === "unknown"
      ? this.#untyped("import", what, rest)
      : this.#listed("imports", broken, fact, `imports ${what}`, rest)
  }

  #export(fact: ExportFact): PolicyError | undefined {
    const broken = this.#exports.broken(fact)
    if (broken === undefined) return undefined
    const what = `${quoted(fact.name)} ${typed(fact)}`
    const rest = { export: exportOf(fact) }
    return broken === "unknown"
      ? this.#untyped("export", what, rest)
      : this.#listed("exports", broken, fact, `exports ${what}`, rest)
  }

  #untyped(kind: string, what: string, rest: Rest): PolicyError {
    return this.unknown(
      `is already compiled, so the type of its ${kind} ${what} is not known. ` +
        "Load it from its bytes, or use a policy without that type",
      rest,
    )
  }

  /** The error of an entry that is not in the list `allow`, or is in `refuse`. */
  #listed(
    list: "imports" | "exports" | "features" | "customSections",
    broken: "allow" | "refuse",
    fact: ModuleFact,
    has: string,
    rest: Rest,
  ): PolicyError {
    return broken === "allow"
      ? this.#refusal(
        `${list}.allow`,
        fact,
        `${has}, which the policy does not allow`,
        `Add it to ${list}.allow if the module may have it`,
        rest,
      )
      : this.#refusal(
        `${list}.refuse`,
        fact,
        `${has}, which the policy refuses`,
        `Remove it from ${list}.refuse if the module may have it`,
        rest,
      )
  }

  #required(
    kind: "import" | "export",
    fact: ModuleFact,
    externals: Externals<ImportPattern>,
  ): PolicyError | undefined {
    const { missing } = externals
    if (missing === undefined) return undefined
    const pattern = given(missing.pattern)
    const what = printText(JSON.stringify(pattern))
    if (missing.maybe) {
      return this.#untyped(kind, `that the policy requires (${what})`, { missing: pattern })
    }
    return this.#refusal(
      `${kind}s.require`,
      fact,
      `has no ${kind} that matches ${what}, which the policy requires`,
      `Build the module with it, or remove it from ${kind}s.require`,
      { missing: pattern },
    )
  }

  #limits(fact: LimitsFact): PolicyError | undefined {
    const kind = fact.fact
    const { initial, maximum } = this.#rules[kind] ?? {}
    const together = this.#sizes[kind]
    together.initial += fact.initial
    together.maximum += fact.maximum ?? Number.POSITIVE_INFINITY
    const what = kind === "memory" ? "memory" : "tables"
    const units = (count: number): string =>
      kind === "memory" ? counted(count, "page") : `${count} ${count === 1 ? "entry" : "entries"}`
    if (initial !== undefined && together.initial > initial) {
      return this.#refusal(
        `${kind}.initial`,
        fact,
        `declares ${units(together.initial)} of ${what}; the policy allows ${initial}`,
        `Raise ${kind}.initial in the policy if that is intended`,
        { ceiling: initial, actual: together.initial },
      )
    }
    if (maximum === undefined || together.maximum <= maximum) return undefined
    const isBounded = Number.isFinite(together.maximum)
    return this.#refusal(
      `${kind}.maximum`,
      fact,
      isBounded
        ? `allows its ${what} to grow to ${units(together.maximum)}; the policy allows ${maximum}`
        : `has a ${kind} without a maximum; the policy allows ${units(maximum)}`,
      isBounded
        ? `Raise ${kind}.maximum in the policy if that is intended`
        : "Build the module with a maximum",
      { ceiling: maximum, actual: isBounded ? together.maximum : undefined },
    )
  }

  #size(fact: ModuleFact, size: number): PolicyError | undefined {
    const { moduleSize } = this.#rules
    if (moduleSize === undefined || size <= moduleSize) return undefined
    return this.#refusal(
      "moduleSize",
      fact,
      `has at least ${counted(size, "byte")}; the policy allows ${moduleSize}`,
      "Raise moduleSize in the policy if that is intended",
      { ceiling: moduleSize, actual: size },
    )
  }

  #feature(fact: ModuleFact, feature: string): PolicyError | undefined {
    const broken = brokenList(this.#rules.features, (entry) => entry === feature)
    if (broken === undefined) return undefined
    return this.#listed("features", broken, fact, `uses the feature ${feature}`, { feature })
  }

  #customSection(fact: ModuleFact, customSection: string): PolicyError | undefined {
    const broken = brokenList<NamePattern>(
      this.#rules.customSections,
      (pattern) => matchesName(pattern, customSection),
    )
    if (broken === undefined) return undefined
    const has = `has the custom section ${quoted(customSection)}`
    return this.#listed("customSections", broken, fact, has, { customSection })
  }
}

/** The reason that the policy's function returned. A promise, from an async function, is not awaited. */
const reasonOf = (why: unknown): string => {
  if (typeof why === "string") return why === "" ? "it gave no reason" : printText(why)
  if (!(why instanceof Promise)) return "it must return a string or undefined"
  why.catch(() => {})
  return "it must not be async"
}

const importOf = ({ kind, module, name, type }: ImportFact): PolicyErrorFields["import"] => ({
  module,
  name,
  kind,
  type,
})

const exportOf = ({ kind, name, type }: ExportFact): PolicyErrorFields["export"] => ({
  name,
  kind,
  type,
})

/** The list that an entry breaks. */
const brokenList = <Entry>(
  { allow, refuse }: Allowed<Entry> = {},
  isIt: (entry: Entry) => boolean,
): "allow" | "refuse" | undefined => {
  if (refuse?.some(isIt) === true) return "refuse"
  return allow === undefined || allow.some(isIt) ? undefined : "allow"
}

/**
 * The rules of a policy as data, and how data from outside is read: strictly, as a misspelt rule would allow everything.
 *
 * @module
 */
import { featureNames } from "../binary/features.ts"
import type { ExternalKindName } from "../binary/report/print.ts"
import { isPlain, wordsOf } from "../messages/wording.ts"
import { isOwnType, isTypeOfReport, kindOfType } from "./external_types.ts"

/** A name, or how it begins; one of the two. */
export interface NamePattern {
  /** Exactly this name. */
  readonly name?: string | undefined
  /** All names that begin so. */
  readonly namePrefix?: string | undefined
}

/** Exports that a rule is about: those that fit all that is given, which is one member at least. */
export interface ExportPattern extends NamePattern {
  /** What is exported. */
  readonly kind?: ExternalKindName | undefined
  /**
   * Its exact type as a report has it, such as `(func (param i32) (result i32))`. A type that refers to types of the
   * module's own (`(ref 3)`) cannot be given, as the number means something else in every module; nothing fits it.
   */
  readonly type?: string | undefined
}

/** Imports that a rule is about: those that fit all that is given, which is one member at least. */
export interface ImportPattern extends ExportPattern {
  /** Exactly this module name. */
  readonly module?: string | undefined
  /** All module names that begin so. */
  readonly modulePrefix?: string | undefined
}

/** What a module may have. */
export interface Allowed<Pattern> {
  /** Only these; without it, all. */
  readonly allow?: ReadonlyArray<Pattern> | undefined
  /** None of these, even if they are allowed. */
  readonly refuse?: ReadonlyArray<Pattern> | undefined
}

/** What a module may have, and what it must have. */
export interface AllowedAndRequired<Pattern> extends Allowed<Pattern> {
  /** At least one for each of these, which are allowed too. */
  readonly require?: ReadonlyArray<Pattern> | undefined
}

/** How large the memories of a module, or its tables, may be together, imported ones included. */
export interface Ceiling {
  /** At first, in pages or entries. */
  readonly initial?: number | undefined
  /** When grown, in pages or entries: each must have a maximum. */
  readonly maximum?: number | undefined
}

/** The rules of a policy. What is absent is allowed; what the decoder does not know never is. */
export interface PolicyRules {
  /** Its imports. */
  readonly imports?: AllowedAndRequired<ImportPattern> | undefined
  /** Its exports. */
  readonly exports?: AllowedAndRequired<ExportPattern> | undefined
  /** Its memories together, in pages (of 64 KiB). */
  readonly memory?: Ceiling | undefined
  /** Its tables together, in entries. */
  readonly table?: Ceiling | undefined
  /** The functions that it defines. */
  readonly functions?: number | undefined
  /** Its bytes, decompressed. */
  readonly moduleSize?: number | undefined
  /** Its features, as a report names them. As instructions show them too, the module is validated in full. */
  readonly features?: Allowed<string> | undefined
  /** Its custom sections. */
  readonly customSections?: Allowed<NamePattern> | undefined
  /** Whether it may have a start function. Defaults to `true`. */
  readonly start?: boolean | undefined
}

const kinds: ReadonlyArray<ExternalKindName> = ["function", "table", "memory", "global", "tag"]
const isKind = (value: unknown): value is ExternalKindName => kinds.some((kind) => kind === value)

const features: ReadonlySet<string> = new Set(featureNames(-1))

const wrong = (at: string, wanted: string, value: unknown): never => {
  throw new TypeError(`${at} must be ${wanted}, not ${wordsOf(value)}`)
}

/** The members of an object, which may be some of those that are named. */
const membersOf = (
  value: unknown,
  at: string,
  names: ReadonlyArray<string>,
): (name: string) => unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) {
    return wrong(at, "a plain object", value)
  }
  const odd = Object.getOwnPropertyNames(value).find((name) => !names.includes(name))
  if (odd !== undefined) {
    throw new TypeError(
      `${at} has an unknown member ${wordsOf(odd)}; known members: ${names.join(", ")}`,
    )
  }
  return (name) => Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

type Read<A> = (value: unknown, at: string) => A

const optional = <A>(value: unknown, at: string, read: Read<A>): A | undefined =>
  value === undefined ? undefined : read(value, at)

const readText: Read<string> = (value, at) =>
  typeof value === "string" ? value : wrong(at, "a string", value)

const readCount: Read<number> = (value, at) =>
  typeof value === "number" && value >= 0 && Number.isInteger(value)
    ? value
    : wrong(at, "a whole number that is not negative", value)

const readFlag: Read<boolean> = (value, at) =>
  typeof value === "boolean" ? value : wrong(at, "true or false", value)

const readKind: Read<ExternalKindName> = (value, at) =>
  isKind(value) ? value : wrong(at, `one of ${kinds.join(", ")}`, value)

const readType: Read<string> = (value, at) => {
  const text = readText(value, at)
  if (isOwnType(text)) {
    return wrong(at, "a type without numbers of types, which differ from module to module", value)
  }
  // Anything else would match nothing, and a list of what is refused would refuse nothing.
  return isTypeOfReport(text)
    ? text
    : wrong(at, "a type as a report writes it, such as (func (param i32 i32) (result i64))", value)
}

const readFeature: Read<string> = (value, at) =>
  typeof value === "string" && features.has(value)
    ? value
    : wrong(at, `one of ${[...features].join(", ")}`, value)

const listOf = <A>(read: Read<A>): Read<ReadonlyArray<A>> => (value, at) =>
  Array.isArray(value)
    // Holes are read too.
    ? Array.from(value, (entry: unknown, index) => read(entry, `${at}[${index}]`))
    : wrong(at, "a list", value)

/** A pattern matches by one member at least, a name in one way, and a type of its kind. */
const checkPattern = (value: unknown, at: string, member: (name: string) => unknown): void => {
  for (const name of ["name", "module"]) {
    if (member(name) !== undefined && member(`${name}Prefix`) !== undefined) {
      throw new TypeError(`${at} has both ${name} and ${name}Prefix: give one of them`)
    }
  }
  const given = Object.entries(Object(value))
  if (given.every(([name, text]) => text === undefined || (/Prefix$/.test(name) && text === ""))) {
    throw new TypeError(`${at} is empty, and would match everything: leave the list out for that`)
  }
}

const readNamePattern: Read<NamePattern> = (value, at) => {
  const member = membersOf(value, at, ["name", "namePrefix"])
  checkPattern(value, at, member)
  return namePatternOf(member, at)
}

const namePatternOf = (member: (name: string) => unknown, at: string): NamePattern => ({
  name: optional(member("name"), `${at}.name`, readText),
  namePrefix: optional(member("namePrefix"), `${at}.namePrefix`, readText),
})

const exportPatternOf = (member: (name: string) => unknown, at: string): ExportPattern => {
  const kind = optional(member("kind"), `${at}.kind`, readKind)
  const type = optional(member("type"), `${at}.type`, readType)
  if (kind !== undefined && type !== undefined && kindOfType(type) !== kind) {
    throw new TypeError(`${at} matches nothing: its kind is ${kind}, its type ${wordsOf(type)}`)
  }
  return { ...namePatternOf(member, at), kind, type }
}

const readExportPattern: Read<ExportPattern> = (value, at) => {
  const member = membersOf(value, at, ["name", "namePrefix", "kind", "type"])
  checkPattern(value, at, member)
  return exportPatternOf(member, at)
}

const readImportPattern: Read<ImportPattern> = (value, at) => {
  const names = ["module", "modulePrefix", "name", "namePrefix", "kind", "type"]
  const member = membersOf(value, at, names)
  checkPattern(value, at, member)
  return {
    module: optional(member("module"), `${at}.module`, readText),
    modulePrefix: optional(member("modulePrefix"), `${at}.modulePrefix`, readText),
    ...exportPatternOf(member, at),
  }
}

const allowed = <A>(read: Read<A>): Read<Allowed<A>> => (value, at) => {
  const member = membersOf(value, at, ["allow", "refuse"])
  return {
    allow: optional(member("allow"), `${at}.allow`, listOf(read)),
    refuse: optional(member("refuse"), `${at}.refuse`, listOf(read)),
  }
}

const allowedAndRequired = <A>(read: Read<A>): Read<AllowedAndRequired<A>> => (value, at) => {
  const member = membersOf(value, at, ["allow", "refuse", "require"])
  return {
    allow: optional(member("allow"), `${at}.allow`, listOf(read)),
    refuse: optional(member("refuse"), `${at}.refuse`, listOf(read)),
    require: optional(member("require"), `${at}.require`, listOf(read)),
  }
}

const readCeiling: Read<Ceiling> = (value, at) => {
  const member = membersOf(value, at, ["initial", "maximum"])
  return {
    initial: optional(member("initial"), `${at}.initial`, readCount),
    maximum: optional(member("maximum"), `${at}.maximum`, readCount),
  }
}

/**
 * Reads rules, and copies them: what is changed afterwards changes nothing, and the copy is frozen.
 *
 * @param value what the caller gave, of whatever kind
 * @throws {TypeError} if they are malformed, or have a member that there is not
 */
export const readRules = (value: unknown): PolicyRules => {
  const at = "The policy"
  const names = ["imports", "exports", "memory", "table", "functions", "moduleSize"]
  const member = membersOf(value, at, [...names, "features", "customSections", "start"])
  const rule = <A>(name: string, read: Read<A>): A | undefined =>
    optional(member(name), `The policy's ${name}`, read)
  return frozen({
    imports: rule("imports", allowedAndRequired(readImportPattern)),
    exports: rule("exports", allowedAndRequired(readExportPattern)),
    memory: rule("memory", readCeiling),
    table: rule("table", readCeiling),
    functions: rule("functions", readCount),
    moduleSize: rule("moduleSize", readCount),
    features: rule("features", allowed(readFeature)),
    customSections: rule("customSections", allowed(readNamePattern)),
    start: rule("start", readFlag),
  })
}

const frozen = <A extends object>(data: A): A => {
  for (const member of Object.values(data)) {
    if (typeof member === "object" && member !== null) frozen(member)
  }
  return Object.freeze(data)
}

/**
 * The rules of a policy as data, and their validation, which is strict because a misspelled rule would allow everything.
 *
 * @module
 */
import { featureNames } from "../binary/features.ts"
import type { ExternalKindName } from "../binary/report/print.ts"
import { isPlain, wordsOf } from "../messages/wording.ts"
import { isOwnType, isTypeOfReport, kindOfType } from "./external_types.ts"

/** A name or a prefix; exactly one of the two. */
export interface NamePattern {
  /** Exactly this name. */
  readonly name?: string | undefined
  /** All names with this prefix. */
  readonly namePrefix?: string | undefined
}

/** Matches exports that fit all given members, of which there must be at least one. */
export interface ExportPattern extends NamePattern {
  /** The kind of export. */
  readonly kind?: ExternalKindName | undefined
  /**
   * The exact type, in the notation of a report, such as `(func (param i32) (result i32))`. A type with type indices
   * (`(ref 3)`) is not accepted, as they mean something else in every module; an export with such a type never matches.
   */
  readonly type?: string | undefined
}

/** Matches imports that fit all given members, of which there must be at least one. */
export interface ImportPattern extends ExportPattern {
  /** Exactly this module name. */
  readonly module?: string | undefined
  /** All module names with this prefix. */
  readonly modulePrefix?: string | undefined
}

/** The entries that a module may have. */
export interface Allowed<Pattern> {
  /** Only these are allowed. Defaults to all. */
  readonly allow?: ReadonlyArray<Pattern> | undefined
  /** These are refused, even if they are allowed. */
  readonly refuse?: ReadonlyArray<Pattern> | undefined
}

/** The entries that a module may have, and those that it must have. */
export interface AllowedAndRequired<Pattern> extends Allowed<Pattern> {
  /** Each of these must match at least one entry, and is allowed too. */
  readonly require?: ReadonlyArray<Pattern> | undefined
}

/** Limits on the sum of a module's memories, or of its tables, imported ones included. */
export interface Ceiling {
  /** The largest initial size, in pages or entries. */
  readonly initial?: number | undefined
  /** The largest maximum size, in pages or entries; each memory or table must have a maximum then. */
  readonly maximum?: number | undefined
}

/** The rules of a policy. An absent rule allows everything, except for constructs that the decoder does not know. */
export interface PolicyRules {
  /** The imports. */
  readonly imports?: AllowedAndRequired<ImportPattern> | undefined
  /** The exports. */
  readonly exports?: AllowedAndRequired<ExportPattern> | undefined
  /** The sum of the memories, in pages (of 64 KiB). */
  readonly memory?: Ceiling | undefined
  /** The sum of the tables, in entries. */
  readonly table?: Ceiling | undefined
  /** The largest number of functions that the module may define. */
  readonly functions?: number | undefined
  /** The largest size of the module, decompressed, in bytes. */
  readonly moduleSize?: number | undefined
  /** The features, named as in a report. As instructions use features too, the module is validated in full. */
  readonly features?: Allowed<string> | undefined
  /** The custom sections. */
  readonly customSections?: Allowed<NamePattern> | undefined
  /** Whether the module may have a start function. Defaults to `true`. */
  readonly start?: boolean | undefined
}

const kinds: ReadonlyArray<ExternalKindName> = ["function", "table", "memory", "global", "tag"]
const isKind = (value: unknown): value is ExternalKindName => kinds.some((kind) => kind === value)

const features: ReadonlySet<string> = new Set(featureNames(-1))

const wrong = (at: string, wanted: string, value: unknown): never => {
  throw new TypeError(`${at} must be ${wanted}, not ${wordsOf(value)}`)
}

/** A reader of an object's members; throws for one that is not named. */
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
  // A type in another notation would match nothing, and a `refuse` list with it would refuse nothing.
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
    // Array.from, as map() would skip holes.
    ? Array.from(value, (entry: unknown, index) => read(entry, `${at}[${index}]`))
    : wrong(at, "a list", value)

/** Throws for an empty pattern, or for one with both a name and its prefix. */
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
 * Validates rules, and makes a frozen copy, which later changes to the original do not affect.
 *
 * @param value what the caller gave, of any type
 * @throws {TypeError} if they are malformed, or have an unknown member
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

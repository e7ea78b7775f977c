/**
 * Documentation as `deno doc --lint` wants it, for all entries: every public symbol has a docstring, and no public type leads
 * to one that is not. What it may complain of is listed here; anything else fails, and so does an item of the list of which
 * it no longer complains.
 *
 * @module
 */
import { root } from "./runner.ts"

/** The types of effect in our signatures, and `Duration.Input`: its own documentation explains them. */
const ofEffect = [
  ...["Codec", "Effect", "HttpClient", "HttpClientRequest", "Input", "Redacted", "Reference"],
  ...["Schedule", "Stream"],
]

/** The types of the command's documents: public are their schemas, of the same names, which give the types. */
const ofDocuments = ["DiffDocument", "InspectDocument", "ValidateDocument"]

/**
 * What a class of effect extends (`Data.TaggedError("Name")`, `Context.Service`): JSR wants a constant with a type for it. The
 * members are documented where the fields of the error are.
 */
const isBase = (name: string, of: string): boolean => name === `${of}Base`

interface Complaint {
  readonly kind: string
  readonly what: string
  readonly place: string
}

const read = (text: string): ReadonlyArray<Complaint> =>
  [...text.matchAll(/^error\[([\w-]+)\]: (.*)\n +--> (.*)$/gm)].map((
    [, kind = "", what = "", place = ""],
  ) => ({ kind, what, place: place.replace(root, "") }))

/** What of the list a complaint is about; `undefined` where it is not allowed. */
const allowed = ({ kind, what }: Complaint): string | undefined => {
  // A constant whose type stands before the function has one; `deno publish` finds what has none.
  if (kind === "missing-return-type") return kind
  if (kind !== "private-type-ref") return undefined
  const [, of = "", name = ""] = /^public type '(.*)' references private type '(.*)'$/.exec(what) ??
    []
  if (isBase(name, of)) return "isBase"
  return [...ofEffect, ...ofDocuments].find((one) => one === name)
}

const manifest: { readonly exports: Readonly<Record<string, string>> } = await Bun.file(
  `${root}deno.json`,
).json()
const { exitCode, stderr, stdout } = Bun.spawnSync(
  ["deno", "doc", "--lint", ...Object.values(manifest.exports)],
  { cwd: root, env: { ...Bun.env, NO_COLOR: "1" }, stdin: "ignore" },
)
const text = `${stdout}\n${stderr}`
const complaints = read(text)
const count = Number(/^error: Found (\d+) documentation lint error/m.exec(text)?.[1] ?? 0)
if (count !== complaints.length || (exitCode !== 0) !== (count > 0)) {
  console.log(`deno doc --lint says something else than expected\n${text}`)
  process.exit(1)
}
const seen = new Set(complaints.map(allowed))
const stale = ["isBase", "missing-return-type", ...ofEffect, ...ofDocuments].filter((name) =>
  !seen.has(name)
)
const failed = complaints.filter((complaint) => allowed(complaint) === undefined)
for (const { kind, place, what } of failed) console.log(`${place}: ${kind}: ${what}`)
for (const name of stale) console.log(`${name} is allowed here, but nothing is said of it`)
console.log(`${complaints.length - failed.length} allowed, ${failed.length} not allowed`)
if (failed.length + stale.length > 0) process.exit(1)

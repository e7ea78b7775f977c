/**
 * Runs `deno doc --lint` on all entries: every public symbol needs a docstring, and no public type may refer to a private
 * one. Allowed complaints are listed here; any other fails, and so does an item of the list that no complaint matches.
 *
 * @module
 */
import { root } from "./runner.ts"

/** The types of effect in our signatures, and `Duration.Input`: effect documents them. */
const ofEffect = [
  ...["Codec", "Effect", "HttpClient", "HttpClientRequest", "Input", "Redacted", "Reference"],
  ...["Schedule", "Stream"],
]

/** The types of the command's documents: only their schemas, of the same names, are public, and imply the types. */
const ofDocuments = ["DiffDocument", "InspectDocument", "ValidateDocument"]

/**
 * The base of a class of effect (`Data.TaggedError("Name")`, `Context.Service`), which for JSR has to be a constant with a
 * type. The members are documented with the fields of the error.
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

/** The item of the list that a complaint matches; `undefined` if it is not allowed. */
const allowed = ({ kind, what }: Complaint): string | undefined => {
  // The type of the constant before the function has the return type; `deno publish` finds missing ones.
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

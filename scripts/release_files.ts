/**
 * The files of a release: those that contain the version, and the changelog, in the form of https://keepachangelog.com.
 * Pure functions over their texts.
 *
 * @module
 */

/** The files that contain the version, and patterns that match it. */
export const carriers: Readonly<Record<string, RegExp>> = {
  "package.json": /(?<=^ {2}"version": ")[^"]*/m,
  "deno.json": /(?<=^ {2}"version": ")[^"]*/m,
  "src/cli/version.ts": /(?<=^export const version = ")[^"]*/m,
  "README.md": /(?<=\/compile_streaming@)[^/]*/,
}

/** The texts of files, by their paths. */
export type Texts = Readonly<Record<string, string>>

/** The version in a file; `undefined` if it has none. */
export const versionIn = (path: string, text: string): string | undefined =>
  carriers[path]?.exec(text)?.[0]

/** The text of a file with another version. */
export const withVersion = (path: string, text: string, version: string): string => {
  const carrier = carriers[path]
  return carrier === undefined ? text : text.replace(carrier, version)
}

const versionForm = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/

const numbersOf = (version: string): ReadonlyArray<number> => version.split(".").map(Number)

/** Whether a version is older than another one. */
const isOlder = (version: string, than: string): boolean => {
  const [a, b] = [numbersOf(version), numbersOf(than)]
  const at = a.findIndex((number, index) => number !== b[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

/** A section of the changelog. */
interface Section {
  /** The version, or `Unreleased`. */
  readonly name: string
  /** The text after the version: a date. */
  readonly date: string
  readonly content: string
}

/** The sections, the newest first. Brackets around a version, which make it a link, are removed. */
const sectionsOf = (changelog: string): ReadonlyArray<Section> =>
  changelog.split(/^## /m).slice(1).map((part) => {
    const [heading = "", ...lines] = part.split("\n")
    const [name = "", date = ""] = heading.trim().split(/ - (.*)/)
    return { name: name.replace(/^\[(.*)\]$/, "$1"), date, content: lines.join("\n") }
  })

/** The newest version in the changelog, released or not; `undefined` if it has none. */
export const newestVersion = (changelog: string): string | undefined =>
  sectionsOf(changelog).find(({ name }) => versionForm.test(name))?.name

const isDate = (text: string): boolean => {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Whether there are entries, which are list items. */
const hasEntries = (content: string): boolean => /^[-*] \S/m.test(content)

/** What is wrong with a version's section. */
const sectionProblems = (changelog: string, version: string): ReadonlyArray<string> => {
  const wanted = `"## ${version} - ${new Date().toISOString().slice(0, 10)}"`
  const [first, ...others] = sectionsOf(changelog)
  if (first?.name !== version) {
    return others.some(({ name }) => name === version)
      ? [`CHANGELOG.md has a section above that of ${version}: "${first?.name}"`]
      : [`CHANGELOG.md does not begin with a section for ${version}: write ${wanted}`]
  }
  return [
    ...(isDate(first.date) ? [] : [`CHANGELOG.md has no date for ${version}: write ${wanted}`]),
    ...(hasEntries(first.content) ? [] : [`CHANGELOG.md says nothing of ${version}`]),
  ]
}

/** The files that contain no version, or not that of `package.json`. */
const disagreements = (texts: Texts): ReadonlyArray<string> => {
  const version = versionIn("package.json", texts["package.json"] ?? "")
  return Object.keys(carriers).flatMap((path) => {
    const found = versionIn(path, texts[path] ?? "")
    if (found === undefined) return [`${path} carries no version`]
    return found === version ? [] : [`${path} carries ${found}, but package.json ${version}`]
  })
}

/**
 * What keeps a version from being released.
 *
 * @param version the version
 * @param texts the carriers, unchanged, and `CHANGELOG.md`
 */
export const releaseProblems = (version: string, texts: Texts): ReadonlyArray<string> => {
  if (!versionForm.test(version)) {
    return [`"${version}" is no version to release: they are like 1.2.3, without a pre-release`]
  }
  const current = versionIn("package.json", texts["package.json"] ?? "") ?? ""
  return [
    ...disagreements(texts),
    ...(isOlder(version, current) ? [`${version} is older than ${current} in package.json`] : []),
    ...sectionProblems(texts["CHANGELOG.md"] ?? "", version),
  ]
}

/**
 * The differences between a tag and the files that it tags.
 *
 * @param tag such as `v1.2.3`
 * @param texts the carriers and `CHANGELOG.md`
 */
export const tagProblems = (tag: string, texts: Texts): ReadonlyArray<string> => {
  const version = versionIn("package.json", texts["package.json"] ?? "") ?? ""
  return [
    ...(tag === `v${version}` ? [] : [`The tag is ${tag}, but package.json carries ${version}`]),
    ...releaseProblems(version, texts),
  ]
}

/**
 * Makes a release, up to its tag: checks that all files agree, sets the version, runs the checks, commits and tags. It does
 * not push, but prints the command that does. CONTRIBUTING.md says what to do before and after.
 *
 * `bun run release <version> [--dry-run]`, or `bun run release --check <tag>`, which only checks that the files agree
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { parseArgs } from "node:util"
import { carriers, releaseProblems, tagProblems, type Texts, withVersion } from "./release_files.ts"

const branch = "main"
const changelog = "CHANGELOG.md"
const checks = ["bun", "run", "ok"] as const

const usage = `bun run release <version> [--dry-run]
bun run release --check <tag>`

/** `bun run` runs scripts in the project's folder. */
const root = process.cwd()

const git = (...args: ReadonlyArray<string>): string => {
  const { error, status, stderr, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr.trim()}`)
  return stdout.trimEnd()
}

const readTexts = (): Texts =>
  Object.fromEntries(
    [...Object.keys(carriers), changelog].map((path) => [
      path,
      readFileSync(join(root, path), "utf8"),
    ]),
  )

const writeTexts = (texts: Texts): void => {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text)
}

/** Only the changelog may have uncommitted changes: they become part of the release's commit. */
const treeProblems = (tag: string): ReadonlyArray<string> => {
  const on = git("branch", "--show-current")
  const changed = git("status", "--porcelain").split("\n").filter((line) =>
    line !== "" && line.slice(3) !== changelog
  )
  return [
    ...(on === branch ? [] : [`The branch is ${on === "" ? "none" : on}, not ${branch}`]),
    ...(changed.length === 0 ? [] : [`The tree is not clean:\n${changed.join("\n")}`]),
    ...(git("tag", "--list", tag) === "" ? [] : [`The tag ${tag} is there already`]),
  ]
}

/** Prints the problems and ends the process, if there are any. */
const refuse = (problems: ReadonlyArray<string>): void => {
  if (problems.length === 0) return
  for (const problem of problems) console.error(problem)
  process.exit(1)
}

const release = (version: string, isDry: boolean): void => {
  const tag = `v${version}`
  const before = readTexts()
  refuse([...treeProblems(tag), ...releaseProblems(version, before)])
  const after = Object.fromEntries(
    Object.entries(before).map(([path, text]) => [path, withVersion(path, text, version)]),
  )
  const changed = Object.keys(before).filter((path) => before[path] !== after[path])
  console.log(changed.length === 0 ? `All files carry ${version}` : `Sets ${changed.join(", ")}`)
  if (isDry) {
    console.log(`Would run ${checks.join(" ")}, commit and tag ${tag}; nothing was changed`)
    return
  }
  writeTexts(after)
  const [command, ...args] = checks
  if (spawnSync(command, args, { cwd: root, stdio: "inherit" }).status !== 0) {
    writeTexts(before)
    refuse(["The checks failed: nothing was committed, and the files are as they were"])
  }
  git("add", "--", ...Object.keys(before))
  if (git("diff", "--cached", "--name-only") !== "") {
    git("commit", "--message", `Release ${version}`)
  }
  git("tag", "--annotate", tag, "--message", version)
  console.log(`Tagged ${tag}. To publish it:\n\n  git push --atomic origin ${branch} ${tag}`)
}

const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { "dry-run": { type: "boolean", default: false }, check: { type: "string" } },
})
const [version] = positionals
if (values.check !== undefined) {
  refuse(tagProblems(values.check, readTexts()))
  console.log(`${values.check} is what the files say`)
} else if (version === undefined || positionals.length > 1) {
  console.error(usage)
  process.exitCode = 2
} else release(version, values["dry-run"])

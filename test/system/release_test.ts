/**
 * Releases, in a temporary repository: what is rejected, and what a release changes. Also checks the project's own changelog
 * against its manifest.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { test } from "node:test"
import { carriers, newestVersion, tagProblems, versionIn } from "../../scripts/release_files.ts"
import { type Finished, root, run, runOk } from "../support/command.ts"
import { needing, withFolder, writeFiles } from "../support/programs/consumer.ts"

const read = (path: string): string => readFileSync(join(root, path), "utf8")

test("CHANGELOG.md begins with the version in package.json, or with what follows it", () => {
  assert.equal(newestVersion(read("CHANGELOG.md")), versionIn("package.json", read("package.json")))
})

test("all files that carry the version are found, and carry the same", () => {
  const versions = Object.keys(carriers).map((path) => versionIn(path, read(path)))
  assert.deepEqual(new Set(versions), new Set([versionIn("package.json", read("package.json"))]))
})

const date = "2026-01-31"
const log = (heading: string, entries = "### Added\n\n- Something\n"): string =>
  `# Changelog\n\n${heading}\n\n${entries}\n## 1.0.0 - 2025-12-31\n\n- The first\n`

const project = {
  "package.json": `{\n  "version": "1.0.0",\n  "scripts": { "ok": "bun check.ts" }\n}\n`,
  "deno.json": `{\n  "version": "1.0.0",\n  "tasks": {}\n}\n`,
  "src/cli/version.ts": `export const version = "1.0.0"\n`,
  "README.md": `import "https://deno.land/x/compile_streaming@1.0.0/mod.ts"\n`,
  "CHANGELOG.md": log("## Unreleased"),
  "check.ts": `process.exit((await Bun.file("broken").exists()) ? 1 : 0)\n`,
}

const script = join(root, "scripts/release.ts")
const runtime = "Deno" in globalThis ? ["run", "-A", "--no-check", "--no-lock"] : []
const release = (folder: string, ...args: ReadonlyArray<string>): Promise<Finished> =>
  run(process.execPath, [...runtime, script, ...args], folder)

const git = (folder: string, ...args: ReadonlyArray<string>): Promise<string> =>
  runOk("git", args, folder)

/** A repository with a commit of the project, and further files, uncommitted. */
const withRepository = (
  files: Readonly<Record<string, string>>,
  body: (folder: string) => Promise<void>,
): Promise<void> =>
  withFolder(project, async (folder) => {
    await git(folder, "init", "--quiet", "--initial-branch=main")
    for (
      const [key, value] of [["user.name", "A"], ["user.email", "a@b"], ["commit.gpgsign", "0"]]
    ) {
      await git(folder, "config", `${key}`, `${value}`)
    }
    await git(folder, "config", "tag.gpgsign", "0")
    await git(folder, "add", ".")
    await git(folder, "commit", "--quiet", "--message", "All")
    await writeFiles(folder, files)
    await body(folder)
  })

/** What has changed since the first commit: commits, tags, files. */
const stateOf = async (folder: string): Promise<string> =>
  await git(folder, "log", "--format=%s %D") + await git(folder, "tag") +
  await git(folder, "status", "--porcelain") + await git(folder, "diff")

const options = needing("releases", "bun", "git")

const ready = { "CHANGELOG.md": log(`## 1.1.0 - ${date}`) }

test(
  "a release sets the version everywhere, commits and tags, and pushes nothing",
  options,
  () =>
    withRepository(ready, async (folder) => {
      const { code, stderr, stdout } = await release(folder, "1.1.0")
      assert.equal(code, 0, stderr)
      assert.match(stdout, /^ {2}git push --atomic origin main v1\.1\.0$/m)
      for (const path of Object.keys(carriers)) {
        assert.equal(versionIn(path, readFileSync(join(folder, path), "utf8")), "1.1.0", path)
      }
      assert.equal(await git(folder, "status", "--porcelain"), "")
      assert.equal(await git(folder, "log", "--format=%s"), "Release 1.1.0\nAll\n")
      assert.equal(await git(folder, "describe"), "v1.1.0\n")
      assert.equal((await release(folder, "--check", "v1.1.0")).code, 0)
      assert.equal((await release(folder, "--check", "v1.1.1")).code, 1)
      assert.equal((await release(folder, "1.1.0")).code, 1, "the tag is there")
    }),
)

test(
  "the version that the files carry already is only tagged",
  options,
  () =>
    withRepository({}, async (folder) => {
      await writeFiles(folder, { "CHANGELOG.md": `## [1.0.0] - ${date}\n\n- The first\n` })
      await git(folder, "commit", "--quiet", "--all", "--message", "Dated")
      assert.equal((await release(folder, "1.0.0")).code, 0)
      assert.equal(await git(folder, "log", "--format=%s"), "Dated\nAll\n")
      assert.equal(await git(folder, "describe"), "v1.0.0\n")
    }),
)

test("--dry-run changes nothing", options, () =>
  withRepository(ready, async (folder) => {
    const before = await stateOf(folder)
    const { code, stdout } = await release(folder, "1.1.0", "--dry-run")
    assert.equal(code, 0)
    for (const path of Object.keys(carriers)) assert.ok(stdout.includes(path), path)
    assert.equal(await stateOf(folder), before)
  }))

test(
  "where the checks fail, all is as it was",
  options,
  () =>
    withRepository(ready, async (folder) => {
      await writeFiles(folder, { ".git/info/exclude": "broken\n", broken: "" })
      const before = await stateOf(folder)
      assert.equal((await release(folder, "1.1.0")).code, 1)
      assert.equal(await stateOf(folder), before)
    }),
)

// deno-fmt-ignore
const refused: ReadonlyArray<readonly [name: string, version: string, files: Readonly<Record<string, string>>, said: RegExp]> = [
  ["no version", "1.1", ready, /no version/],
  ["a pre-release", "1.1.0-beta.1", ready, /no version/],
  ["an older version", "0.9.0", { "CHANGELOG.md": log(`## 0.9.0 - ${date}`) }, /older/],
  ["another file that is changed", "1.1.0", { ...ready, "deno.json": project["deno.json"] + "\n" }, /not clean/],
  ["a file that is new", "1.1.0", { ...ready, "new.ts": "" }, /not clean/],
  ["no section", "1.1.0", {}, /does not begin/],
  ["a section above", "1.1.0", { "CHANGELOG.md": log(`## Unreleased\n\n- More\n\n## 1.1.0 - ${date}`) }, /above/],
  ["no date", "1.1.0", { "CHANGELOG.md": log("## 1.1.0") }, /no date/],
  ["no date yet", "1.1.0", { "CHANGELOG.md": log("## 1.1.0 - Unreleased") }, /no date/],
  ["a day that is none", "1.1.0", { "CHANGELOG.md": log("## 1.1.0 - 2026-02-30") }, /no date/],
  ["headings alone", "1.1.0", { "CHANGELOG.md": log(`## 1.1.0 - ${date}`, "### Added\n") }, /says nothing/],
]
for (const [name, version, files, said] of refused) {
  test(`a release is refused for ${name}`, options, () =>
    withRepository(files, async (folder) => {
      const before = await stateOf(folder)
      const { code, stderr } = await release(folder, version)
      assert.equal(code, 1)
      assert.match(stderr, said)
      assert.equal(await stateOf(folder), before)
    }))
}

test(
  "a release is refused on another branch",
  options,
  () =>
    withRepository(ready, async (folder) => {
      await git(folder, "switch", "--quiet", "--create", "other")
      const { code, stderr } = await release(folder, "1.1.0")
      assert.equal(code, 1)
      assert.match(stderr, /branch/)
    }),
)

test(
  "without a version, it says how it is run",
  options,
  () => withRepository({}, async (folder) => assert.equal((await release(folder)).code, 2)),
)

const texts = { ...project, "CHANGELOG.md": `## 1.0.0 - ${date}\n\n- The first\n` }
for (const path of Object.keys(carriers)) {
  test(`a tag is refused where ${path} says something else`, () => {
    assert.deepEqual(tagProblems("v1.0.0", texts), [])
    const other = path === "README.md" ? "@2.0.0/" : `"2.0.0"`
    const old = path === "README.md" ? "@1.0.0/" : `"1.0.0"`
    const text = Object.entries(project).find(([name]) => name === path)?.[1] ?? ""
    const problems = tagProblems("v1.0.0", { ...texts, [path]: text.replace(old, other) })
    assert.ok(problems.length > 0)
    assert.equal(tagProblems("v1.0.0", { ...texts, [path]: "" }).length > 0, true)
  })
}

/**
 * The rules of style in CONTRIBUTING that no linter checks.
 */
import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .map((path) => ({ path, text: readFileSync(join(root, folder, path), "utf8") }))

const files = filesIn("src")
const all = [...files, ...["test", "bench", "demo", "scripts", "examples"].flatMap(filesIn)]

/** Code alone: words in comments and strings do not count. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "")

/** Functions that are declared as such, without a reason: a generator, or several signatures. */
const declarations = (text: string): ReadonlyArray<string> => {
  const names = [...text.matchAll(/^(?:export )?(?:async )?function (\w+)/gm)]
    .flatMap(([, name]) => name ?? [])
  return names.filter((name, _, all) => all.filter((other) => other === name).length === 1)
}

const rules: ReadonlyArray<readonly [rule: string, find: (text: string) => ReadonlyArray<string>]> =
  [
    ["functions are constants, but for generators and overloads", declarations],
    ["private members are those of JavaScript", (text) => text.match(/^\s+private .*/gm) ?? []],
    [
      "arrays are ReadonlyArray and Array",
      (text) => text.match(/(?:: |=> |<|\breadonly |\| )[\w.]+\[\].*/g) ?? [],
    ],
  ]

for (const [rule, find] of rules) {
  test(`the dialect: ${rule}`, () => {
    const found = all.flatMap(({ path, text }) =>
      find(withoutComments(text)).map((what) => `${path}: ${what.trim()}`)
    )
    assert.deepEqual(found, [])
  })
}

test("the dialect: a file begins with what it is for, and sources are given as @see", () => {
  assert.ok(files.length > 100)
  const found = files.filter(({ text }) =>
    !/^(?:#!.*\n)?\/\*\*\n \* [^]*?@module\n \*\//.test(text) || /^ +\* Source:/m.test(text)
  )
  assert.deepEqual(found.map(({ path }) => path), [])
})

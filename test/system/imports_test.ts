/**
 * The rules on imports: what the main entry may not draw in, and what `src/binary/` may not know of.
 */
import assert from "node:assert/strict"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

const specifier = /^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?\s*"([^"]+)"|\bimport\("([^"]+)"\)/gm

/** The specifiers that a module imports: at once, and when it comes to it; imports of types alone do not count. */
const importsOf = (file: string, later = true): ReadonlyArray<string> =>
  [...readFileSync(file, "utf8").matchAll(specifier)]
    .filter(([statement]) => !/^\s*(?:import|export)\s+type\s/.test(statement))
    .flatMap(([, from, dynamic]) => from ?? (later ? dynamic : undefined) ?? [])

/** All modules of our own that an entry draws in, and all specifiers that are not ours. */
const graphOf = (
  entry: string,
  later = true,
): { readonly own: ReadonlySet<string>; readonly foreign: ReadonlySet<string> } => {
  const own = new Set<string>()
  const foreign = new Set<string>()
  const visit = (file: string): void => {
    const name = relative(root, file)
    if (own.has(name)) return
    own.add(name)
    for (const specifier of importsOf(file, later)) {
      if (specifier.startsWith(".")) visit(resolve(dirname(file), specifier))
      else foreign.add(specifier)
    }
  }
  visit(join(root, entry))
  return { own, foreign }
}

const filesIn = (folder: string): ReadonlyArray<string> =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name))
    : []

for (const entry of ["mod.ts", "src/effect.ts"]) {
  test(`${entry} draws in nothing but effect, by its modules`, () => {
    const { foreign, own } = graphOf(entry)
    assert.ok(own.size > 10 && foreign.size > 5, "the graph was read")
    const strangers = [...foreign].filter((specifier) => !specifier.startsWith("effect/"))
    assert.deepEqual(strangers, [])
    const heavy = ["effect/Schema", "effect/ParseResult", "effect/FastCheck", "effect/Config"]
    assert.deepEqual(heavy.filter((specifier) => foreign.has(specifier)), [])
  })

  test(`${entry} draws in full validation only when it is asked for`, () => {
    const validation = /^src\/binary\/validation\//
    const whole = [...graphOf(entry).own].filter((name) => validation.test(name))
    assert.ok(whole.length > 10, "it is drawn in at all")
    assert.deepEqual([...graphOf(entry, false).own].filter((name) => validation.test(name)), [])
  })

  test(`${entry} draws in neither the command line nor HTTP loading`, () => {
    const { own } = graphOf(entry)
    assert.deepEqual([...own].filter((name) => /^src\/(cli|http)\//.test(name)), [])
  })
}

test("src/ imports effect by its modules, never the barrel", () => {
  const files = filesIn("src")
  assert.ok(files.length > 10)
  const barrels = files.filter((file) =>
    importsOf(join(root, file)).some((name) => name === "effect")
  )
  assert.deepEqual(barrels, [])
})

test("src/binary/ imports nothing from outside itself", () => {
  const strangers = filesIn("src/binary").flatMap((file) =>
    importsOf(join(root, file)).filter((specifier) => {
      if (!specifier.startsWith(".")) return true
      return !relative(root, resolve(root, dirname(file), specifier)).startsWith("src/binary/")
    }).map((specifier) => `${file}: ${specifier}`)
  )
  assert.deepEqual(strangers, [])
})

test("src/http/ draws in effect, @effect/platform and a hash, by their modules, and nothing of one runtime", () => {
  const { foreign, own } = graphOf("src/http/mod.ts")
  assert.ok(own.size > 30)
  const allowed = /^(effect\/\w+|@effect\/platform\/\w+|@noble\/hashes\/sha2\.js)$/
  assert.deepEqual([...foreign].filter((specifier) => !allowed.test(specifier)), [])
  assert.deepEqual([...own].filter((name) => name.startsWith("src/cli/")), [])
})

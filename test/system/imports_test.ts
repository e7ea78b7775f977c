/**
 * The rules for imports: what the main entry may not import, even indirectly, and which folders may import which.
 */
import assert from "node:assert/strict"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

const specifier = /^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?\s*"([^"]+)"|\bimport\("([^"]+)"\)/gm

/** A module without its comments, whose examples import too. */
const codeOf = (file: string): string =>
  readFileSync(file, "utf8").replace(/^\s*\/\*\*[\s\S]*?\*\//gm, "")

/** The specifiers that a module imports, statically and, with `later`, dynamically; type-only imports do not count. */
const importsOf = (file: string, later = true): ReadonlyArray<string> =>
  [...codeOf(file).matchAll(specifier)]
    .filter(([statement]) => !/^\s*(?:import|export)\s+type\s/.test(statement))
    .flatMap(([, from, dynamic]) => from ?? (later ? dynamic : undefined) ?? [])

/** All of our modules that an entry imports, directly or indirectly, and all external specifiers. */
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

/** The modules of effect that its declarations mark `@stability unstable`: they may change in a minor release. */
const unstable =
  /^effect\/(?:http|persistence|cli|process|socket|workers|FileSystem|Path|Terminal)(?:\/|$)/

for (const entry of ["mod.ts", "src/effect.ts", "src/polyfill.ts", "src/adapters/mod.ts"]) {
  test(`${entry} draws in nothing but stable modules of effect`, () => {
    const { foreign, own } = graphOf(entry)
    assert.ok(own.size > 10 && foreign.size > 5, "the graph was read")
    const strangers = [...foreign].filter((specifier) => !specifier.startsWith("effect/"))
    assert.deepEqual(strangers, [])
    assert.deepEqual([...foreign].filter((specifier) => unstable.test(specifier)), [])
    const heavy = ["effect/Schema", "effect/SchemaAST", "effect/Config", "effect/Layer"]
    assert.deepEqual(heavy.filter((specifier) => foreign.has(specifier)), [])
  })

  test(`${entry} loads Stream only when it is asked for`, () => {
    assert.ok(graphOf(entry).foreign.has("effect/Stream"))
    assert.equal(graphOf(entry, false).foreign.has("effect/Stream"), false)
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

for (const entry of ["mod.ts", "src/effect.ts", "src/polyfill.ts", "src/http/mod.ts"]) {
  test(`${entry} draws in no policies: they come with the entry that makes them`, () => {
    const { own } = graphOf(entry)
    assert.deepEqual([...own].filter((name) => name.startsWith("src/policy/")), [])
  })
}

test("src/policy/ draws in neither schemas nor the pipeline", () => {
  const { foreign, own } = graphOf("src/policy/mod.ts")
  assert.ok(own.size > 8)
  assert.deepEqual([...foreign], ["effect/Data"])
  const pipeline = [...own].filter((name) => /^src\/(?!policy|binary)/.test(name)).sort()
  assert.deepEqual(pipeline, [
    "src/messages/print.ts",
    "src/messages/wording.ts",
  ])
})

test("src/ imports effect by its modules, never the barrel", () => {
  const files = filesIn("src")
  assert.ok(files.length > 10)
  const barrels = files.filter((file) =>
    importsOf(join(root, file)).some((name) => name === "effect")
  )
  assert.deepEqual(barrels, [])
})

/** The folders of `src/`, and those that each may import from, as ARCHITECTURE shows. */
const rooms: Readonly<Record<string, ReadonlyArray<string>>> = {
  binary: [],
  platform: [],
  messages: ["binary"],
  diagnosis: ["binary"],
  policy: ["binary", "messages"],
  types: ["binary", "messages"],
  pipeline: ["binary", "platform", "messages", "diagnosis", "policy"],
  adapters: ["platform", "messages", "pipeline", "policy"],
  http: ["binary", "platform", "messages", "pipeline", "policy"],
  cli: ["binary", "platform", "messages", "pipeline", "policy", "types", "http"],
}

test("rooms import from lower ones alone", () => {
  const roomOf = (path: string): string | undefined => /^src\/(\w+)\//.exec(path)?.[1]
  const found = new Set<string>()
  const wrong: Array<string> = []
  for (const file of filesIn("src")) {
    const room = roomOf(file)
    if (room === undefined) continue
    found.add(room)
    for (const specifier of importsOf(join(root, file))) {
      if (!specifier.startsWith(".")) continue
      const other = roomOf(join(dirname(file), specifier).replaceAll("\\", "/"))
      if (other !== undefined && other !== room && rooms[room]?.includes(other) !== true) {
        wrong.push(`${file} → ${specifier}`)
      }
    }
  }
  assert.deepEqual([...found].sort(), Object.keys(rooms).sort())
  assert.deepEqual(wrong, [])
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

test("src/types/ imports no package, and nothing but src/binary/ and the words of messages", () => {
  const { foreign, own } = graphOf("src/types/mod.ts")
  assert.ok(own.size > 10)
  assert.deepEqual([...foreign], [])
  assert.deepEqual([...own].filter((name) => !/^src\/(types|binary|messages)\//.test(name)), [])
})

test("src/http/ draws in effect and a hash, by their modules, and nothing of one runtime", () => {
  const { foreign, own } = graphOf("src/http/mod.ts")
  assert.ok(own.size > 30)
  const allowed = /^(effect\/\w+(\/\w+)?|@noble\/hashes\/sha2\.js)$/
  assert.deepEqual([...foreign].filter((specifier) => !allowed.test(specifier)), [])
  assert.deepEqual([...own].filter((name) => name.startsWith("src/cli/")), [])
})

test("src/schema.ts alone draws in effect/Schema, beside what is stored", () => {
  const users = filesIn("src").filter((file) =>
    importsOf(join(root, file)).includes("effect/Schema")
  )
  assert.ok(users.includes("src/schema.ts"))
  assert.deepEqual(users.filter((file) => !/^src\/(schema\.ts|http\/|cli\/)/.test(file)), [])
})

/** The imports of effect's unstable modules, which have to be reviewed before a new minor release of effect is allowed. */
// deno-fmt-ignore
const unstableUsers: Readonly<Record<string, ReadonlyArray<string>>> = {
  "src/cli/command.ts": ["cli/Argument", "cli/Command", "cli/Completions", "cli/Flag", "cli/GlobalFlag"],
  "src/cli/commands/validate.ts": ["FileSystem"],
  "src/cli/completions.ts": ["cli/Completions"],
  "src/cli/completions/model.ts": ["cli/Completions"],
  "src/cli/environment.ts": ["FileSystem", "Path", "Terminal", "cli/Command", "process/ChildProcessSpawner"],
  "src/cli/flags.ts": ["cli/Argument", "cli/Flag"],
  "src/cli/help.ts": ["cli/CliConfig", "cli/CliOutput", "cli/Flag", "cli/GlobalFlag", "cli/HelpDoc"],
  "src/cli/load_times.ts": ["http/HttpClient"],
  "src/cli/loading.ts": ["http/FetchHttpClient", "http/HttpClient"],
  "src/cli/several.ts": ["FileSystem"],
  "src/cli/source.ts": ["http/HttpClientRequest"],
  "src/cli/tell_failure.ts": ["cli/CliError"],
  "src/cli/terminal/text.ts": ["cli/CliOutput"],
  "src/http/cache/module_cache.ts": ["persistence/KeyValueStore"],
  "src/http/load_bytes.ts": ["http/HttpClient"],
  "src/http/load_module.ts": ["http/HttpClient"],
  "src/http/promise.ts": ["http/FetchHttpClient", "http/HttpClient"],
  "src/http/transport/client_identity.ts": ["http/FetchHttpClient", "http/HttpClient"],
  "src/http/transport/http_client.ts": ["http/FetchHttpClient", "http/HttpClient", "http/HttpClientError", "http/HttpClientRequest", "http/HttpClientResponse"],
  "src/http/transport/inline.ts": ["http/FetchHttpClient"],
  "src/http/transport/response.ts": ["http/HttpClientResponse"],
  "src/http/transport/target.ts": ["http/HttpClientRequest"],
  "src/http/variants/effect.ts": ["http/HttpClient"],
}

test("unstable modules of effect are used by ./http and the command alone, as they are listed here", () => {
  const users: Record<string, ReadonlyArray<string>> = {}
  for (const file of [...filesIn("src")].sort()) {
    const names = [...codeOf(join(root, file)).matchAll(specifier)]
      .flatMap(([, from, dynamic]) => from ?? dynamic ?? [])
      .filter((name) => unstable.test(name))
    if (names.length > 0) users[file] = names.map((name) => name.replace("effect/", "")).sort()
  }
  assert.deepEqual(users, unstableUsers)
  for (const file of Object.keys(users)) assert.match(file, /^src\/(http|cli)\//)
})

/** All that a module imports, types included. */
const allImportsOf = (file: string): ReadonlyArray<string> =>
  [...codeOf(file).matchAll(specifier)].flatMap(([, from, dynamic]) => from ?? dynamic ?? [])

test("no import goes in a circle, not even for types", () => {
  const done = new Set<string>()
  const circles: Array<string> = []
  const visit = (file: string, path: ReadonlyArray<string>): void => {
    const at = path.indexOf(file)
    if (at >= 0) return void circles.push([...path.slice(at), file].join(" → "))
    if (done.has(file)) return
    done.add(file)
    for (const name of allImportsOf(join(root, file))) {
      if (!name.startsWith(".")) continue
      visit(relative(root, resolve(root, dirname(file), name)), [...path, file])
    }
  }
  for (const file of ["mod.ts", ...filesIn("src")]) visit(file, [])
  assert.ok(done.size > 100)
  assert.deepEqual(circles, [])
})

test("src/http/: the cache knows neither transports nor options, a transport neither downloads nor caches", () => {
  const rooms: ReadonlyArray<readonly [room: string, refused: RegExp]> = [
    ["cache", /^src\/http\/(?:transport\/(?!fields)|download\/|options|load\.|load_module)/],
    ["transport", /^src\/http\/(?:cache|download)\/|^src\/http\/(?:options|load\.|load_module)/],
    ["download", /^src\/http\/(?:cache\/|load\.|load_module)/],
  ]
  for (const [room, refused] of rooms) {
    const files = filesIn(`src/http/${room}`)
    assert.ok(files.length > 3)
    const strangers = files.flatMap((file) =>
      allImportsOf(join(root, file)).filter((name) => name.startsWith("."))
        .map((name) => relative(root, resolve(root, dirname(file), name)))
        .filter((name) => refused.test(name)).map((name) => `${file}: ${name}`)
    )
    assert.deepEqual(strangers, [])
  }
})

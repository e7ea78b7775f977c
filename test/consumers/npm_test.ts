/**
 * The npm package: packed, installed, imported by name on Bun and on Node, and type-checked.
 *
 * @module
 */
import assert from "node:assert/strict"
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { basename, dirname, join, relative, sep } from "node:path"
import { test } from "node:test"
import { root, run as runCommand, runOk } from "../support/command.ts"
import { callable, endless } from "../support/modules/cli_modules.ts"
import {
  byName,
  checkComposed,
  checkEntries,
  checkPrinted,
  composedProgram,
  copyProject,
  entriesProgram,
  needing,
  program,
  readManifest,
  typedProgram,
  withFolder,
  writeFiles,
} from "../support/programs/consumer.ts"

type Packer = "bun" | "npm"

const pack = {
  bun: ["pm", "pack", "--quiet", "--destination"],
  npm: ["pack", "--silent", "--pack-destination"],
}

const install = {
  bun: ["install", "--silent"],
  npm: ["install", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"],
}

/** Packs the project, installs it in another project, and calls `body` with that project's folder. */
const withConsumer = (packer: Packer, body: (consumer: string) => Promise<void>): Promise<void> =>
  withFolder({}, async (folder) => {
    const project = join(folder, "project")
    const consumer = join(folder, "consumer")
    await writeFiles(consumer, {
      "program.mjs": program(byName),
      "composed.ts": composedProgram,
      "typed.ts": typedProgram(byName),
    })
    await copyProject(project)
    const printed = await runOk(packer, [...pack[packer], consumer], project)
    // npm prints the name, Bun the path, and either may print what the build prints before it.
    const tarball = basename(printed.trim().split("\n").at(-1) ?? "")
    const manifest = {
      private: true,
      type: "module",
      dependencies: {
        "@effect-wasm/compile-streaming": `file:./${tarball}`,
        // The version that a new user gets; the project's own tests use the locked one.
        effect: "latest",
      },
    }
    await writeFiles(consumer, { "package.json": JSON.stringify(manifest) })
    await runOk(packer, install[packer], consumer)
    await body(consumer)
  })

const installed = "node_modules/@effect-wasm/compile-streaming"

/** The paths of the installed package's files, without the one that Bun adds. */
const listInstalled = async (consumer: string): Promise<Array<string>> => {
  const folder = join(consumer, installed)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && entry.name !== ".bun-tag")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
}

const checkContents = async (consumer: string): Promise<void> => {
  const paths = await listInstalled(consumer)
  const allowed =
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|mod\.ts|src\/(?!cli\/).+\.(?:ts|md)|dist\/.+(\.js|\.d\.ts)(\.map)?)$/
  assert.deepEqual(paths.filter((path) => !allowed.test(path)), [])
  for (const [entry, target] of (await readManifest("package.json")).entries) {
    assert.ok(typeof target === "object" && target !== null, `${entry} has no conditions`)
    for (const path of Object.values(target)) {
      assert.ok(paths.includes(String(path).replace("./", "")), `${entry}: ${path} is not packed`)
    }
  }
  // An entry consists of a few files: itself, and chunks that it shares with others.
  const modules = paths.filter((path) => path.endsWith(".js"))
  assert.ok(modules.length < 50, `${modules.length} modules`)
  for (const path of modules) {
    const code = await readFile(join(consumer, installed, path), "utf8")
    assert.doesNotMatch(
      code,
      /^(import|export|\}).* from "\..*\.ts"/m,
      `${path} imports a .ts file`,
    )
  }
  // The sources that maps refer to exist.
  for (const path of paths.filter((path) => path.endsWith(".map"))) {
    const map: { readonly sources: ReadonlyArray<string> } = JSON.parse(
      await readFile(join(consumer, installed, path), "utf8"),
    )
    for (const source of map.sources) {
      const place = join(dirname(path), source).replaceAll(sep, "/")
      assert.ok(paths.includes(place), `${path}: ${place} is not packed`)
    }
  }
}

/** The folders of all installed copies of effect, at any depth. */
const effectsIn = async (consumer: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(join(consumer, "node_modules"), {
    recursive: true,
    withFileTypes: true,
  })
  const manifests = entries.filter(({ name, parentPath }) =>
    name === "package.json" && basename(parentPath) === "effect"
  )
  const effects: Array<string> = []
  for (const { parentPath } of manifests) {
    const manifest: unknown = JSON.parse(await readFile(join(parentPath, "package.json"), "utf8"))
    if (typeof manifest === "object" && manifest !== null && "name" in manifest) {
      if (manifest.name === "effect") effects.push(relative(consumer, parentPath))
    }
  }
  return effects
}

const served = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)

/** Serves a module at any path except those that end in `missing`, while `body` runs. */
const withModule = async (body: (url: string) => Promise<void>): Promise<void> => {
  const server = createServer(({ url }, response) => {
    const found = url?.endsWith("/missing") !== true
    response.writeHead(found ? 200 : 404, { "content-type": "application/wasm" }).end(served)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    const address = server.address()
    assert.ok(typeof address === "object" && address !== null)
    await body(`http://127.0.0.1:${address.port}/module.wasm`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** How each runtime runs a program of a project with installed packages. */
const runners = {
  bun: ["bun"],
  node: ["node", "--disable-warning=ExperimentalWarning"],
  deno: ["deno", "run", "-A", "--no-check", "--no-lock", "--node-modules-dir=manual"],
} as const

for (const runtime of ["bun", "node", "deno"] as const) {
  const packer = runtime === "node" ? "npm" : "bun"
  test(
    `a program composes with the package and effect@latest on ${runtime}: there is one effect`,
    needing(
      `a program of effect on ${runtime}`,
      runtime === "node" ? "node22" : runtime,
      packer,
      "bun",
      "node_modules",
    ),
    () =>
      withConsumer(packer, (consumer) =>
        withModule(async (url) => {
          assert.deepEqual(await effectsIn(consumer), [join("node_modules", "effect")])
          const [command, ...args] = runners[runtime]
          checkComposed(
            await runOk(command, [...args, "composed.ts", url], consumer),
            served.length,
          )
          const entries = (await readManifest("package.json")).entries.map(([name]) => name)
          await writeFiles(consumer, { "entries.mjs": entriesProgram(entries) })
          checkEntries(await runOk(command, [...args, "entries.mjs"], consumer), entries)
        })),
  )
}

test("package.json and deno.json name the same version and entries", async () => {
  const npm = await readManifest("package.json")
  const jsr = await readManifest("deno.json")
  assert.equal(npm.version, jsr.version)
  // On npm the command is the package's `bin`, built into one file.
  const entries = jsr.entries.map(([name]) => name).filter((name) => name !== "./cli")
  assert.deepEqual(npm.entries.map(([name]) => name), entries)
})

test(
  "the command runs from the packed package by its name, and its one file alone on every runtime",
  needing("the packed command", "node22", "npm", "bun", "deno", "node_modules"),
  () =>
    withConsumer("npm", async (consumer) => {
      const help = await readFile(join(root, "test/cli/snapshots/help_inspect.txt"), "utf8")
      assert.equal(await runOk("npx", ["compile-streaming", "inspect", "--help"], consumer), help)
      await writeFiles(consumer, { "bare/cli.js": "", "bare/package.json": `{ "type": "module" }` })
      const bare = join(consumer, "bare")
      await copyFile(join(consumer, installed, "dist/cli.js"), join(bare, "cli.js"))
      await writeFile(join(bare, "module.wasm"), served)
      await writeFile(join(bare, "callable.bin"), callable)
      await writeFile(join(bare, "endless.bin"), endless)
      // It has to run without its dependencies.
      await rm(join(consumer, "node_modules"), { recursive: true })
      for (const [command, ...args] of [["bun"], ["node"], ["deno", "run", "-A", "--no-lock"]]) {
        const run = (...words: ReadonlyArray<string>) =>
          runOk(String(command), [...args, "cli.js", ...words], bare)
        assert.match(await run("module.wasm"), /^size +8 bytes in 0 sections$/m)
        assert.match(await run("validate", "*.wasm"), /^module\.wasm: valid/)
        assert.match(await run(), /^42$/m)
        // The thread that runs modules has to start from the one file too.
        assert.equal(await run("run", "callable.bin", "add", "2", "40"), "42\n")
        const stopped = ["cli.js", "run", "--timeout", "1s", "endless.bin", "run"]
        const { code } = await runCommand(String(command), [...args, ...stopped], bare)
        assert.equal(code, 1)
      }
    }),
)

test(
  "npm package, packed and installed by Bun, holds what its entries need and runs under Bun",
  needing("the npm package under Bun", "bun", "node_modules"),
  () =>
    withConsumer("bun", async (consumer) => {
      await checkContents(consumer)
      checkPrinted(await runOk("bun", ["program.mjs"], consumer), "bun")
    }),
)

test(
  "npm package, packed and installed by npm, holds what its entries need and runs under Node",
  needing("the npm package under Node", "node22", "npm", "bun", "node_modules"),
  () =>
    withConsumer("npm", async (consumer) => {
      await checkContents(consumer)
      checkPrinted(await runOk("node", ["program.mjs"], consumer), "node")
    }),
)

/** The module resolutions that a consumer may use. */
const resolutions = [
  { module: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
]

test(
  "npm package type-checks in a strict project, declarations of dependencies included",
  needing("the npm package's declarations", "bun", "node_modules"),
  () =>
    withConsumer("bun", async (consumer) => {
      for (const resolution of resolutions) {
        const compilerOptions = {
          ...resolution,
          target: "es2023",
          lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
        }
        const tsconfig = { compilerOptions, files: ["typed.ts", "composed.ts"] }
        await writeFiles(consumer, { "tsconfig.json": JSON.stringify(tsconfig) })
        await runOk("bun", [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], consumer)
      }
    }),
)

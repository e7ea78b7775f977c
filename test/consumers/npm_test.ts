/**
 * The npm form: the packed project, installed and imported by name under Bun and under Node, and type-checked.
 *
 * @module
 */
import assert from "node:assert/strict"
import { readdir, readFile } from "node:fs/promises"
import { basename, join, relative, sep } from "node:path"
import { test } from "node:test"
import { root, runOk } from "../support/command.ts"
import {
  byName,
  checkPrinted,
  copyProject,
  effectRange,
  needing,
  program,
  readManifest,
  typedProgram,
  withFolder,
  writeFiles,
} from "../support/consumer.ts"

type Packer = "bun" | "npm"

const pack = {
  bun: ["pm", "pack", "--quiet", "--destination"],
  npm: ["pack", "--silent", "--pack-destination"],
}

const install = {
  bun: ["install", "--silent"],
  npm: ["install", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"],
}

/** Packs the project, installs it in a project of its own, and hands that project's folder to `body`. */
const withConsumer = (packer: Packer, body: (consumer: string) => Promise<void>): Promise<void> =>
  withFolder({}, async (folder) => {
    const project = join(folder, "project")
    const consumer = join(folder, "consumer")
    await writeFiles(consumer, { "program.mjs": program(byName), "typed.ts": typedProgram(byName) })
    await copyProject(project)
    const printed = await runOk(packer, [...pack[packer], consumer], project)
    // npm prints the name, Bun the path, and either may print what the build prints before it.
    const tarball = basename(printed.trim().split("\n").at(-1) ?? "")
    const manifest = {
      private: true,
      type: "module",
      dependencies: {
        "@effect-wasm/compile-streaming": `file:./${tarball}`,
        effect: await effectRange(),
      },
    }
    await writeFiles(consumer, { "package.json": JSON.stringify(manifest) })
    await runOk(packer, install[packer], consumer)
    await body(consumer)
  })

const installed = "node_modules/@effect-wasm/compile-streaming"

/** The files of the installed package, by their paths in it, without the one that Bun adds. */
const listInstalled = async (consumer: string): Promise<string[]> => {
  const folder = join(consumer, installed)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && entry.name !== ".bun-tag")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
}

const checkContents = async (consumer: string): Promise<void> => {
  const paths = await listInstalled(consumer)
  const allowed =
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(mod|src\/.+)(\.js|\.d\.ts))$/
  assert.deepEqual(paths.filter((path) => !allowed.test(path)), [])
  for (const [entry, target] of (await readManifest("package.json")).entries) {
    assert.ok(typeof target === "object" && target !== null, `${entry} has no conditions`)
    for (const path of Object.values(target)) {
      assert.ok(paths.includes(String(path).replace("./", "")), `${entry}: ${path} is not packed`)
    }
  }
  const modules = paths.filter((path) => path.endsWith(".js"))
  assert.deepEqual(
    paths.filter((path) => path.endsWith(".d.ts")).sort(),
    modules.map((path) => path.replace(/\.js$/, ".d.ts")).sort(),
  )
  for (const path of modules) {
    const code = await readFile(join(consumer, installed, path), "utf8")
    assert.doesNotMatch(
      code,
      /^(import|export|\}).* from "\..*\.ts"/m,
      `${path} imports a .ts file`,
    )
  }
}

test("package.json and deno.json name the same version and entries", async () => {
  const npm = await readManifest("package.json")
  const jsr = await readManifest("deno.json")
  assert.equal(npm.version, jsr.version)
  assert.deepEqual(npm.entries.map(([name]) => name), jsr.entries.map(([name]) => name))
})

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
  needing("the npm package under Node", "node", "npm", "node_modules"),
  () =>
    withConsumer("npm", async (consumer) => {
      await checkContents(consumer)
      checkPrinted(await runOk("node", ["program.mjs"], consumer), "node")
    }),
)

/** How a consumer may have its modules resolved. */
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
        const tsconfig = { compilerOptions, files: ["typed.ts"] }
        await writeFiles(consumer, { "tsconfig.json": JSON.stringify(tsconfig) })
        await runOk("bun", [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], consumer)
      }
    }),
)

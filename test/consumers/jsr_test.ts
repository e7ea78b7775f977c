/**
 * The JSR package: a Deno project imports it by its JSR name, linked to this folder instead of downloaded.
 *
 * @see https://docs.deno.com/runtime/fundamentals/modules/#overriding-dependencies
 * @module
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { pathToFileURL } from "node:url"
import { root, run, runOk } from "../support/command.ts"
import {
  byName,
  checkPrinted,
  effectRange,
  needing,
  program,
  readManifest,
  type Specifiers,
  typedProgram,
  withFolder,
} from "../support/programs/consumer.ts"

const jsr = "jsr:@effect-wasm/compile-streaming"

/** Runs and checks the programs in a Deno project that is linked to this one. */
const checkConsumer = async (
  specifiers: Specifiers,
  imports: Readonly<Record<string, string>>,
): Promise<void> => {
  const files = {
    "deno.json": JSON.stringify({ links: [root], imports }),
    "program.ts": program(specifiers),
    "typed.ts": typedProgram(specifiers),
  }
  await withFolder(files, async (folder) => {
    checkPrinted(await runOk("deno", ["run", "--no-lock", "program.ts"], folder), "deno")
    await runOk("deno", ["check", "--no-lock", "program.ts", "typed.ts"], folder)
  })
}

test(
  "JSR package is imported by its bare name through the map of imports",
  needing("the JSR package by its bare name", "deno"),
  async () => {
    const { version } = await readManifest("deno.json")
    await checkConsumer(byName, {
      "@effect-wasm/compile-streaming": `${jsr}@^${version}`,
      effect: `npm:effect@${await effectRange()}`,
    })
  },
)

test(
  "JSR package is imported by jsr: specifiers",
  needing("the JSR package by jsr: specifiers", "deno"),
  async () => {
    const { version } = await readManifest("deno.json")
    await checkConsumer(
      { main: `${jsr}@^${version}`, effect: `${jsr}@^${version}/effect` },
      { effect: `npm:effect@${await effectRange()}` },
    )
  },
)

test(
  "JSR package holds the sources and what describes them, and no slow types",
  needing("what is published to JSR", "deno"),
  async () => {
    const dryRun = ["publish", "--dry-run", "--allow-dirty", "--no-lock"]
    const { code, stdout, stderr } = await run("deno", dryRun, root)
    assert.equal(code, 0, `${stdout}${stderr}`)
    const folder = pathToFileURL(root).href
    const paths = Array.from(
      `${stdout}${stderr}`.matchAll(/^ +(file:.+) \(.+\)$/gm),
      ([, url]) => String(url).replace(folder, ""),
    )
    const allowed =
      /^(deno\.json|README\.md|CHANGELOG\.md|docs\/\w+\.md|LICENSE|mod\.ts|src\/.+\.(?:ts|md))$/
    assert.deepEqual(paths.filter((path) => !allowed.test(path)), [])
    for (const [entry, path] of (await readManifest("deno.json")).entries) {
      assert.ok(paths.includes(String(path).replace("./", "")), `${entry}: ${path} is left out`)
    }
  },
)

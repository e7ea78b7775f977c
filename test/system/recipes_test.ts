/**
 * The recipes in README: each program works on the runtime that it is for.
 */
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { access, readdir, readFile } from "node:fs/promises"
import { test } from "node:test"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { build } from "esbuild"
import { layer, program } from "../../examples/effect_program.ts"
import { isBun, isDeno } from "../../src/platform/runtime.ts"
import { root, run, runProgram } from "../support/command.ts"
import { status, whole, withServer } from "../support/servers/http_server.ts"

const example = readFile(new URL("../../demo/example.wasm", import.meta.url))

test("examples/effect_program.ts asks a module, and says why it has none", async () => {
  await withServer([whole(await example)], async ({ url }) => {
    const runAt = (at: string) =>
      program.pipe(Effect.provide(layer(at)), Effect.provide(FetchHttpClient.layer))
    const { answer, bytes } = await Effect.runPromise(runAt(url))
    assert.equal(answer, 42)
    assert.ok(bytes >= (await example).length)
  })
  await withServer([status(404)], async ({ url }) => {
    const failed = program.pipe(Effect.provide(layer(url)), Effect.provide(FetchHttpClient.layer))
    const exit = await Effect.runPromiseExit(failed)
    assert.ok(Exit.isFailure(exit))
    assert.match(String(exit.cause), /TypeError: .*404/)
  })
})

/** Starts the server, and makes a request once it has printed its URL. */
const askServer = (): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["examples/bun/server.ts"], { cwd: root })
    child.once("error", reject)
    child.stderr.setEncoding("utf8").on("data", (text: string) => reject(new Error(text)))
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      fetch(text.trim()).then((response) => response.json()).then(resolve, reject)
        .finally(() => child.kill())
    })
  })

test("examples/bun/server.ts answers by its module", { skip: !isBun }, async () => {
  assert.deepEqual(await askServer(), { result: 42 })
})

test("examples/deno/program.ts compiles a file and a URL", { skip: !isDeno }, async () => {
  await withServer([whole(await example)], async ({ url }) => {
    const { code, stderr, stdout } = await runProgram("examples/deno/program.ts", url)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^result: 42\n(.*\n)*100%, \d+ bytes, done\nimports: 1\n$/)
  })
})

/** The newest Node that the tests have fetched, as the installed one may have any version. */
const findNode = async (): Promise<string | undefined> => {
  const folder = join(root, "node_modules/.cache/nodes")
  const versions = await readdir(folder).catch((): Array<string> => [])
  for (const version of versions.sort().reverse()) {
    const packages = join(folder, version, "node_modules")
    for (const name of await readdir(packages).catch((): Array<string> => [])) {
      const command = join(packages, name, "bin/node")
      if (await access(command).then(() => true, () => false)) return command
    }
  }
  return undefined
}

test("examples/node/program.ts reads a path, and says what is wrong", async (context) => {
  const node = await findNode()
  if (node === undefined) return context.skip("no Node was fetched")
  for (
    const [path, code, said] of [
      ["./demo/example.wasm", 0, /^result: 42$/m],
      ["./README.md", 1, /^bad bytes, text: /m],
      ["./nowhere.wasm", 1, /^not loaded, file: /m],
    ] as const
  ) {
    const done = await run(node, ["examples/node/program.ts", path], root)
    assert.equal(done.code, code, done.stderr)
    assert.match(`${done.stdout}${done.stderr}`, said)
  }
})

test("examples/worker posts a module to workers", async () => {
  const { code, stderr, stdout } = await runProgram("examples/worker/main.ts")
  assert.equal(code, 0, stderr)
  assert.match(stdout, /42, 84, 126/)
})

test("examples/page is bundled as it says: the library in a chunk of its own", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../../examples/page/main.ts", import.meta.url))],
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  })
  const main = Object.entries(metafile.outputs).find(([name]) => name.endsWith("/main.js"))
  assert.ok(main !== undefined && main[1].bytes < 4_000)
  assert.ok(main[1].imports.some(({ kind }) => kind === "dynamic-import"))
})

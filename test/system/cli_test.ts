/**
 * The command line, as a person uses it.
 */
import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { pathToFileURL } from "node:url"
import { part, tagged, withServer } from "../support/http_server.ts"
import { integrityOf } from "../support/loads.ts"
import { importing } from "../support/modules.ts"
import { runProgram } from "../support/command.ts"
import { type ScenarioServer, startScenarioServer } from "../support/scenario_server.ts"

const folder = mkdtempSync(join(tmpdir(), "compile-streaming-cli-"))
let server: ScenarioServer | undefined
before(async () => {
  server = await startScenarioServer()
})
after(async () => {
  await server?.close()
  rmSync(folder, { recursive: true })
})

const start = (...args: ReadonlyArray<string>) => runProgram("src/cli/main.ts", ...args)
const file = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const module = file("a module.wasm", importing)
const page = file("page.wasm", "<!doctype html><title>404</title>")

test("start compiles the example, calls it, and ends with the 42", async () => {
  const { code, stderr: err, stdout: out } = await start()
  assert.deepEqual([code, err], [0, ""])
  const lines = out.trimEnd().split("\n")
  assert.equal(lines.at(-1), "42")
  for (
    const stage of ["serving", "fetched", "checked", "read", "compiled", "instantiated", "called"]
  ) {
    assert.ok(lines.some((line) => line.startsWith(stage)), stage)
  }
})

for (
  const [name, argument] of [
    ["a path", () => module],
    ["a file: URL", () => pathToFileURL(module).href],
    ["an http: URL", () => `${server?.origin}/chunked`],
    [
      "a data: URL",
      () => `data:application/wasm;base64,${btoa(String.fromCharCode(...importing))}`,
    ],
  ] as const
) {
  test(`start compiles ${name}`, async () => {
    const { code, stderr: err, stdout: out } = await start(argument())
    assert.deepEqual([code, err], [0, ""])
    assert.match(out, /^compiled /m)
    assert.match(out, /^exports .*(run|last)/m)
  })
}

test("start --integrity resumes and verifies", () =>
  withServer([part(importing, tagged(), 20, 1_000), part(importing, tagged())], async ({ url }) => {
    const integrity = await integrityOf(importing)
    const { code, stderr: err, stdout: out } = await start("--integrity", integrity, url)
    assert.deepEqual([code, err], [0, ""])
    assert.match(out, /^resumed .* at 20 bytes$/m)
    assert.ok(out.split("\n").some((line) => /^verified /.test(line) && line.endsWith(integrity)))
  }))

test("start --sniff accepts a response without the right type", async () => {
  const { code } = await start("--sniff", `${server?.origin}/untyped`)
  assert.equal(code, 0)
})

/** A digest of something else. */
const other = `sha256-${"A".repeat(43)}=`

// deno-fmt-ignore
const failures: ReadonlyArray<readonly [name: string, args: () => ReadonlyArray<string>, says: RegExp]> = [
  ["an unknown option", () => ["--fast"], /--fast.*Usage/],
  ["two arguments", () => [module, module], /Usage/],
  ["an empty argument", () => [""], /empty/],
  ["a missing file", () => [join(folder, "none.wasm")], /none\.wasm: there is no such file/],
  ["a folder", () => [folder], /not a file/],
  ["a page in a file", () => [page], /module|HTML/],
  ["a 404", () => [`${server?.origin}/status?code=404`], /404 Not Found/],
  ["a page from a server", () => [`${server?.origin}/page`], /text\/html/],
  ["a page with the wrong type", () => [`${server?.origin}/bad`], /\/bad/],
  ["a server that closes the connection", () => ["--retries", "0", `${server?.origin}/refuse`], /refuse/],
  ["a connection cut in the body", () => ["--retries", "0", `${server?.origin}/cut?after=1000`], /cut\?after=…/],
  ["a limit that is no number", () => ["--max-bytes", "1MB", module], /--max-bytes.*1MB/],
  ["a module that is too large", () => ["--max-bytes", "10", module], /10/],
  ["another digest", () => ["--integrity", other, module], /digest.*sha256-/],
  ["a digest that is none", () => ["--integrity", "sha256-x", module], /integrity/],
  ["an unknown scheme", () => ["gopher://127.0.0.1/x.wasm"], /gopher/],
]
for (const [name, args, says] of failures) {
  test(`start says in one line what is wrong with ${name}`, async () => {
    const { code, stderr: err } = await start(...args())
    assert.equal(code, 1)
    assert.match(err, says)
    assert.equal(err.trimEnd().split("\n").length, 1, err)
  })
}

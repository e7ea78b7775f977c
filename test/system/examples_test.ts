/**
 * Runs the examples.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Effect from "effect/Effect"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as HttpLoad from "../../examples/http_load.ts"
import { compileFrom } from "../../examples/http_client.ts"
import { load } from "../../examples/effect.ts"
import * as Policy from "../../examples/policy.ts"
import { runProgram } from "../support/command.ts"
import * as TestServer from "../support/servers/http_server.ts"
import { integrityOf, makeContent } from "../support/loads.ts"
import { importing, large } from "../support/modules.ts"
import { settled } from "../support/outcomes.ts"
import { type BodyOf, response } from "../support/responses.ts"
import { startScenarioServer } from "../support/servers/scenario_server.ts"

const withServer = async (use: (origin: string) => Promise<void>): Promise<void> => {
  const server = await startScenarioServer()
  try {
    await use(server.origin)
  } finally {
    await server.close()
  }
}

test("examples/effect.ts tries the mirror, and explains what fails", () =>
  withServer(async (origin) => {
    const ok = `${origin}/length`
    const missing = `${origin}/status?code=404`
    for (
      const [first, mirror] of [[ok, missing], [missing, ok], [`${origin}/refuse`, ok]] as const
    ) {
      const module = await settled(Effect.runPromise(load(first, mirror)))
      assert.ok(module instanceof WebAssembly.Module)
    }
    const said = await settled(Effect.runPromise(Effect.flip(load(missing, `${origin}/bad`))))
    assert.match(said, /bad/)
  }))

test("examples/http_client.ts compiles what HttpClient streams", () =>
  withServer(async (origin) => {
    const run = (path: string) =>
      Effect.provide(compileFrom(`${origin}${path}`), FetchHttpClient.layer)
    assert.ok(await settled(Effect.runPromise(run("/gzip"))) instanceof WebAssembly.Module)
    const error = await settled(Effect.runPromise(Effect.flip(run("/bad"))))
    assert.equal(error._tag, "CompileError")
    const status = await settled(Effect.runPromise(Effect.flip(run("/status?code=500"))))
    assert.equal(status._tag, "HttpClientError")
  }))

test("examples/http_load.ts resumes, verifies, keeps, and explains what fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-example-"))
  const content = makeContent()
  const tag = TestServer.tagged()
  const integrity = await integrityOf(content)
  try {
    await TestServer.withServer(
      [TestServer.part(content, tag, 1000), TestServer.part(content, tag), TestServer.status(404)],
      async ({ url }) => {
        const module = await settled(Effect.runPromise(HttpLoad.load(url, integrity, folder)))
        assert.ok(module instanceof WebAssembly.Module)
        assert.equal((await readdir(folder)).length, 1)
        const other = await integrityOf(makeContent())
        const said = await settled(
          Effect.runPromise(Effect.flip(HttpLoad.load(`${url}?b`, other, folder))),
        )
        assert.match(said, /set up wrong/)
      },
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})

test("examples/variants.ts loads the best build, and says what failed", async () => {
  const builds = new URL(".", import.meta.resolve("@jsquash/jxl/codec/enc/jxl_enc.wasm"))
  const asked: Array<string> = []
  const reply: TestServer.Reply = (answer, { path }) => {
    asked.push(path)
    const name = path.slice(path.lastIndexOf("/") + 1)
    readFile(new URL(name, builds)).then(
      (bytes) => answer.writeHead(200, { "content-type": "application/wasm" }).end(bytes),
      () => answer.writeHead(404).end(),
    )
  }
  await TestServer.withServer([reply], async ({ url }) => {
    const { code, stderr, stdout } = await runProgram("examples/variants.ts", url)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^threads and SIMD: uses .*\bsimd\b/)
    assert.deepEqual(asked, ["/jxl_enc_mt_simd.wasm"])
  })
})

test("examples/adapters.ts opens a database, and says what failed", async () => {
  const bytes = await readFile(fileURLToPath(import.meta.resolve("sql.js/dist/sql-wasm.wasm")))
  const cut = TestServer.whole(bytes.subarray(0, 10_000))
  for (
    const [reply, said] of [
      [TestServer.whole(bytes), /^100%\nSQLite 3\.[\d.]+$/m],
      [TestServer.status(404), /404/],
      [cut, /cut short/],
    ] as const
  ) {
    await TestServer.withServer([reply], async ({ url }) => {
      const { code, stderr, stdout } = await runProgram("examples/adapters.ts", url)
      assert.equal(code, 0, stderr)
      assert.match(stdout, said)
    })
  }
})

test("examples/types.ts writes declarations beside a module, and explains what fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-example-"))
  try {
    const place = import.meta.resolve("@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm")
    const bytes = await readFile(fileURLToPath(place))
    const path = join(folder, "oxipng.wasm")
    await writeFile(path, bytes)
    const { code, stderr, stdout } = await runProgram("examples/types.ts", path)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^wrote /)
    assert.match(await readFile(join(folder, "oxipng.ts"), "utf8"), /^export type Exports = \{$/m)
    assert.match(
      await readFile(join(folder, "oxipng.d.wasm.ts"), "utf8"),
      /^export const memory: WebAssembly.Memory$/m,
    )
    await writeFile(path, bytes.subarray(0, 1_000))
    const cut = await runProgram("examples/types.ts", path)
    assert.equal(cut.code, 1)
    assert.match(cut.stdout, /is not a module/)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test("examples/policy.ts writes a policy, and refuses what does not fit it", async () => {
  const serve = (bytes: BodyOf) => Promise.resolve(response(bytes))
  const json = await settled(Effect.runPromise(Policy.write(serve(importing))))
  const module = await settled(Effect.runPromise(Policy.load(serve(importing), json)))
  assert.ok(module instanceof WebAssembly.Module)
  const refusals = [
    [importing, json.replace('"f"', '"g"'), /wants f/],
    [large(5), json, /refused by imports.require/],
    [importing, json.replace('"run"', '"RUN"'), /refused by exports/],
    [importing, json.replace("imports", "import"), /the policy is wrong/],
    [large(5), '{ "exports": { "require": [{ "name": "last" }] }, "functions": 4 }', /functions/],
  ] as const
  for (const [bytes, json, said] of refusals) {
    const error = await settled(Effect.runPromise(Effect.flip(Policy.load(serve(bytes), json))))
    assert.match(error, said)
  }
})

test("examples/polyfill.ts loads a package, and explains what fails", async () => {
  const place = import.meta.resolve("@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm")
  const page = new TextEncoder().encode("<!doctype html><title>Not Found</title>")
  for (
    const [bytes, said] of [
      [await readFile(fileURLToPath(place)), /^ready$/m],
      [page, /^html: /m],
    ] as const
  ) {
    await TestServer.withServer([TestServer.whole(bytes)], async ({ url }) => {
      const { code, stderr, stdout } = await runProgram("examples/polyfill.ts", url)
      assert.equal(code, 0, stderr)
      assert.match(stdout, said)
    })
  }
})

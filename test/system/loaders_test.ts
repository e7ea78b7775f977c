/**
 * Loaders of three toolchains, as they are published, with ours in the place of the native functions: without being
 * changed, they refuse early, and say why.
 */
import assert from "node:assert/strict"
import { createServer, type ServerResponse } from "node:http"
import { test } from "node:test"
import { runProgram } from "../support/command.ts"
import { findFile } from "../support/packages.ts"

/** The loaders, by their toolchains, and the modules that they are for. */
const loaders: Readonly<Record<string, string>> = {
  "wasm-bindgen": "@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm",
  TinyGo: "@wasm-fmt/gofmt/gofmt.wasm",
  Emscripten: "@jsquash/jxl/codec/dec/jxl_dec.wasm",
}

const wasm = { "content-type": "application/wasm" }
const page = "<!doctype html><title>Not found</title>"

/** A module whose second section is its first one again, and then half a megabyte. */
const broken = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0)
const parts = 50
const partSize = 10_000
const wholeSize = broken.length + parts * partSize

/** What a server sends, and how many bytes it has sent. */
interface Sending {
  sent: number
}

const sendSlowly = async (response: ServerResponse, sending: Sending): Promise<void> => {
  response.writeHead(200, wasm).write(broken)
  sending.sent = broken.length
  for (let i = 0; i < parts && !response.destroyed; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    response.write(new Uint8Array(partSize))
    sending.sent += partSize
  }
  response.end()
}

/** Serves a loader's module, and what may come in its place, while `body` runs. */
const withServer = async (
  module: Uint8Array,
  body: (origin: string) => Promise<void>,
): Promise<void> => {
  const sending: Sending = { sent: 0 }
  const server = createServer((request, response) => {
    switch (request.url) {
      case "/module":
        return void response.writeHead(200, wasm).end(module)
      case "/page":
        return void response.writeHead(200, { "content-type": "text/html" }).end(page)
      case "/page-as-module":
        return void response.writeHead(200, wasm).end(page)
      case "/broken":
        return void sendSlowly(response, sending)
      default:
        return void response.end(String(sending.sent))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    const address = server.address()
    assert.ok(typeof address === "object" && address !== null)
    await body(`http://127.0.0.1:${address.port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** What came of a loader: whether it did its work, or with what it failed, and what it told the console meanwhile. */
interface Outcome {
  readonly works: boolean
  /** The reason in the cause of the error, where the loader passes it on. */
  readonly reason: string | undefined
  readonly said: ReadonlyArray<string>
  readonly sent: number
}

const load = async (
  name: string,
  origin: string,
  path: string,
  way: "ours" | "native",
): Promise<Outcome> => {
  const { code, stderr, stdout } = await runProgram(
    "test/support/loaders_program.ts",
    ...[name, `${origin}${path}`, `${origin}/sent`, way],
  )
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "")
}

/** Emscripten's glue tells the console why, and then fails in its own words. */
const passesOn = (name: string): boolean => name !== "Emscripten"

for (const [name, path] of Object.entries(loaders)) {
  const module = findFile(path)
  const options = { skip: module === undefined, timeout: 60_000 }
  if (module === undefined) {
    console.log(`Skipped: the loader of ${name}: its package is not installed`)
  }

  test(
    `${name}'s loader does its work with ours in the place of native`,
    options,
    () =>
      withServer(module ?? new Uint8Array(), async (origin) => {
        assert.deepEqual(await load(name, origin, "/module", "ours"), {
          works: true,
          said: [],
          sent: 0,
        })
      }),
  )

  test(
    `${name}'s loader tells of a page in the place of a module`,
    options,
    () =>
      withServer(module ?? new Uint8Array(), async (origin) => {
        const named = await load(name, origin, "/page-as-module", "ours")
        assert.equal(named.works, false)
        if (passesOn(name)) assert.equal(named.reason, "html")
        else assert.match(named.said.join(), /HTML page/)
        // With another type, each falls back to reading the whole, and says first why.
        const typed = await load(name, origin, "/page", "ours")
        assert.equal(typed.works, false)
        assert.match(typed.said.join(), /text\/html/)
      }),
  )

  test(
    `${name}'s loader refuses a broken module before the rest of it was sent`,
    options,
    () =>
      withServer(module ?? new Uint8Array(), async (origin) => {
        const native = await load(name, origin, "/broken", "native")
        assert.deepEqual([native.works, native.sent, native.reason], [false, wholeSize, undefined])
        const ours = await load(name, origin, "/broken", "ours")
        assert.equal(ours.works, false)
        if (passesOn(name)) {
          assert.equal(ours.reason, "structure")
          assert.ok(ours.sent < wholeSize, `${ours.sent} of ${wholeSize} bytes were sent`)
        } else {
          // It says why, and then fetches the whole all the same.
          assert.match(ours.said.join(), /duplicate section/)
        }
      }),
  )
}

/**
 * Loading bytes, whatever they are: over several attempts, and from the start again if they have changed.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { loadBytes } from "../../../src/http/load_bytes.ts"
import type { LoadModuleOptions } from "../../../src/http/options.ts"
import { part, tagged, withServer } from "../../support/servers/http_server.ts"
import { integrityOf } from "../../support/loads.ts"
import { importing, starting } from "../../support/modules.ts"

const quick: LoadModuleOptions = { retries: { delay: 1 } }

/** All bytes, and how often they began. */
const read = (url: string, options: LoadModuleOptions = {}) => {
  let begun = 0
  return Effect.runPromise(
    loadBytes(url, { ...quick, ...options }, ({ chunks }) => {
      begun++
      const bytes: Array<number> = []
      return Effect.map(
        chunks.forEach<never>((chunk) => void bytes.push(...chunk)),
        () => ({ bytes: Uint8Array.from(bytes), begun }),
      )
    }).pipe(
      Effect.catch((error) => Effect.succeed(error)),
      Effect.provide(FetchHttpClient.layer),
    ),
  )
}

test("loadBytes() hands on what is no module", () => {
  const page = new TextEncoder().encode("<!doctype html>")
  return withServer([part(page, tagged())], async ({ url }) => {
    const read_ = await read(url)
    assert.ok("bytes" in read_)
    assert.deepEqual([read_.bytes, read_.begun], [page, 1])
  })
})

test("loadBytes() resumes, and checks integrity", () =>
  withServer([part(importing, tagged(), 20), part(importing, tagged())], async ({ url }) => {
    const read_ = await read(url, { integrity: await integrityOf(importing) })
    assert.ok("bytes" in read_)
    assert.deepEqual([read_.bytes, read_.begun], [new Uint8Array(importing), 1])
  }))

test("loadBytes() begins again where the content has changed", () =>
  withServer(
    [part(importing, tagged("a"), 20), part(starting, tagged("b")), part(starting, tagged("b"))],
    async ({ url }) => {
      const read_ = await read(url)
      assert.ok("bytes" in read_, String(read_))
      assert.deepEqual(read_.bytes, new Uint8Array(starting))
    },
  ))

test("loadBytes() fails as loadModule does", () =>
  withServer([part(importing, tagged()), part(importing, tagged())], async ({ url }) => {
    const other = await read(url, { integrity: await integrityOf(starting) })
    assert.ok("_tag" in other && other._tag === "LoadError" && other.reason === "integrity")
    const large = await read(url, { maxBytes: 10 })
    assert.ok("_tag" in large && large._tag === "LoadError" && large.reason === "too-large")
    const odd = await read("gopher://127.0.0.1/")
    assert.ok("_tag" in odd && odd._tag === "LoadError" && odd.reason === "url")
  }))

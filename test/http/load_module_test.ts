/**
 * loadModule on the web platform alone: in browsers too, with digests computed in JavaScript.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Schedule from "effect/Schedule"
import { loadModule, type LoadModuleOptions, loadModuleWithReport } from "../../src/http/mod.ts"
import { algorithms, loadHasher } from "../../src/http/hasher.ts"
import { settled } from "../support/outcomes.ts"
import { withScenarios } from "../support/servers/scenarios.ts"

const at = withScenarios()
const schedule = Schedule.recurs(2)

const endOf = (load: Promise<WebAssembly.Module>): Promise<string> =>
  settled(load).then(
    (module) => Object.prototype.toString.call(module),
    (error) => `${(error._tag === "LoadError" ? error : error.cause).reason}`,
  )

const module = "[object WebAssembly.Module]"

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [scenario: string, ends: string, options?: LoadModuleOptions]> = [
  ["/length", module],
  ["/chunked", module],
  ["/gzip", module],
  ["/gzip", module, { resume: false }],
  ["/redirect", module],
  ["/untyped", module, { contentType: "sniff" }],
  ["/untyped", "content-type"],
  ["/status?code=404", "status"],
  ["/status?code=503", "status"],
  ["/refuse", "connection"],
  ["/cut?length&after=0", "connection"],
  ["/length", "too-large", { maxBytes: 1000 }],
  ["/length", "integrity", { integrity: `sha256-${"A".repeat(43)}=` }],
  ["/length", "integrity", { integrity: `sha384-${"A".repeat(64)}` }],
  ["/hang?after=1000", "idle-timeout", { idleTimeout: 50 }],
  ["/hang?after=1000", "timeout", { timeout: 50 }],
]
for (const [scenario, ends, options] of cases) {
  test(`loadModule of ${scenario} ends in ${ends}`, async () => {
    assert.equal(await endOf(loadModule(at(scenario).url, { schedule, ...options })), ends)
  })
}

test("loadModule of a data: URL holds it against its digest", async () => {
  const load = loadModule("data:application/wasm;base64,AGFzbQEAAAA=", {
    integrity: "sha256-k6RLu5bHUSGOTADUeeTBQ1gSKjiazKFiBbHk0NxflHY=",
  })
  assert.equal(await endOf(load), module)
})

test("loadModuleWithReport tells what is in the module, and fails as loadModule does", async () => {
  const { module, report } = await loadModuleWithReport(at("/length").url)
  assert.deepEqual(
    report.exports.map(({ name }) => name),
    WebAssembly.Module.exports(module).map(({ name }) => name),
  )
  const failing = loadModuleWithReport(at("/untyped").url).then(({ module }) => module)
  assert.equal(await endOf(failing), "content-type")
})

test("loadModule takes the fetch that there is at the call", async () => {
  const { fetch } = globalThis
  const asked: Array<string> = []
  const own = (name: string) => (url: string | URL): Promise<Response> => {
    asked.push(`${name} ${url}`)
    const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)
    return Promise.resolve(
      new Response(bytes, { headers: { "content-type": "application/wasm" } }),
    )
  }
  try {
    for (const name of ["a", "b"]) {
      Reflect.set(globalThis, "fetch", own(name))
      assert.equal(await endOf(loadModule("https://example.org/x.wasm")), module)
    }
  } finally {
    globalThis.fetch = fetch
  }
  assert.deepEqual(asked, ["a https://example.org/x.wasm", "b https://example.org/x.wasm"])
  assert.equal(await endOf(loadModule(at("/length").url)), module)
})

/** Removes Node's modules, so that only what browsers have is left. */
const withoutNode = async (run: () => Promise<void>): Promise<void> => {
  const process: object = Reflect.get(globalThis, "process") ?? {}
  const own = Object.getOwnPropertyDescriptor(process, "getBuiltinModule")
  Object.defineProperty(process, "getBuiltinModule", { value: undefined, configurable: true })
  try {
    await run()
  } finally {
    if (own === undefined) Reflect.deleteProperty(process, "getBuiltinModule")
    else Object.defineProperty(process, "getBuiltinModule", own)
  }
}

for (const algorithm of algorithms) {
  test(`${algorithm} is the platform's, with Node's own modules and without`, async () => {
    const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index * 7)
    const platform = async (size: number): Promise<string> => {
      const digest = await crypto.subtle.digest(
        algorithm.replace("sha", "SHA-"),
        bytes.slice(0, size),
      )
      return btoa(String.fromCharCode(...new Uint8Array(digest)))
    }
    const check = async () => {
      const hasher = (await loadHasher(algorithm))()
      assert.equal(hasher.digest(), await platform(0))
      hasher.update(bytes.subarray(0, 300))
      assert.equal(hasher.digest(), await platform(300))
      hasher.update(bytes.subarray(300))
      assert.equal(hasher.digest(), await platform(1_000))
    }
    await check()
    await withoutNode(check)
  })
}

/**
 * The examples do what they say.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import { compileFrom } from "../../examples/http_client.ts"
import { load } from "../../examples/effect.ts"
import { settled } from "../support/outcomes.ts"
import { startScenarioServer } from "../support/scenario_server.ts"

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
    assert.equal(status._tag, "ResponseError")
  }))

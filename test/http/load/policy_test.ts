/**
 * Policies over HTTP: a refused module closes the connection and is not requested again; a cached module is checked against
 * the policy of each call.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { type ByteStore, Http, loadModule } from "../../../src/http/mod.ts"
import { policy, PolicyError, type PolicyRule, type PolicyRules } from "../../../src/policy/mod.ts"
import {
  type Reply,
  stallAfter,
  tagged,
  untilIdle,
  whole,
  withServer,
} from "../../support/servers/http_server.ts"
import { checkModule, makeContent, quick } from "../../support/loads.ts"
import { settled } from "../../support/outcomes.ts"

const content = makeContent()
const lasting = { ...tagged("one"), "cache-control": "max-age=60" }

const fitting: PolicyRules = { functions: 2_000, customSections: { allow: [{ name: "fresh" }] } }

const checkRefused = async (
  load: Promise<unknown>,
  rule: PolicyRule,
  url?: string,
): Promise<void> => {
  const error: unknown = await settled(
    load.then(() => assert.fail("It has loaded"), (error) => error),
  )
  assert.ok(error instanceof PolicyError, `got ${error}`)
  assert.equal(error.rule, rule)
  if (url !== undefined) assert.equal(error.url, url)
}

/** 304 if the tag is the current one. */
const validating: Reply = (answer, asked) => {
  if (asked.headers["if-none-match"] === '"one"') answer.writeHead(304, tagged("one")).end()
  else whole(content, tagged("one"))(answer, asked)
}

const mapStore = () => {
  const values = new Map<string, Uint8Array>()
  const store: ByteStore = {
    getUint8Array: (key) => Effect.sync(() => values.get(key)),
    set: (key, value) => Effect.sync(() => void values.set(key, value)),
    remove: (key) => Effect.sync(() => void values.delete(key)),
  }
  return { store, values }
}

test("a refused module is not asked for again, and its connection is closed", () =>
  // Its code begins at about 2 kB; the rest never arrives.
  withServer([stallAfter(content, 4_000)], async (server) => {
    const load = loadModule(server.url, { policy: policy({ functions: 10 }), schedule: quick })
    await checkRefused(load, "functions")
    await untilIdle(server)
    assert.equal(server.asked.length, 1)
  }))

test("a module in memory is held against the policy of each call", () =>
  withServer([whole(content, lasting)], async (server) => {
    const cache = Http.ModuleCache.make()
    const load = (rules: PolicyRules) => loadModule(server.url, { cache, policy: policy(rules) })
    const first = await settled(load(fitting))
    await checkRefused(load({ functions: 1_999 }), "functions", server.url)
    await checkRefused(load({ moduleSize: content.length - 1 }), "moduleSize", server.url)
    await checkRefused(
      load({ exports: { require: [{ name: "last", type: "(func)" }] } }),
      "exports.require",
    )
    assert.equal(await settled(load(fitting)), first)
    assert.equal(await settled(load({ start: false })), first)
    assert.equal(server.asked.length, 1)
  }))

test("a module that was loaded without a policy is not handed out as one that fits", () =>
  withServer([whole(content, lasting)], async (server) => {
    const cache = Http.ModuleCache.make()
    await checkModule(loadModule(server.url, { cache }), content)
    await checkRefused(
      loadModule(server.url, { cache, policy: policy({ functions: 1 }) }),
      "functions",
    )
    await checkModule(loadModule(server.url, { cache, policy: policy(fitting) }), content)
  }))

test("a stored module is held against the policy, and stays in the store", () =>
  withServer([whole(content, lasting)], async (server) => {
    const { store, values } = mapStore()
    const first = Http.ModuleCache.make({ store })
    await checkModule(loadModule(server.url, { cache: first }), content)
    await settled(Effect.runPromise(first.flush))
    const cache = Http.ModuleCache.make({ store })
    await checkRefused(
      loadModule(server.url, { cache, policy: policy({ functions: 1 }) }),
      "functions",
    )
    assert.equal(values.size, 1)
    await checkModule(loadModule(server.url, { cache, policy: policy(fitting) }), content)
    await checkModule(loadModule(server.url, { cache }), content)
    assert.equal(server.asked.length, 1)
  }))

test("a module that a 304 confirms is held against the policy", () =>
  withServer([validating], async (server) => {
    const cache = Http.ModuleCache.make()
    const load = (rules: PolicyRules) => loadModule(server.url, { cache, policy: policy(rules) })
    const first = await settled(load(fitting))
    await checkRefused(load({ functions: 1 }), "functions")
    assert.equal(await settled(load(fitting)), first)
    assert.deepEqual(
      server.asked.map(({ headers }) => headers["if-none-match"]),
      [undefined, '"one"', '"one"'],
    )
  }))

test("loads at once with different policies end as each of them says", () =>
  withServer([whole(content, lasting)], async (server) => {
    const cache = Http.ModuleCache.make()
    const load = (rules: PolicyRules) => loadModule(server.url, { cache, policy: policy(rules) })
    const loads = [
      load(fitting),
      load({ functions: 1 }),
      load(fitting),
      loadModule(server.url, { cache }),
    ]
    const [one = "", two = "", three = "", four = ""] = await settled(
      Promise.all(loads.map((load) => load.then(() => "compiled", (error) => error.rule))),
    )
    assert.deepEqual([one, two, three, four], ["compiled", "functions", "compiled", "compiled"])
    // Those with the same policy share one; the one without has its own.
    assert.equal(server.asked.length, 3)
  }))

test("the function of a policy is asked about what is cached, once a call", () =>
  withServer([whole(content, lasting)], async (server) => {
    const cache = Http.ModuleCache.make()
    let ends = 0
    let why: string | undefined = undefined
    const own = policy({}, (fact) => {
      if (fact.fact !== "end") return undefined
      ends++
      return why
    })
    for (const expected of [1, 2, 3]) {
      await checkModule(loadModule(server.url, { cache, policy: own }), content)
      assert.equal(ends, expected)
    }
    why = "it is not wanted any more"
    await checkRefused(loadModule(server.url, { cache, policy: own }), "check")
    assert.equal(server.asked.length, 1)
  }))

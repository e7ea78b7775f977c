/**
 * Allowed targets of redirects: each hop is checked before anything is sent there.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { loadModule, type LoadModuleOptions } from "../../../src/http/mod.ts"
import { followingFetch, RedirectError } from "../../../src/http/transport/fetch.ts"
import { type Reply, whole, withServer } from "../../support/servers/http_server.ts"
import { checkFailure, checkModule, makeContent } from "../../support/loads.ts"

const content = makeContent()

const redirect = (location: string, status = 302): Reply => (answer) =>
  void answer.writeHead(status, { location }).end("elsewhere")

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect of status ${status} is followed`, () =>
    withServer([redirect("/there?x=1#y", status), whole(content)], async ({ asked, url }) => {
      await checkModule(loadModule(url), content)
      assert.deepEqual(asked.map(({ path }) => path), ["/module.wasm", "/there?x=1"])
    }))
}

test("a fourth hop is relative to the third", () =>
  withServer(
    [redirect("/a/b"), redirect("c"), redirect("../d"), whole(content)],
    async ({ asked, url }) => {
      await checkModule(loadModule(url), content)
      assert.deepEqual(asked.map(({ path }) => path), ["/module.wasm", "/a/b", "/a/c", "/d"])
    },
  ))

const refused: ReadonlyArray<readonly [name: string, location: string, LoadModuleOptions]> = [
  ["to a file", "file:///etc/hostname", { protocols: ["http:", "file:"] }],
  ["to data", "data:application/wasm;base64,AGFzbQEAAAA=", {}],
  ["to another scheme", "gopher://127.0.0.1/", {}],
  ["to a scheme that is not allowed", "https://127.0.0.1:1/", { protocols: ["http:"] }],
  ["to a URL with credentials", "http://user:secret@127.0.0.1/", {}],
  ["to what is no URL", "http://[", {}],
]
for (const [name, location, options] of refused) {
  test(`a redirect ${name} is not followed, nor tried again`, () =>
    withServer([redirect(location)], async ({ asked, url }) => {
      const error = await checkFailure(loadModule(url, options), ["LoadError", "url"])
      assert.equal(asked.length, 1)
      assert.ok(!String(error).includes("secret"))
    }))
}

test("a request that refuses redirects is not tried again", () =>
  withServer([redirect("/there")], async ({ asked, url }) => {
    const request = new Request(url, { redirect: "error" })
    await checkFailure(loadModule(request, { retries: 1 }), ["LoadError", "url"])
    assert.equal(asked.length, 1)
  }))

test("a hop between two that are allowed is checked too", async () => {
  const asked: Array<string> = []
  const hops: Readonly<Record<string, string>> = {
    "https://a.test/": "http://b.test/",
    "http://b.test/": "https://c.test/",
  }
  const fake = (input: string | URL | Request): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input)
    asked.push(url)
    const location = hops[url]
    return Promise.resolve(
      location === undefined
        ? new Response("")
        : new Response(null, { status: 302, headers: { location } }),
    )
  }
  const follow = followingFetch(Object.assign(fake, fetch), (protocol) => protocol === "https:")
  await assert.rejects(follow("https://a.test/"), RedirectError)
  assert.deepEqual(asked, ["https://a.test/"])
})

test("credentials stay with their origin", () =>
  withServer(
    [whole(content)],
    (second) =>
      withServer([redirect("/again"), redirect(second.url)], async (first) => {
        const headers = { "authorization": "Bearer x", "cookie": "a=b", "x-other": "1" }
        await checkModule(loadModule(new Request(first.url, { headers })), content)
        const sent = [...first.asked, ...second.asked].map(({ headers }) => [
          headers.authorization,
          headers["x-other"],
        ])
        assert.deepEqual(sent, [["Bearer x", "1"], ["Bearer x", "1"], [undefined, "1"]])
      }),
  ))

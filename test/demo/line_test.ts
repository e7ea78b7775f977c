/**
 * The page's server and the faults that it simulates; the boxes of the treemap.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { after, before, test } from "node:test"
import fc from "fast-check"
import { exampleModule } from "../../demo/build.ts"
import { type Line, paced, STAMP_SIZE, type Trouble, troubled } from "../../demo/line.ts"
import { share } from "../../demo/page/numbers.ts"
import { squarify } from "../../demo/page/squarify.ts"
import { type DemoServer, startDemo } from "../../demo/server.ts"
import { seed } from "../support/random.ts"

let server: DemoServer | undefined
before(async () => void (server = await startDemo()))
after(() => server?.close())

/** Requests a path, without following redirects. */
const get = (path: string): Promise<Response> =>
  fetch(new URL(path, server?.url), { redirect: "manual" })

const line = (trouble: Trouble, more: Partial<Line> = {}): Line => ({
  rate: 0,
  at: 0.5,
  isStamped: false,
  ...more,
  trouble,
})

test("nothing happens on a good line", () => {
  const { bytes, end } = troubled(exampleModule, line("none"))
  assert.deepEqual([bytes, end], [exampleModule, exampleModule.length])
})

test("a broken byte is one, and the module given is left alone", () => {
  const before = exampleModule.slice()
  const { bytes } = troubled(exampleModule, line("break"))
  assert.deepEqual(exampleModule, before)
  assert.equal(bytes.filter((byte, at) => byte !== before[at]).length, 1)
})

test("a stamp leaves a module valid, and makes it another one", () => {
  const [one, two] = [1, 2].map(() => troubled(exampleModule, line("none", { isStamped: true })))
  assert.ok(one !== undefined && two !== undefined)
  assert.notDeepEqual(one.bytes, two.bytes)
  assert.equal(one.bytes.length, exampleModule.length + STAMP_SIZE)
  assert.ok(WebAssembly.validate(one.bytes))
})

test("a line that is cut sends what is before the cut", async () => {
  const sent = troubled(exampleModule, line("cut"))
  let received = 0
  for await (const chunk of paced(sent, 0)) received += chunk.length
  assert.equal(received, Math.floor(exampleModule.length / 2))
})

test("a page is served instead of a module", () => {
  const { bytes } = troubled(exampleModule, line("page"))
  assert.match(new TextDecoder().decode(bytes.subarray(0, 15)), /^<!doctype html>$/)
})

test("the server tells how much it has sent of a line that was cut", async () => {
  const run = crypto.randomUUID()
  const cut = get(`samples/example.wasm?trouble=cut&at=0.5&run=${run}`)
  await assert.rejects(cut.then((response) => response.arrayBuffer()))
  const told: unknown = await (await get(`sent?run=${run}`)).json()
  assert.deepEqual(told, { sent: Math.floor(exampleModule.length / 2) + STAMP_SIZE })
})

// deno-fmt-ignore
const shares: ReadonlyArray<readonly [part: number, whole: number, printed: string]> = [
  [0, 100, "0%"],
  [1, 100_000, "< 0.1%"],
  [1, 30, "3.3%"],
  [1, 3, "33%"],
  [99_999, 100_000, "99.9%"],
  [100, 100, "100%"],
  [0, 0, "0%"],
]
for (const [part, whole, printed] of shares) {
  test(`${part} of ${whole} is ${printed}: neither nothing nor all, unless it is`, () =>
    assert.equal(share(part, whole), printed))
}

// deno-fmt-ignore
const paths: ReadonlyArray<readonly [path: string, status: number]> = [
  ["/", 302],
  ["/demo/", 200],
  ["/demo/main.js", 200],
  ["/demo/about.json", 200],
  ["/demo/samples/none.wasm", 404],
  ["/package.json", 404],
  ["/src/..%2fpackage.json", 404],
  ["/src/%2e%2e/package.json", 404],
  ["/docs/../package.json", 404],
  ["/src/none.ts", 404],
]
for (const [path, status] of paths) {
  test(`${path} is answered with ${status}`, async () => {
    const response = await get(path)
    await response.body?.cancel()
    assert.equal(response.status, status)
  })
}

test("the code that the page links to is there", async () => {
  const page = readFileSync(new URL("../../demo/page/index.html", import.meta.url), "utf8")
  const links = [...page.matchAll(/href="(\.\.\/[^"]+)"/g)].map(([, link]) => link ?? "")
  assert.ok(links.length > 8)
  for (const link of links) {
    const response = await get(link)
    await response.body?.cancel()
    assert.equal(response.status, 200, link)
  }
})

test("the boxes of a treemap fill the whole, each by its size, and none is outside", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 80 })
  fc.assert(
    fc.property(sizes, fc.double({ min: 0.2, max: 5, noNaN: true }), (made, aspect) => {
      const sorted = made.sort((a, b) => b - a)
      const total = sorted.reduce((sum, size) => sum + size, 0)
      const boxes = squarify(sorted, aspect)
      assert.equal(boxes.length, sorted.length)
      for (const [index, { height, left, top, width }] of boxes.entries()) {
        assert.ok(Math.abs(width * height - (sorted[index] ?? 0) / total) < 1e-9)
        assert.ok(left >= -1e-9 && top >= -1e-9)
        assert.ok(left + width <= 1 + 1e-9 && top + height <= 1 + 1e-9)
      }
    }),
    { seed },
  )
})

/**
 * Measures how long a malformed module takes to be rejected, and how much of it was downloaded by then: ours and native on
 * the same 32 MB, sent over loopback in 600 ms. The error is in the first bytes.
 *
 * Usage: `bun bench/early_rejection.ts [--json file]`, `deno run -A bench/early_rejection.ts`; for Node, bundle it.
 *
 * @module
 */
import { createServer } from "node:http"
import { parseArgs } from "node:util"
import { compileStreaming } from "../mod.ts"
import { type CaseFigures, writeResults } from "./results.ts"
import { machine, orderOf, runtime, settle, showMs, spreadOf, table } from "./support.ts"

const size = 32_000_000
const pace = 600
const rounds = 5

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const types = [1, 4, 1, 0x60, 0, 0]
const functions = [3, 2, 1, 0]

/** The beginning of a custom section of 32 MB, of which half is sent. */
const cut = [0, 0x80, 0x90, 0xa1, 0x0f, 1, 0x78]

const faults: ReadonlyArray<readonly [name: string, bytes: ReadonlyArray<number>, size?: number]> =
  [
    ["a wrong magic number", [0x3c, 0x21, 0x64, 0x6f, 0x63, 0x74, 0x79, 0x70, 0x65]],
    ["a section twice", [...header, ...types, ...types]],
    ["a supertype that is not there", [...header, 1, 7, 1, 0x50, 1, 9, 0x60, 0, 0]],
    ["a function of an unknown type", [...header, ...types, 3, 2, 1, 9]],
    ["a body larger than its section", [
      ...header,
      ...types,
      ...functions,
      10,
      4,
      1,
      0x7f,
      0,
      0x0b,
    ]],
    ["cut short after 16 MB", [...header, ...cut], size / 2],
  ]

/** The number of bytes that the server had handed to the socket when the client rejected the module. */
let sent = 0
let body = new Uint8Array(0)
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/wasm", "content-length": body.length })
  const began = performance.now()
  sent = 0
  const timer = setInterval(() => {
    const due = Math.min(
      Math.floor(body.length * (performance.now() - began) / pace),
      body.length,
    )
    if (due > sent) response.write(body.subarray(sent, due))
    sent = Math.max(due, sent)
    if (sent < body.length) return
    clearInterval(timer)
    response.end()
  }, 5)
  response.on("close", () => clearInterval(timer))
})
const port = await new Promise<number>((resolve) =>
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    resolve(typeof address === "object" && address !== null ? address.port : 0)
  })
)
const url = `http://127.0.0.1:${port}/`

const contenders = [
  ["ours", (response: Promise<Response>) => compileStreaming(response)],
  ["native", (response: Promise<Response>) => WebAssembly.compileStreaming(response)],
] as const

const { values } = parseArgs({ options: { json: { type: "string" } } })
const rows: Array<ReadonlyArray<string>> = []
const figures: Array<CaseFigures> = []
for (const [name, bytes, length = size] of faults) {
  body = new Uint8Array(length)
  body.set(bytes)
  const taken: Record<"ours" | "native", { times: Array<number>; bytes: Array<number> }> = {
    ours: { times: [], bytes: [] },
    native: { times: [], bytes: [] },
  }
  for (let round = 0; round < rounds; round++) {
    for (const [who, compile] of orderOf(contenders, round)) {
      const began = performance.now()
      const refused = await compile(fetch(url)).then(() => false, () => true)
      if (!refused) throw new Error(`${who} accepts ${name}`)
      taken[who].times.push(performance.now() - began)
      taken[who].bytes.push(sent)
      await settle()
    }
  }
  const inMegabytes = (bytes: ReadonlyArray<number>) => bytes.map((count) => count / 1e6)
  const { native, ours } = taken
  figures.push(
    {
      of: [runtime(), name],
      unit: "ms",
      rival: "native",
      taken: { ours: ours.times, native: native.times },
    },
    {
      of: [runtime(), name],
      unit: "MB",
      taken: { ours: inMegabytes(ours.bytes), native: inMegabytes(native.bytes) },
    },
  )
  const megabytes = (values: ReadonlyArray<number>): string =>
    (spreadOf(values).median / 1e6).toFixed(2)
  rows.push([
    name,
    showMs(taken.ours.times),
    showMs(taken.native.times),
    megabytes(taken.ours.bytes),
    megabytes(taken.native.bytes),
  ])
}
server.close()
server.closeAllConnections()
writeResults(values.json, "early_rejection", figures)
console.log(`${machine()}; ${runtime()}; 32 MB over ${pace} ms; medians of ${rounds} rounds\n`)
console.log(table(["fault", "ours, ms", "native, ms", "ours, MB", "native, MB"], rows))

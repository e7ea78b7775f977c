/**
 * Measures the cost of the decoder: decoding a module in chunks of 64 KiB, as the pipeline does, against compiling it
 * natively. The first round is reported on its own: it is that of a fresh process.
 *
 * Usage: `bun bench/decoder.ts [--json file] [module…]`, `deno run -A bench/decoder.ts`; for Node, bundle it.
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { ModuleDecoder } from "../src/binary/mod.ts"
import { ModuleTrace } from "../src/pipeline/module_trace.ts"
import { labelOf, resolveModule } from "./modules.ts"
import { type CaseFigures, writeResults } from "./results.ts"
import { machine, ratioOf, runtime, settle, showMs, showRatio, table, timed } from "./support.ts"
import { stampModule } from "./support.ts"

const rounds = 9
const chunkSize = 65_536

const decode = (bytes: Uint8Array): void => {
  const decoder = new ModuleDecoder({ unknown: "defer", sink: new ModuleTrace() })
  for (let start = 0; start < bytes.length; start += chunkSize) {
    decoder.push(bytes.subarray(start, start + chunkSize))
  }
  decoder.finish()
}

const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
})
const rows: Array<ReadonlyArray<string>> = []
const figures: Array<CaseFigures> = []
for (const name of named.length > 0 ? named : ["sql.js", "esbuild", "ffmpeg"]) {
  const path = resolveModule(name)
  const { bytes, renew } = stampModule(await readFile(path))
  const headers = { "content-type": "application/wasm" }
  const ours: Array<number> = []
  const native: Array<number> = []
  for (let round = 0; round < rounds; round++) {
    renew()
    ours.push((await timed(() => Promise.resolve(decode(bytes)))).wall)
    await settle()
    const response = new Response(bytes.slice(), { headers })
    native.push((await timed(() => WebAssembly.compileStreaming(response))).wall)
    await settle()
  }
  const [first = NaN] = ours
  rows.push([
    labelOf(path),
    showMs([first]),
    showMs(ours.slice(1)),
    showMs(native.slice(1)),
    showRatio(ratioOf(ours.slice(1), native.slice(1))),
  ])
  figures.push(
    { of: [runtime(), labelOf(path), "first"], unit: "ms", taken: { ours: [first] } },
    {
      of: [runtime(), labelOf(path)],
      unit: "ms",
      rival: "native",
      taken: { ours: ours.slice(1), native: native.slice(1) },
    },
  )
}
writeResults(values.json, "decoder", figures)
console.log(`${machine()}; ${runtime()}; ${rounds - 1} rounds after the first\n`)
const head = ["module", "decode, first, ms", "decode, ms", "native compile, ms", "decode/native"]
console.log(table(head, rows))

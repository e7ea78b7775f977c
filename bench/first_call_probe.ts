/**
 * A fresh process of `first_call.ts`: compiles one module, and prints how long that took. Both contenders have imported the
 * same code by then. For a body in memory, the runtime's streams and `Response` have been used before; a URL is the first
 * one that the process fetches, as in most programs.
 *
 * Usage: `first_call_probe.ts ours|native <url of a module>|<module.wasm>|empty`
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import process from "node:process"
import { compileStreaming } from "../mod.ts"
import { runtime, settle, spreadOf, stampModule, timed } from "./support.ts"

const emptyModule = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
const chunkSize = 65_536
/** The number of calls after the first one, whose median is reported. */
const laterCalls = 50

/** A body in chunks of the size that a network delivers. */
const chunked = (bytes: Uint8Array<ArrayBuffer>): Response => {
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.enqueue(bytes.slice(sent, sent += chunkSize))
      if (sent >= bytes.length) controller.close()
    },
  }, { highWaterMark: 0 })
  return new Response(body, { headers: { "content-type": "application/wasm" } })
}

const [contender, what = "empty"] = process.argv.slice(2)
const compile = (source: Response | Promise<Response>): Promise<WebAssembly.Module> =>
  contender === "ours" ? compileStreaming(source) : WebAssembly.compileStreaming(source)

/** A body in memory. */
const held = async (path: string): Promise<() => Response> => {
  const { bytes, renew } = stampModule(path === "empty" ? emptyModule : await readFile(path))
  await chunked(bytes).arrayBuffer()
  return () => {
    renew()
    return chunked(bytes)
  }
}

const source = what.startsWith("http:") ? () => fetch(what) : await held(what)
const taken = await timed(() => compile(source()))
const later: Array<number> = []
if (what === "empty") {
  await settle()
  for (let call = 0; call < laterCalls; call++) {
    later.push((await timed(() => compile(source()))).wall)
  }
}
console.log(JSON.stringify({ runtime: runtime(), taken, later: spreadOf(later).median }))

/**
 * One fresh process of `first_call.ts`: compiles one module, once, and prints what that took. Both contenders have
 * imported the same code by then, and the runtime's own streams and `Response` have been used.
 *
 * Usage: `first_call_probe.ts ours|native <module.wasm>|empty`
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import process from "node:process"
import { compileStreaming } from "../mod.ts"
import { runtime, stampModule, timed } from "./support.ts"

const emptyModule = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
const chunkSize = 65_536

/** A body that comes in chunks of the size that a network has. */
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

const [contender, path = "empty"] = process.argv.slice(2)
const { bytes } = stampModule(path === "empty" ? emptyModule : await readFile(path))
await chunked(bytes).arrayBuffer()
const source = chunked(bytes)
const taken = await timed(() =>
  contender === "ours" ? compileStreaming(source) : WebAssembly.compileStreaming(source)
)
console.log(JSON.stringify({ runtime: runtime(), taken }))

/**
 * Serves one module over loopback, with a new random number in it for each request; at full speed, or paced: `/?pace=600`
 * spreads it evenly over 600 milliseconds. One request at a time.
 *
 * Usage: `module_server.ts <module.wasm>`. Prints its port, and ends when its standard input does.
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import { createServer, type ServerResponse } from "node:http"
import process from "node:process"
import { stampModule } from "./support.ts"

const [modulePath] = process.argv.slice(2)
if (modulePath === undefined) throw new Error("Name the module to serve")
const { bytes, renew } = stampModule(await readFile(modulePath))

/** Writes the bytes that are due by the clock, so that late timers do not add up. */
const writePaced = (response: ServerResponse, pace: number): void => {
  const start = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.min(
      Math.floor(bytes.length * (performance.now() - start) / pace),
      bytes.length,
    )
    if (due > sent) response.write(bytes.subarray(sent, due))
    sent = due
    if (sent < bytes.length) return
    clearInterval(timer)
    response.end()
  }, 5)
  response.on("close", () => clearInterval(timer))
}

const server = createServer((request, response) => {
  const pace = new URL(request.url ?? "/", "http://localhost").searchParams.get("pace")
  renew()
  response.writeHead(200, {
    "content-type": "application/wasm",
    "content-length": bytes.length,
  })
  if (pace === null) response.end(bytes)
  else writePaced(response, Number(pace))
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") console.log(address.port)
})
process.stdin.on("end", () => process.exit()).resume()

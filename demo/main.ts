/**
 * `bun run demo`, `deno task demo`: builds the page, serves it over loopback, and prints its URL.
 *
 * `bun run demo [--port <number>]`: without a port, the system picks one
 *
 * @module
 */
import process from "node:process"
import { parseArgs } from "node:util"
import { startDemo } from "./server.ts"

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } })
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`The port has to be a number up to 65535, and is ${JSON.stringify(values.port)}`)
  process.exit(2)
}
try {
  const { url } = await startDemo(port)
  console.log(`The page is at ${url} (Ctrl-C ends it)`)
} catch (error) {
  console.error(`The page cannot be served: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

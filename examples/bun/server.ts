/**
 * A server on Bun: the module is compiled once, when the server starts, and instantiated for each request.
 *
 * `bun examples/bun/server.ts`, then open the address that it prints.
 *
 * @module
 */
import { compileStreaming, Wasm } from "../../mod.ts"

const file = Bun.file(new URL("../../demo/example.wasm", import.meta.url))

const explain = (error: unknown): never => {
  const cause = error instanceof Error ? error.cause : undefined
  console.error(cause instanceof Wasm.CompileError ? cause.message : error)
  process.exit(1)
}

const module = await compileStreaming(new Response(file)).catch(explain)

/** The value that the module passes to its import. */
const run = async (): Promise<unknown> => {
  let result: unknown
  const imports = { imported_func: (value: unknown) => (result = value) }
  const { exports } = await WebAssembly.instantiate(module, { imports })
  if (typeof exports["exported_func"] === "function") exports["exported_func"]()
  return result
}

const server = Bun.serve({
  port: Number(process.argv[2] ?? 0),
  fetch: async () => Response.json({ result: await run() }),
})
console.log(server.url.href)

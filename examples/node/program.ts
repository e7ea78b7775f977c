/**
 * A program for Node: loads a module from a file or a URL, with retries, and distinguishes the kinds of error.
 *
 * `node examples/node/program.ts <path or url>`
 *
 * @module
 */
import process from "node:process"
import { Wasm } from "../../mod.ts"
import { instantiateModule, LoadError } from "../../src/http/mod.ts"

const source = process.argv[2] ?? "./demo/example.wasm"
const imports = { imports: { imported_func: (value: unknown) => console.log(`result: ${value}`) } }

/** Native errors carry the tagged error as their cause. */
const explain = (error: unknown): string => {
  if (error instanceof LoadError) return `not loaded, ${error.reason}: ${error.message}`
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Wasm.CompileError) return `bad bytes, ${cause.reason}: ${cause.message}`
  return String(error)
}

try {
  const { instance } = await instantiateModule(source, imports, {
    // Paths and file: URLs are allowed only on request.
    protocols: ["https:", "http:", "file:"],
    retries: 3,
    timeout: "1 minute",
  })
  const { exported_func } = instance.exports
  if (typeof exported_func === "function") exported_func()
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

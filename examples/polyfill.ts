/**
 * A program that loads a package with the package's own glue code, which calls the native function. With the polyfill in its
 * place, errors say what is wrong, and why. Its argument is the URL of the package's `squoosh_oxipng_bg.wasm`.
 *
 * @module
 */
import "../src/polyfill.ts"
import process from "node:process"
import { init } from "@jsquash/oxipng/optimise.js"
import { Wasm } from "../mod.ts"

const explain = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Wasm.CompileError ? `${cause.reason}: ${cause.message}` : String(error)
}

try {
  await init(process.argv[2])
  console.log("ready")
} catch (error) {
  console.log(explain(error))
}

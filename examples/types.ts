/**
 * A build step: writes declarations beside a module, one file for each way in which it can be used. Its argument is the
 * module's path.
 *
 * `name.wasm` gets `name.ts`, with the types of its imports and exports for `instantiateStreaming`, and `name.d.wasm.ts`,
 * with which TypeScript understands `import … from "./name.wasm"`.
 *
 * @module
 */
import { readFile, writeFile } from "node:fs/promises"
import process from "node:process"
import { DecodeError } from "../src/binary/mod.ts"
import { declarations } from "../src/types/mod.ts"

const [path = ""] = process.argv.slice(2)
const stem = path.replace(/\.wasm$/, "")

try {
  const bytes = await readFile(path)
  await writeFile(`${stem}.ts`, declarations(bytes))
  await writeFile(`${stem}.d.wasm.ts`, declarations(bytes, { form: "import" }))
  console.log(`wrote ${stem}.ts and ${stem}.d.wasm.ts`)
} catch (error) {
  if (!(error instanceof DecodeError)) throw error
  console.log(`${path} is not a module: ${error.message}`)
  process.exitCode = 1
}

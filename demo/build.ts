/**
 * Builds `demo/example.wasm`, the example module of the standard's documentation, section by section:
 *
 * ```wat
 * (module
 *   (import "imports" "imported_func" (func $imported (param i32)))
 *   (func (export "exported_func") (call $imported (i32.const 42))))
 * ```
 *
 * `bun demo/build.ts` writes the file again.
 *
 * @module
 */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const name = (text: string): Array<number> => [text.length, ...new TextEncoder().encode(text)]
const section = (id: number, ...content: ReadonlyArray<number>): Array<number> => [
  id,
  content.length,
  ...content,
]

const i32 = 0x7f

/** The module's bytes. */
export const exampleModule: Uint8Array<ArrayBuffer> = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // \0asm, version 1
  ...section(1, 2, 0x60, 1, i32, 0, 0x60, 0, 0), // types: 0 is [i32] -> [], 1 is [] -> []
  ...section(2, 1, ...name("imports"), ...name("imported_func"), 0x00, 0), // a function of type 0
  ...section(3, 1, 1), // one function of our own, of type 1
  ...section(7, 1, ...name("exported_func"), 0x00, 1), // which is exported
  ...section(10, 1, 6, 0, 0x41, 42, 0x10, 0, 0x0b), // i32.const 42, call 0, end
])

if (import.meta.main) {
  const path = fileURLToPath(new URL("example.wasm", import.meta.url))
  writeFileSync(path, exampleModule)
  console.log(`Wrote ${exampleModule.length} bytes to ${path}`)
}

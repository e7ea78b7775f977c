/**
 * A program for Deno: a module beside it, and one from the network, with a progress line.
 *
 * `deno run --allow-read --allow-net examples/deno/program.ts [url]`
 *
 * @module
 */
import { compileStreaming, instantiateStreaming } from "../../mod.ts"

const imports = { imports: { imported_func: (value: unknown) => console.log(`result: ${value}`) } }
const beside = fetch(new URL("../../demo/example.wasm", import.meta.url))
const { instance } = await instantiateStreaming(beside, imports)
const { exported_func } = instance.exports
if (typeof exported_func === "function") exported_func()

const [url] = Deno.args
if (url !== undefined) {
  const module = await compileStreaming(fetch(url), {
    signal: AbortSignal.timeout(60_000),
    onProgress: ({ fraction, received, section }) => {
      const share = fraction === undefined ? "" : `${Math.round(100 * fraction)}%, `
      console.log(`${share}${received} bytes, ${section ?? "done"}`)
    },
  })
  console.log(`imports: ${WebAssembly.Module.imports(module).length}`)
}

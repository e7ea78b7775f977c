/**
 * A page with a progress bar: the download starts first, then the library is loaded while it runs.
 *
 * Bundle it with code splitting, so that code that only failures need is loaded only then:
 * `esbuild examples/page/main.ts --bundle --splitting --format=esm --outdir=dist`
 *
 * @module
 */
const find = <E extends Element>(id: string, kind: new () => E): E => {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`There is no ${kind.name} #${id} in the page`)
}

const bar = find("progress", HTMLProgressElement)
const state = find("state", HTMLOutputElement)

const response = fetch("module.wasm")
const { compileStreaming } = await import("../../mod.ts")

try {
  const module = await compileStreaming(response, {
    onProgress: ({ fraction, received }) => {
      if (fraction !== undefined) bar.value = fraction
      state.textContent = `${Math.round(received / 1_000)} kB`
    },
  })
  state.textContent = `ready, ${WebAssembly.Module.exports(module).length} exports`
} catch (error) {
  state.textContent = error instanceof Error ? error.message : String(error)
}

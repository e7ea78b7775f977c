/**
 * Instantiates the module that it receives, and calls it: see `main.ts`.
 *
 * @module
 */
const isModule = (value: unknown): value is WebAssembly.Module =>
  value instanceof WebAssembly.Module

addEventListener("message", async ({ data: { module, number } }: MessageEvent) => {
  if (!isModule(module)) throw new TypeError("There is no module in the message")
  const { exports: { run } } = await WebAssembly.instantiate(module)
  postMessage(typeof run === "function" ? number * run() : undefined)
})

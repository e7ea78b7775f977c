/**
 * Runs one loader, as its toolchain made it, with ours in the place of the native functions; prints what came of it as JSON.
 *
 * `loaders_program.ts <loader> <URL of the module> <URL that tells how many bytes were sent> [native]`
 */
import "../../src/polyfill.ts"
import { uninstall } from "../../src/polyfill.ts"

const [name = "", url = "", sentUrl = "", way] = Reflect.get(globalThis, "process").argv.slice(-4)
if (way === "native") uninstall()

const said: Array<string> = []
for (const method of ["warn", "error"] as const) {
  console[method] = (...parts: ReadonlyArray<unknown>) =>
    void said.push(parts.map(String).join(" "))
}

/** A function of a package, which has no types that would fit all. */
const member = async (
  path: string,
  name: string,
): Promise<(...args: ReadonlyArray<unknown>) => unknown> => {
  const found: unknown = Reflect.get(await import(path), name)
  if (typeof found !== "function") throw new Error(`${path} has no ${name}`)
  return (...args) => Reflect.apply(found, undefined, args)
}

/** A picture of one pixel. */
const png = Uint8Array.from(
  atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  ),
  (character) => character.charCodeAt(0),
)

const loaders: Readonly<Record<string, () => Promise<boolean>>> = {
  "wasm-bindgen": async () => {
    const path = "@jsquash/oxipng/codec/pkg/squoosh_oxipng.js"
    await (await member(path, "default"))(url)
    const optimised = (await member(path, "optimise"))(png, 2, false, false)
    return optimised instanceof Uint8Array && optimised[1] === 0x50
  },
  TinyGo: async () => {
    const path = "@wasm-fmt/gofmt/web"
    await (await member(path, "default"))(url)
    return String((await member(path, "format"))("package  main")).trim() === "package main"
  },
  Emscripten: async () => {
    // Its glue for pages and workers: on these runtimes it would take itself to be on Node.
    Reflect.set(globalThis, "importScripts", () => {})
    Reflect.set(globalThis, "location", { href: url })
    Reflect.set(globalThis, "process", undefined)
    const factory = await member("@jsquash/jxl/codec/dec/jxl_dec.js", "default")
    const module: unknown = await factory({ locateFile: () => url })
    return typeof module === "object" && module !== null &&
      typeof Reflect.get(module, "decode") === "function"
  },
}

const outcome = await loaders[name]?.().catch((error: unknown) => error)
const sent = Number(await (await fetch(sentUrl)).text())
const cause: unknown = outcome instanceof Error ? outcome.cause : undefined
console.log(JSON.stringify({
  works: outcome === true,
  error: outcome === true ? undefined : String(outcome),
  reason: cause instanceof Error ? Reflect.get(cause, "reason") : undefined,
  said,
  sent,
}))

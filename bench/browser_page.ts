/**
 * The page of `browser.ts`: measures ours against native, interleaved, and sends the results to the server.
 *
 * @module
 */
import { orderOf } from "./order.ts"

/** What a page measured, in milliseconds. */
export interface PageResults {
  readonly agent: string
  /** From the start of `fetch` to the module. For ours, this includes loading our bundle meanwhile. */
  readonly first: number
  /** By case and by contender, an entry per round. */
  readonly warm: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<number>>>>>
}

const { searchParams } = new URL(String(Reflect.get(globalThis, "location")))
const contender = searchParams.get("first") ?? "ours"
const rounds = Number(searchParams.get("rounds"))

type Compile = (source: Promise<Response>) => Promise<WebAssembly.Module>

const native: Compile = (source) => WebAssembly.compileStreaming(source)
const loadOurs = async (): Promise<Compile> => (await import("../mod.ts")).compileStreaming

const timed = async (compile: Compile, path: string): Promise<number> => {
  const start = performance.now()
  await compile(fetch(path))
  return performance.now() - start
}

/** As the documentation shows it: the download begins, then the library is loaded. */
const firstLoad = async (): Promise<number> => {
  const start = performance.now()
  const source = fetch("/module.wasm")
  const compile = contender === "ours" ? await loadOurs() : native
  await compile(source)
  return performance.now() - start
}

const first = await firstLoad()
const warm: Record<string, Record<string, Array<number>>> = {}
if (rounds > 0) {
  const ours = await loadOurs()
  for (
    const [name, path] of [["full speed", "/module.wasm"], [
      "paced 600 ms",
      "/module.wasm?pace=600",
    ]] as const
  ) {
    const taken: Record<string, Array<number>> = { ours: [], native: [] }
    for (let round = -1; round < rounds; round++) {
      for (const what of orderOf(["ours", "native"] as const, round + 2)) {
        const ms = await timed(what === "ours" ? ours : native, path)
        if (round >= 0) taken[what]?.push(ms)
      }
    }
    warm[name] = taken
  }
}
const results: PageResults = { agent: navigator.userAgent, first, warm }
await fetch("/results", { method: "POST", body: JSON.stringify(results) })

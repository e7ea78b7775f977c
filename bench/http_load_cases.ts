/**
 * The cases of `http_load.ts`: contenders on the same bytes, interleaved, in a different order in each round.
 *
 * @module
 */
// Imported first: the library takes the engine's functions when it is imported.
import { compilations } from "./http_load_counting.ts"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { compileStreaming } from "../mod.ts"
import { Http, loadModule } from "../src/http/mod.ts"
import type { CaseFigures } from "./results.ts"
import {
  orderOf,
  ratioOf,
  settle,
  showMs,
  showRatio,
  spreadOf,
  table,
  type Taken,
  timed,
} from "./support.ts"

/** A module on the server, with bytes that no engine has seen. */
interface Fresh {
  readonly id: string
  readonly size: number
  readonly sha256: string
  readonly sha384: string
  readonly url: string
}

interface Server {
  /** Renews the bytes. */
  readonly fresh: (query?: string) => Promise<Fresh>
  readonly seen: (fresh: Fresh) => Promise<{ readonly requests: number; readonly sent: number }>
  readonly stop: () => void
}

const compiled = import.meta.url.endsWith(".ts") ? ".ts" : ".js"
const runtimeArgs = process.versions["deno"] === undefined ? [] : ["run", "-A"]

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`The server ended at once, with ${code}`)))
    if (child.stdout !== null) createInterface(child.stdout).once("line", resolve)
  })

const text = async (url: string): Promise<string> => await (await fetch(url)).text()

/** Starts the server in a process of its own, on this same runtime. */
const startServer = async (modulePath: string): Promise<Server> => {
  const file = fileURLToPath(new URL(`http_load_server${compiled}`, import.meta.url))
  const child = spawn(process.execPath, [...runtimeArgs, file, modulePath], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const origin = `http://127.0.0.1:${await firstLine(child)}`
  return {
    fresh: async (query = "") => {
      const fresh: Omit<Fresh, "url"> = JSON.parse(await text(`${origin}/fresh`))
      return { ...fresh, url: `${origin}/module?id=${fresh.id}${query}` }
    },
    seen: async ({ id }) => JSON.parse(await text(`${origin}/seen?id=${id}`)),
    stop: () => child.stdin?.end(),
  }
}

/** A way of loading. `prepare` is not measured. */
interface Contender {
  readonly name: string
  readonly query?: string
  readonly prepare?: (fresh: Fresh) => Promise<unknown>
  readonly load: (fresh: Fresh) => Promise<unknown>
}

interface Result {
  readonly taken: Array<Taken>
  readonly sent: Array<number>
  readonly requests: Array<number>
}

const measure = async (
  server: Server,
  contenders: ReadonlyArray<Contender>,
  rounds: number,
): Promise<ReadonlyMap<string, Result>> => {
  const results = new Map(
    contenders.map(({ name }): [string, Result] => [name, { taken: [], sent: [], requests: [] }]),
  )
  // The first round warms up and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const { load, name, prepare, query } of orderOf(contenders, round + contenders.length)) {
      const fresh = await server.fresh(query)
      await prepare?.(fresh)
      const before = await server.seen(fresh)
      await settle()
      const taken = await timed(() => load(fresh))
      const { requests, sent } = await server.seen(fresh)
      if (round < 0) continue
      results.get(name)?.taken.push(taken)
      results.get(name)?.sent.push(sent - before.sent)
      results.get(name)?.requests.push(requests - before.requests)
    }
  }
  return results
}

/** The result of a case: its table, and its figures, labelled by what varied, if anything. */
export interface Shown {
  readonly text: string
  readonly figures: ReadonlyArray<CaseFigures>
}

/** One line per contender; the ratios are to the last one. */
const show = (
  label: ReadonlyArray<string>,
  results: ReadonlyMap<string, Result>,
  extra: ReadonlyArray<readonly [title: string, of: (name: string) => string]> = [],
): Shown => {
  const last = [...results.values()].at(-1)
  const lastName = [...results.keys()].at(-1) ?? ""
  const walls = (result: Result | undefined): ReadonlyArray<number> =>
    (result?.taken ?? []).map(({ wall }) => wall)
  const rows = [...results].map(([name, result]) => [
    name,
    showMs(walls(result)),
    showMs(result.taken.map(({ cpu }) => cpu)),
    showRatio(ratioOf(walls(result), walls(last))),
    `${spreadOf(result.requests).median}`,
    (spreadOf(result.sent).median / 1e6).toFixed(1),
    ...extra.map(([, of]) => of(name)),
  ])
  const titles = extra.map(([title]) => title)
  const head = ["", "ms", "CPU ms", `to ${lastName}`, "requests", "MB sent", ...titles]
  const figures = (["wall", "cpu"] as const).map((by): CaseFigures => ({
    of: [...label, by],
    unit: "ms",
    rival: lastName,
    taken: Object.fromEntries(
      [...results].map(([name, { taken }]) => [name, taken.map((run) => run[by])]),
    ),
  }))
  return { text: table(head, rows), figures }
}

const native = ({ url }: Fresh): Promise<unknown> => WebAssembly.compileStreaming(fetch(url))

const pause = 10

/** What programs do by hand: fetch from the start again until it works. */
const again = async (fresh: Fresh): Promise<unknown> => {
  for (let left = 20;; left--) {
    try {
      return await native(fresh)
    } catch (error) {
      if (left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

const schedule = Schedule.upTo(Schedule.spaced(pause), { times: 20 })

/** A connection that breaks five times, at offsets or at times. All contenders wait equally long before another attempt. */
export const brokenLink = async (path: string, rounds: number, speed: number): Promise<Shown> => {
  const server = await startServer(path)
  const texts: Array<string> = []
  const figures: Array<CaseFigures> = []
  for (const kind of ["times", "places"]) {
    const query = `&speed=${speed}&breaks=${kind}`
    const results = await measure(server, [
      { name: "ours", query, load: ({ url }) => loadModule(url, { schedule }) },
      {
        name: "ours, with integrity",
        query,
        load: ({ sha256, url }) => loadModule(url, { schedule, integrity: sha256 }),
      },
      {
        name: "ours, resume: false",
        query,
        load: ({ url }) => loadModule(url, { schedule, resume: false }),
      },
      { name: "again from zero", query, load: again },
      { name: "native, unbroken", query: `&speed=${speed}`, load: native },
    ], rounds)
    const label = `breaks at ${kind}, ${speed} MB/s`
    const shown = show([label], results)
    texts.push(`${label}\n${shown.text}`)
    figures.push(...shown.figures)
  }
  server.stop()
  return { text: texts.join("\n\n"), figures }
}

/** The cost of hashing and counting at full speed. */
export const hashing = async (path: string, rounds: number): Promise<Shown> => {
  const server = await startServer(path)
  const results = await measure(server, [
    { name: "loadModule", load: ({ url }) => loadModule(url) },
    {
      name: "loadModule, SHA-256",
      load: ({ sha256, url }) => loadModule(url, { integrity: sha256 }),
    },
    {
      name: "loadModule, SHA-384",
      load: ({ sha384, url }) => loadModule(url, { integrity: sha384 }),
    },
    { name: "compileStreaming", load: ({ url }) => compileStreaming(fetch(url)) },
    { name: "native again", load: native },
    { name: "native", load: native },
  ], rounds)
  server.stop()
  return show([], results)
}

const crowd = 1_000

/** A thousand loads of one module at once. */
export const manyLoads = async (path: string, rounds: number): Promise<Shown> => {
  const server = await startServer(path)
  const counts = new Map<string, number>()
  const all = (load: () => Promise<unknown>): Promise<unknown> =>
    Promise.all(Array.from({ length: crowd }, load))
  const counted = ({ load, name }: Contender): Contender => ({
    name,
    load: async (fresh) => {
      const before = compilations()
      try {
        return await load(fresh)
      } finally {
        counts.set(name, compilations() - before)
      }
    },
  })
  const results = await measure(
    server,
    [
      {
        name: `${crowd} of ours, a cache`,
        load: ({ url }: Fresh) => {
          const cache = Http.ModuleCache.make()
          return all(() => loadModule(url, { cache }))
        },
      },
      {
        name: `${crowd} of native`,
        load: (fresh: Fresh) => all(() => native(fresh)),
      },
      { name: "one of ours", load: ({ url }: Fresh) => loadModule(url) },
      { name: "one native", load: native },
    ].map(counted),
    rounds,
  )
  server.stop()
  return show([], results, [["compilations", (name) => `${counts.get(name)}`]])
}

/** Fills a cache folder. Runs in a process of its own, so that the measuring engine has not seen the bytes. */
export const populate = async (url: string, folder: string): Promise<void> => {
  const cache = Http.ModuleCache.make({
    store: Http.ModuleCache.directory(folder),
    singleClient: true,
  })
  await loadModule(url, { cache })
  await Effect.runPromise(cache.flush)
}

const populated = (entry: string, url: string, folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = [...runtimeArgs, entry, "--populate", url, folder]
    const child = spawn(process.execPath, args, { stdio: "inherit" })
    child.once("error", reject)
    child.once("exit", (code) => {
      if (code === 0) resolve()
      else reject(new Error(`Filling the folder ended with ${code}`))
    })
  })

/** A start with the module cached in memory or on disk, against a download. */
export const warmStart = async (path: string, rounds: number, entry: string): Promise<Shown> => {
  const server = await startServer(path)
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-bench-"))
  let cache = Http.ModuleCache.make()
  const inMemory = async ({ url }: Fresh): Promise<void> => {
    cache = Http.ModuleCache.make()
    await loadModule(url, { cache })
  }
  const onDisk = async ({ url }: Fresh): Promise<void> => {
    await populated(entry, url, folder)
    cache = Http.ModuleCache.make({ store: Http.ModuleCache.directory(folder), singleClient: true })
  }
  const load = ({ url }: Fresh): Promise<unknown> => loadModule(url, { cache })
  try {
    const results = await measure(server, [
      { name: "memory, fresh", query: "&fresh", prepare: inMemory, load },
      { name: "memory, 304", prepare: inMemory, load },
      { name: "disk, fresh", query: "&fresh", prepare: onDisk, load },
      { name: "disk, 304", prepare: onDisk, load },
      { name: "cold, ours", load: ({ url }) => loadModule(url) },
      {
        name: "cold, ours, kept in memory and on disk",
        prepare: () => {
          cache = Http.ModuleCache.make({
            store: Http.ModuleCache.directory(folder),
            singleClient: true,
          })
          return Promise.resolve()
        },
        load,
      },
      { name: "cold, native, 50 MB/s", query: "&speed=50", load: native },
      { name: "cold, native", load: native },
    ], rounds)
    return show([], results)
  } finally {
    await Effect.runPromise(cache.flush)
    await rm(folder, { recursive: true, force: true })
    server.stop()
  }
}

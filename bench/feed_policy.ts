/**
 * For Bun: what the policies of `openFeed` cost. "at-pause" should keep the better of the other two: "never" where the
 * bytes come at once, "at-once" where they come slowly.
 *
 * Usage: `bun bench/feed_policy.ts [--rounds 12] [--paces 0,100,300,600] [module...]`; a pace of 0 is full speed.
 *
 * @module
 */
import process from "node:process"
import { parseArgs } from "node:util"
import { type FeedStart, openFeed } from "../src/pipeline/module_feed.ts"
import { defaultModule, labelOf, resolveModule } from "./modules.ts"
import {
  machine,
  orderOf,
  ratioOf,
  readCount,
  runtime,
  settle,
  showMs,
  showRatio,
  startServer,
  table,
  type Taken,
  timed,
} from "./support.ts"

const policies = ["at-once", "at-pause", "never"] as const

/** What the pipeline does with a body, without the pipeline. */
const compile = async (url: string, start: FeedStart): Promise<WebAssembly.Module> => {
  const feed = openFeed(start, {})
  const body = (await fetch(url)).body
  if (body === null) throw new Error("The server sent no body")
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return feed.end()
    const taken = feed.write(value)
    if (taken !== undefined) await taken
  }
}

const measure = async (url: string, rounds: number): Promise<Record<FeedStart, Array<Taken>>> => {
  const taken: Record<FeedStart, Array<Taken>> = { "at-once": [], "at-pause": [], "never": [] }
  for (let round = -1; round < rounds; round++) {
    for (const policy of orderOf(policies, round + policies.length)) {
      await settle()
      const run = await timed(() => compile(url, policy))
      if (round >= 0) taken[policy].push(run)
    }
  }
  return taken
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "12" },
    paces: { type: "string", default: "0,100,300,600" },
  },
})
const rounds = readCount(values.rounds)
const rows: Array<ReadonlyArray<string>> = []

for (const name of positionals.length === 0 ? [defaultModule] : positionals) {
  const path = resolveModule(name)
  const server = await startServer(path)
  for (const pace of values.paces.split(",")) {
    const paced = pace !== "0"
    const taken = await measure(
      paced ? `${server.url}?pace=${readCount(pace)}` : server.url,
      rounds,
    )
    for (const by of ["wall", "cpu"] as const) {
      const first = by === "wall"
      const of = (policy: FeedStart) => taken[policy].map((run) => run[by])
      rows.push([
        first ? labelOf(path) : "",
        first ? paced ? `paced ${pace} ms` : "loopback" : "",
        first ? "wall" : "CPU",
        ...policies.map((policy) => showMs(of(policy))),
        showRatio(ratioOf(of("at-pause"), of("at-once"))),
        showRatio(ratioOf(of("at-pause"), of("never"))),
      ])
    }
  }
  server.stop()
}

const head = ["module", "bytes", "ms of", ...policies, "at-pause/at-once", "at-pause/never"]
console.log(`${machine()}; ${runtime()}; ${rounds} rounds\n\n${table(head, rows)}`)
process.exit()

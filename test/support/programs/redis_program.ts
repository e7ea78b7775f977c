/**
 * One of several servers: loads a module through a cache in Redis, and prints the result. With a second URL it waits for a
 * line on its standard input, and loads that one.
 *
 * Usage: `redis_program.ts <redis url> <module url> [<module url>]`
 */
import process from "node:process"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { connectRedis } from "../../../examples/redis_store.ts"
import { Http, loadModule, ModuleCache } from "../../../src/http/mod.ts"

const [redis = "", first = "", second] = process.argv.slice(2)
const { close, store } = await connectRedis(redis)
const cache = new ModuleCache({ store })

const counted = async (counter: Metric.Counter<number>): Promise<number> =>
  (await Effect.runPromise(Metric.value(counter))).count

const load = async (url: string): Promise<void> => {
  const module = await loadModule(url, { cache, retries: 0 })
  await cache.flush()
  console.log(JSON.stringify({
    exports: WebAssembly.Module.exports(module).length,
    requests: await counted(Http.metrics.attempts),
    failures: await counted(Http.metrics.storeFailures),
  }))
}

await load(first)
if (second !== undefined) {
  const lines = createInterface(process.stdin)
  await new Promise<void>((resolve) => lines.once("line", () => resolve()))
  lines.close()
  await load(second)
}
await close()
process.exit(0)

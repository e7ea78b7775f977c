/**
 * A module that is compiled on the main thread and instantiated in workers: a compiled module can be posted, so that several
 * workers share one download and one compilation. For Bun, Deno and browsers.
 *
 * `bun examples/worker/main.ts`, `deno run --allow-read examples/worker/main.ts`
 *
 * @module
 */
import { compileStreaming } from "../../mod.ts"

const bytes = "data:application/wasm;base64,AGFzbQEAAAABBQFgAAF/AwIBAAcHAQNydW4AAAoGAQQAQSoL"
const module = await compileStreaming(fetch(bytes))

const ask = (number: number): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })
    worker.onmessage = ({ data }) => {
      resolve(data)
      worker.terminate()
    }
    worker.onerror = (event) => reject(new Error(event.message))
    worker.postMessage({ module, number })
  })

console.log(await Promise.all([1, 2, 3].map(ask)))

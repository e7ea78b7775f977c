/**
 * One contender of `validation.ts`, in a process of its own. It answers once it is loaded. Then it answers each line of its
 * input with the time of a run over the module, whose bytes are renewed before.
 *
 * Usage: `validation_contender.ts ours|native|<peer> <module.wasm>`
 *
 * @module
 */
import { readFile } from "node:fs/promises"
import process from "node:process"
import { createInterface } from "node:readline"
import { ModuleValidator } from "../src/binary/mod.ts"
import { peerFolder, peers, type Run } from "./peers.ts"
import { runtime, settle, stampModule } from "./support.ts"
import { type Answer, answerMark } from "./validation_rounds.ts"

const chunkSize = 65_536

const ours: Run = (bytes) => {
  const decoder = new ModuleValidator()
  for (let start = 0; start < bytes.length; start += chunkSize) {
    decoder.push(bytes.subarray(start, start + chunkSize))
  }
  decoder.finish()
}

const native: Run = (bytes) => {
  if (!WebAssembly.validate(bytes)) throw new Error("Found it invalid")
}

const load = async (name: string): Promise<Run> => {
  if (name === "ours") return ours
  if (name === "native") return native
  const peer = peers.find((peer) => peer.name === name)
  if (peer === undefined) throw new Error(`No contender ${JSON.stringify(name)}`)
  return await peer.load(peerFolder(peer))
}

const answer = (it: Answer): void => console.log(`${answerMark}${JSON.stringify(it)}`)

const attempt = async (run: () => Promise<Answer>): Promise<void> => {
  try {
    answer(await run())
  } catch (error) {
    answer({ failure: error instanceof Error ? error.message : String(error) })
  }
}

const serve = async (name: string, path: string): Promise<void> => {
  const { bytes, renew } = stampModule(await readFile(path))
  await attempt(async () => {
    const run = await load(name)
    createInterface(process.stdin).on("line", () =>
      attempt(async () => {
        renew()
        await settle()
        const before = performance.now()
        await run(bytes)
        return { ms: performance.now() - before }
      }))
    return { runtime: runtime() }
  })
}

const [name, path] = process.argv.slice(2)
if (name === undefined || path === undefined) throw new Error("Name a contender and a module")
process.stdin.on("end", () => process.exit())
await serve(name, path)

/**
 * Runs a benchmark on Bun, Deno and Node: Bun and Deno run the TypeScript directly, Node runs a bundle.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable, Writable } from "node:stream"
import { fileURLToPath } from "node:url"

/** The commands that are tried if none are named. Any other that begins with `node` is taken for Node. */
export const defaultRuntimes = "bun,deno,node"

const here = fileURLToPath(new URL(".", import.meta.url))

/** The named commands that are installed. */
export const installed = (names: string): ReadonlyArray<string> =>
  names.split(",").filter((name) => {
    const found = spawnSync(name, ["--version"]).status === 0
    if (!found) console.error(`${name} is not installed: left out`)
    return found
  })

/** A process with an open input and output. */
export type Conversation = ChildProcessByStdio<Writable, Readable, null>

/** A benchmark that is ready to run on any runtime. */
export interface Prepared {
  /** Runs it, and resolves to what it printed. */
  readonly run: (runtime: string, args: ReadonlyArray<string>) => Promise<string>
  /** Starts it with an open input and output. It may import packages from `node_modules`, on Deno too. */
  readonly start: (runtime: string, args: ReadonlyArray<string>) => Conversation
  readonly dispose: () => void
}

const output = (command: string, args: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] })
    let text = ""
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part))
    child.once("error", reject)
    child.once("close", (code) => {
      if (code === 0) resolve(text)
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}`))
    })
  })

/** Bundles files of this folder for Node into a temporary folder, in which packages resolve as they do here. */
const bundle = (files: ReadonlyArray<string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "compile-streaming-bench-"))
  const options = ["--target", "node", "--packages", "external", "--splitting"]
  const built = spawnSync("bun", ["build", ...files, ...options, "--outdir", folder], {
    cwd: here,
    stdio: ["ignore", "ignore", "inherit"],
  })
  if (built.status !== 0) {
    throw new Error("Cannot bundle for Node: that takes bun, and sources that build")
  }
  symlinkSync(join(here, "..", "node_modules"), join(folder, "node_modules"), "junction")
  return folder
}

/**
 * Prepares a benchmark.
 *
 * @param runtimes the commands that will run it
 * @param files its files, the entry first
 */
export const prepare = (
  runtimes: ReadonlyArray<string>,
  files: readonly [string, ...ReadonlyArray<string>],
): Prepared => {
  const [entry] = files
  const folder = runtimes.some((name) => name.startsWith("node")) ? bundle(files) : undefined
  const argsFor = (name: string, forDeno: ReadonlyArray<string> = []): ReadonlyArray<string> => {
    if (name.startsWith("node")) {
      return ["--expose-gc", join(folder ?? here, entry.replace(/\.ts$/, ".js"))]
    }
    const file = join(here, entry)
    return name.startsWith("deno")
      ? ["run", "-A", "--v8-flags=--expose-gc", ...forDeno, file]
      : [file]
  }
  return {
    run: (name, args) => output(name, [...argsFor(name), ...args]),
    start: (name, args) => {
      const own = argsFor(name, ["--node-modules-dir=manual"])
      return spawn(name, [...own, ...args], { stdio: ["pipe", "pipe", "ignore"] })
    },
    dispose: () => {
      if (folder !== undefined) rmSync(folder, { recursive: true })
    },
  }
}

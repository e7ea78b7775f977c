/**
 * What the benchmarks share: fresh bytes, timing, medians and ratios, tables, child processes.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process"
import { arch, cpus, platform } from "node:os"
import process from "node:process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export { orderOf } from "./order.ts"

/** A custom section named `x` that holds 16 bytes. */
const sectionHeader = [0x00, 18, 1, 0x78]
const moduleHeaderSize = 8

/** A module with a random number in it, which can be renewed. */
export interface StampedModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Renews the number, in place. Not to be called while the bytes are read. */
  readonly renew: () => void
}

/**
 * Adds a custom section with a random number, so that a module differs from all that were compiled before: V8 caches
 * compiled modules by their bytes.
 *
 * The section is the first one, not the last. V8 looks a streamed module up by the bytes before its code; if it finds a
 * known prefix, it stops compiling while the bytes arrive, and native streaming would look slower than it is.
 */
export const stampModule = (module: Uint8Array): StampedModule => {
  const start = moduleHeaderSize + sectionHeader.length
  const bytes = new Uint8Array(module.length + sectionHeader.length + 16)
  bytes.set(module.subarray(0, moduleHeaderSize))
  bytes.set(sectionHeader, moduleHeaderSize)
  bytes.set(module.subarray(moduleHeaderSize), start + 16)
  const renew = (): void => {
    crypto.getRandomValues(bytes.subarray(start, start + 16))
  }
  renew()
  return { bytes, renew }
}

/** What a run took, in milliseconds. */
export interface Taken {
  readonly wall: number
  readonly cpu: number
}

/** Measures a run; the processor time is that of all threads of this process. */
export const timed = async (run: () => Promise<unknown>): Promise<Taken> => {
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  await run()
  const wall = performance.now() - before
  const { user, system } = process.cpuUsage(cpuBefore)
  return { wall, cpu: (user + system) / 1000 }
}

/** Collects garbage and waits a moment, so that the next run does not pay for what the last one left behind. */
export const settle = async (): Promise<void> => {
  const bun: { gc?: (sync: boolean) => void } | undefined = Reflect.get(globalThis, "Bun")
  const collect: unknown = Reflect.get(globalThis, "gc")
  if (bun?.gc !== undefined) bun.gc(true)
  else if (typeof collect === "function") collect()
  await new Promise((resolve) => setTimeout(resolve, 50))
}

const quantile = (sorted: ReadonlyArray<number>, part: number): number => {
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)] ?? NaN
  return low + ((sorted[Math.ceil(at)] ?? NaN) - low) * (at - Math.floor(at))
}

/** The median and the quartiles. */
export interface Spread {
  readonly low: number
  readonly median: number
  readonly high: number
}

/** Summarises numbers. */
export const spreadOf = (values: ReadonlyArray<number>): Spread => {
  const sorted = [...values].sort((a, b) => a - b)
  return {
    low: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, 0.75),
  }
}

/** Summarises the ratios of values from the same rounds. */
export const ratioOf = (values: ReadonlyArray<number>, to: ReadonlyArray<number>): Spread =>
  spreadOf(values.map((value, round) => value / (to[round] ?? NaN)))

/** `1.02 (0.98..1.05)` */
export const showRatio = ({ low, median, high }: Spread): string =>
  `${median.toFixed(2)} (${low.toFixed(2)}..${high.toFixed(2)})`

/** A median in milliseconds. */
export const showMs = (values: ReadonlyArray<number>): string => {
  const { median } = spreadOf(values)
  return median.toFixed(median < 20 ? 1 : 0)
}

/** Aligns rows: text to the left, columns of numbers to the right. */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))
  )
  const numeric = head.map((_, column) => rows.every((row) => /^-?\d|^$/.test(row[column] ?? "")))
  const line = (cells: ReadonlyArray<string>): string =>
    cells.map((cell, column) => {
      const width = widths[column] ?? 0
      return numeric[column] === true ? cell.padStart(width) : cell.padEnd(width)
    }).join("  ").trimEnd()
  return [line(head), ...rows.map(line)].join("\n")
}

/** The machine, in a line. */
export const machine = (): string =>
  `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${platform()} ${arch()}`

/** This runtime and its version. */
export const runtime = (): string => {
  const { bun, deno, node } = process.versions
  if (bun !== undefined) return `Bun ${bun}`
  return deno !== undefined ? `Deno ${deno}` : `Node ${node}`
}

/** A whole positive number from the command line. */
export const readCount = (text: string): number => {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new Error(`Expected a whole positive number: got ${JSON.stringify(text)}`)
}

/** A running module server. */
export interface ModuleServer {
  /** The URL of a module with fresh bytes. With `?pace=600`, the response takes that many milliseconds. */
  readonly url: string
  readonly stop: () => void
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`The server ended at once, with ${code}`)))
    if (child.stdout !== null) createInterface(child.stdout).once("line", resolve)
  })

/** Starts `module_server.ts` in a process of its own, on this same runtime. */
export const startServer = async (modulePath: string): Promise<ModuleServer> => {
  const file = import.meta.url.endsWith(".ts") ? "module_server.ts" : "module_server.js"
  const server = fileURLToPath(new URL(file, import.meta.url))
  const before = process.versions["deno"] === undefined ? [] : ["run", "-A"]
  const child = spawn(process.execPath, [...before, server, modulePath], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const url = `http://127.0.0.1:${await firstLine(child)}/`
  return { url, stop: () => child.stdin.end() }
}

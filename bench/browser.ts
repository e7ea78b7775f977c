/**
 * Measures ours against native in the installed browsers, each started with a fresh profile: the first load of a page, which
 * includes loading our bundle, and later loads, at full speed over loopback and paced.
 *
 * Usage: `bun bench/browser.ts [--only chromium,firefox] [--rounds 9] [--first 5] [--json file] [module]`
 *
 * @module
 */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { parseArgs } from "node:util"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import type { PageResults } from "./browser_page.ts"
import { defaultModule, labelOf, resolveModule } from "./modules.ts"
import { type CaseFigures, writeResults } from "./results.ts"
import { installed } from "./runtimes.ts"
import { machine, ratioOf, readCount, showMs, showRatio, stampModule, table } from "./support.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "chromium,firefox" },
    rounds: { type: "string", default: "9" },
    first: { type: "string", default: "5" },
    json: { type: "string" },
  },
})
const rounds = readCount(values.rounds)
const firstRounds = readCount(values.first)
const path = resolveModule(positionals[0] ?? defaultModule)
/** The time limit for the results of a page, in milliseconds. */
const patience = 180_000

/** The arguments that start each browser with a URL and a profile's folder. */
const browsers: Readonly<Record<string, (url: string, profile: string) => ReadonlyArray<string>>> =
  {
    chromium: (url, profile) => [
      "--headless=new",
      "--no-sandbox",
      "--no-first-run",
      "--disable-background-networking",
      `--user-data-dir=${profile}`,
      url,
    ],
    firefox: (url, profile) => ["--headless", "--no-remote", "--profile", profile, url],
  }

/** The page's scripts by path, bundled with code splitting. */
const bundle = async (): Promise<ReadonlyMap<string, Uint8Array>> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("browser_page.ts", import.meta.url))],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    outdir: "out",
    write: false,
    logLevel: "silent",
  })
  return new Map(outputFiles.map(({ path, contents }) => [`/${basename(path)}`, contents]))
}

const scripts = await bundle()
const { bytes, renew } = stampModule(readFileSync(path))
const page =
  `<!doctype html><meta charset="utf-8"><script type="module" src="/browser_page.js"></script>`

/** Writes the bytes that are due by the clock. */
const writePaced = (response: ServerResponse, pace: number): void => {
  const start = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.min(
      Math.floor(bytes.length * (performance.now() - start) / pace),
      bytes.length,
    )
    if (due > sent) response.write(bytes.slice(sent, due))
    sent = due
    if (sent < bytes.length) return
    clearInterval(timer)
    response.end()
  }, 5)
  response.on("close", () => clearInterval(timer))
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = ""
  for await (const part of request.setEncoding("utf8")) text += part
  return text
}

let tell: (results: PageResults) => void = () => {}
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback")
  const script = scripts.get(pathname)
  if (script !== undefined) {
    return void response.writeHead(200, { "content-type": "text/javascript" }).end(script)
  }
  if (pathname === "/module.wasm") {
    renew()
    const length = String(bytes.length)
    const head = { "content-type": "application/wasm", "content-length": length }
    response.writeHead(200, { ...head, "cache-control": "no-store" })
    const pace = searchParams.get("pace")
    return pace === null ? void response.end(bytes.slice()) : writePaced(response, Number(pace))
  }
  if (pathname === "/results") {
    return void textOf(request).then((text) => {
      response.end()
      tell(JSON.parse(text))
    })
  }
  if (pathname === "/") {
    return void response.writeHead(200, { "content-type": "text/html" }).end(page)
  }
  response.writeHead(404).end()
})
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
const address = server.address()
if (address === null || typeof address === "string") throw new Error("No port")
const origin = `http://127.0.0.1:${address.port}`

/** Opens a page in a browser of its own, and resolves to what it measured. */
const open = async (name: string, query: string): Promise<PageResults> => {
  const profile = await mkdtemp(join(tmpdir(), "compile-streaming-browser-"))
  const told = new Promise<PageResults>((resolve) => (tell = resolve))
  const args = browsers[name]?.(`${origin}/?${query}`, profile) ?? []
  const child = spawn(name, args, { stdio: "ignore", detached: true })
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`${name} has told nothing`)), patience).unref()
  )
  try {
    return await Promise.race([told, late])
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

const versionOf = (agent: string): string =>
  /Firefox\/\d+/.exec(agent)?.[0].replace("/", " ") ??
    (/Chrome\/\d+/.exec(agent)?.[0] ?? agent).replace("Chrome/", "Chromium ")

const rows: Array<ReadonlyArray<string>> = []
const figures: Array<CaseFigures> = []
try {
  for (const name of installed(values.only)) {
    const first: Record<"ours" | "native", Array<number>> = { ours: [], native: [] }
    for (let round = 0; round < firstRounds; round++) {
      for (const what of ["ours", "native"] as const) {
        first[what].push((await open(name, `first=${what}&rounds=0`)).first)
      }
    }
    const { agent, warm } = await open(name, `first=ours&rounds=${rounds}`)
    const cases = [["first load of a page", first], ...Object.entries(warm)] as const
    for (const [index, [label, taken]] of cases.entries()) {
      const [ours, native] = [taken["ours"] ?? [], taken["native"] ?? []]
      figures.push({
        of: [versionOf(agent), labelOf(path), label],
        unit: "ms",
        rival: "native",
        taken: { ours, native },
      })
      const browser = index === 0 ? versionOf(agent) : ""
      rows.push([browser, label, showMs(ours), showMs(native), showRatio(ratioOf(ours, native))])
    }
  }
} finally {
  server.close()
  server.closeAllConnections()
}
writeResults(values.json, "browser", figures)
const head = ["browser", labelOf(path), "ours, ms", "native", "ours/native"]
console.log(`${machine()}; ${rounds} rounds, ${firstRounds} first loads\n\n${table(head, rows)}`)
process.exit()

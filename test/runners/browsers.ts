/**
 * Runs the portable tests in a browser: each file is bundled and runs in a page of its own, against the same scenario
 * server that the other runtimes start for themselves.
 *
 * Chromium is driven over its own protocol, Firefox over WebDriver BiDi.
 *
 * @module
 */
import { existsSync } from "node:fs"
import puppeteer, { type Browser } from "puppeteer-core"
import { paths } from "../support/adapters/adapter_paths.ts"
import { findFile } from "../support/packages.ts"
import { startScenarioServer } from "../support/servers/scenario_server.ts"
import type { BrowserResults } from "./page_test_api.ts"
import { portableTests, root, type Tally, vectors } from "./runner.ts"

/** The browsers that can run tests. */
export const browserNames = ["chromium", "firefox"] as const

/** One of them. */
export type BrowserName = typeof browserNames[number]

/** What their programs are called. */
const programs: Readonly<Record<BrowserName, ReadonlyArray<string>>> = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "chrome"],
  firefox: ["firefox-esr", "firefox"],
}

/** The browser's path: from the variable of its name, such as `CHROMIUM`, or where it is commonly installed. */
export const findBrowser = (name: BrowserName): string | undefined => {
  const told = Bun.env[name.toUpperCase()]
  if (told !== undefined) return existsSync(told) ? told : undefined
  return programs[name].map((program) => Bun.which(program)).find((path) => path !== null) ??
    undefined
}

/** Firefox reports each response whose stream failed as an error of the page, whoever has handled it. */
const failedStream = /^Error: Failed to read data from the ReadableStream: /

/** It asks nothing of the net. */
const quietChromium = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/**
 * Starts a browser with a profile of its own; `undefined` where it is not installed.
 *
 * @param name which one
 */
export const openBrowser = async (name: BrowserName): Promise<Browser | undefined> => {
  const executablePath = findBrowser(name)
  if (executablePath === undefined) return undefined
  return await puppeteer.launch({
    browser: name === "chromium" ? "chrome" : "firefox",
    executablePath,
    args: name === "chromium" ? quietChromium : [],
    // Some tests take longer than puppeteer waits for an answer.
    protocolTimeout: 300_000,
  })
}

/** What stands for `vectors_text.ts` in a page: the text itself. */
const vectorsModule = async (): Promise<string> => {
  const path = `${vectors}/vectors.jsonl`
  const text = existsSync(path) ? JSON.stringify(await Bun.file(path).text()) : "undefined"
  return `export const path = ${JSON.stringify(path)}\nexport const vectorsText = ${text}\n`
}

/** What stands for `adapter_files.ts` in a page: the files themselves. */
const filesModule = (): string => {
  const files = Object.values(paths).map((path) => {
    const bytes = findFile(path)
    return [path, bytes === undefined ? undefined : Buffer.from(bytes).toString("base64")] as const
  })
  return `const files = ${JSON.stringify(Object.fromEntries(files))}
export const readPackageFile = (path) => files[path] === undefined
  ? undefined
  : Uint8Array.from(atob(files[path]), (character) => character.charCodeAt(0))
`
}

const bundle = async (file: string): Promise<string> => {
  const built = await Bun.build({
    entrypoints: [file],
    target: "browser",
    // The stand-in for node:assert looks for colours in it.
    define: { process: "({ env: {} })" },
    plugins: [{
      name: "node:test in a page",
      setup: (build) => {
        const stand = (name: string) => () => ({ path: `${root}test/runners/${name}` })
        build.onResolve({ filter: /^node:test$/ }, stand("page_test_api.ts"))
        build.onResolve({ filter: /^node:assert\/strict$/ }, stand("page_assert.ts"))
        build.onResolve({ filter: /^node:process$/ }, stand("page_process.ts"))
        // The page is served by this server; it starts none.
        build.onResolve(
          { filter: /scenario_server\.ts$/ },
          ({ path }) => ({ path, external: true }),
        )
        build.onLoad({ filter: /vectors_text\.ts$/ }, async () => ({
          contents: await vectorsModule(),
          loader: "ts",
        }))
        build.onLoad({ filter: /adapter_files\.ts$/ }, () => ({
          contents: filesModule(),
          loader: "js",
        }))
      },
    }],
  })
  const output = built.outputs[0]
  if (output === undefined) throw new Error(`Cannot bundle ${file}`)
  return await output.text()
}

/**
 * Runs the tests; `undefined` where the browser is not installed.
 *
 * @param name in which browser
 * @param only the files to run; all where there are none
 */
export const runInBrowser = async (
  name: BrowserName,
  only: ReadonlyArray<string>,
): Promise<Tally | undefined> => {
  const browser = await openBrowser(name)
  if (browser === undefined) return undefined
  const server = await startScenarioServer("<!doctype html><title>Tests</title>")
  const total = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const file of await portableTests()) {
      if (only.length > 0 && !only.includes(file)) continue
      const page = await browser.newPage()
      const problems: Array<string> = []
      page.on("pageerror", (error) => {
        if (name !== "firefox" || !failedStream.test(String(error))) problems.push(String(error))
      })
      page.on("console", (message) => {
        if (message.type() === "log") console.log(`  ${message.text()}`)
      })
      await page.goto(server.origin)
      await page.evaluate(
        (origin) => Reflect.set(globalThis, "scenarioOrigin", origin),
        server.origin,
      )
      await page.addScriptTag({ content: await bundle(file), type: "module" })
      await page.waitForFunction(() => Reflect.has(globalThis, "runTests"))
      const { results, skipped }: BrowserResults = await page.evaluate((): Promise<
        BrowserResults
      > => Reflect.apply(Reflect.get(globalThis, "runTests"), undefined, []))
      await page.close()
      for (const { error, name } of results) {
        if (error === undefined) total.passed++
        else {
          total.failed++
          console.log(`  failed: ${name}\n    ${error}`)
        }
      }
      for (const problem of problems) {
        total.failed++
        console.log(`  failed: an error outside of any test in ${file}\n    ${problem}`)
      }
      total.skipped += skipped.length
      if (results.length === 0 && skipped.length === 0) {
        total.failed++
        console.log(`  failed: no test in ${file}`)
      }
    }
  } finally {
    await browser.close()
    await server.close()
  }
  return total
}

/**
 * Runs the portable tests in Chromium: each file is bundled and runs in a page of its own, against the same scenario
 * server that the other runtimes start for themselves.
 *
 * @module
 */
import { existsSync } from "node:fs"
import { chromium } from "playwright-core"
import { paths } from "../support/adapter_paths.ts"
import { findFile } from "../support/packages.ts"
import { startScenarioServer } from "../support/scenario_server.ts"
import type { BrowserResults } from "./page_test_api.ts"
import { portableTests, root, type Tally, vectors } from "./runner.ts"

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"]

/** The browser's path: from `CHROMIUM`, or where it is commonly installed. */
const findChromium = (): string | undefined => {
  const told = Bun.env["CHROMIUM"]
  if (told !== undefined) return existsSync(told) ? told : undefined
  return names.map((name) => Bun.which(name)).find((path) => path !== null) ?? undefined
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
 * Runs the tests; `undefined` where no Chromium is installed.
 *
 * @param only the files to run; all where there are none
 */
export const runInChromium = async (only: ReadonlyArray<string>): Promise<Tally | undefined> => {
  const executablePath = findChromium()
  if (executablePath === undefined) return undefined
  const server = await startScenarioServer("<!doctype html><title>Tests</title>")
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
  const total = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const file of await portableTests()) {
      if (only.length > 0 && !only.includes(file)) continue
      const page = await browser.newPage()
      const problems: Array<string> = []
      page.on("pageerror", (error) => problems.push(String(error)))
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
      const { results, skipped }: BrowserResults = await page.evaluate(() =>
        Reflect.apply(Reflect.get(globalThis, "runTests"), undefined, [])
      )
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

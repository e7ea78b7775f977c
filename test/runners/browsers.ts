/**
 * Runs the portable tests in a browser: each file is bundled and runs in a page of its own, against the same scenario
 * server that the other runtimes start for themselves.
 *
 * @module
 */
import { startScenarioServer } from "../support/servers/scenario_server.ts"
import { bundle } from "./page_bundle.ts"
import { openPuppeteer } from "./puppeteer_browser.ts"
import { portableTests, type Tally } from "./runner.ts"
import { openWebKit } from "./webkit_browser.ts"

const browsers = {
  chromium: () => openPuppeteer("chromium"),
  firefox: () => openPuppeteer("firefox"),
  webkit: openWebKit,
} as const

/** The browsers that can run tests. */
export const browserNames = ["chromium", "firefox", "webkit"] as const

/**
 * Runs the tests; `undefined` if the browser is not installed.
 *
 * @param name in which browser
 * @param only the files to run; all if empty
 */
export const runInBrowser = async (
  name: typeof browserNames[number],
  only: ReadonlyArray<string>,
): Promise<Tally | undefined> => {
  const browser = await browsers[name]()
  if (browser === undefined) return undefined
  const server = await startScenarioServer("<!doctype html><title>Tests</title>")
  const total = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const file of await portableTests()) {
      if (only.length > 0 && !only.includes(file)) continue
      const { logged, problems, results, skipped } = await browser.run(
        server.origin,
        await bundle(file),
      )
      for (const line of logged) console.log(`  ${line}`)
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

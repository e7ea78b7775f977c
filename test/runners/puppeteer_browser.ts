/**
 * Chromium, driven over its own protocol, and Firefox, over WebDriver BiDi.
 *
 * @module
 */
import { existsSync } from "node:fs"
import puppeteer, { type Browser } from "puppeteer-core"
import type { PageOutcome, TestBrowser } from "./test_browser.ts"
import type { BrowserResults } from "./page_test_api.ts"

/** The browsers that puppeteer drives. */
export type PuppeteerName = "chromium" | "firefox"

/** What their programs are called. */
const programs: Readonly<Record<PuppeteerName, ReadonlyArray<string>>> = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "chrome"],
  firefox: ["firefox-esr", "firefox"],
}

/** The browser's path: from the variable of its name, such as `CHROMIUM`, or where it is commonly installed. */
export const findBrowser = (name: PuppeteerName): string | undefined => {
  const told = Bun.env[name.toUpperCase()]
  if (told !== undefined) return existsSync(told) ? told : undefined
  return programs[name].map((program) => Bun.which(program)).find((path) => path !== null) ??
    undefined
}

/** Switches off all requests that Chromium makes by itself. */
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
 * Starts a browser with a profile of its own; `undefined` if it is not installed.
 *
 * @param name which one
 */
export const openBrowser = async (name: PuppeteerName): Promise<Browser | undefined> => {
  const executablePath = findBrowser(name)
  if (executablePath === undefined) return undefined
  return await puppeteer.launch({
    browser: name === "chromium" ? "chrome" : "firefox",
    executablePath,
    args: name === "chromium" ? quietChromium : [],
    // Some tests take longer than puppeteer's default limit.
    protocolTimeout: 300_000,
  })
}

const runPage = async (
  browser: Browser,
  origin: string,
  script: string,
): Promise<PageOutcome> => {
  const page = await browser.newPage()
  const problems: Array<string> = []
  const logged: Array<string> = []
  page.on("pageerror", (error) => void problems.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "log") logged.push(message.text())
  })
  await page.goto(origin)
  await page.evaluate((origin) => Reflect.set(globalThis, "scenarioOrigin", origin), origin)
  await page.addScriptTag({ content: script, type: "module" })
  await page.waitForFunction(() => Reflect.has(globalThis, "runTests"))
  const outcome = await page.evaluate((): Promise<BrowserResults> =>
    Reflect.apply(Reflect.get(globalThis, "runTests"), undefined, [])
  )
  await page.close()
  return { ...outcome, problems, logged }
}

/**
 * Opens a browser for tests; `undefined` if it is not installed.
 *
 * @param name which one
 */
export const openPuppeteer = async (name: PuppeteerName): Promise<TestBrowser | undefined> => {
  const browser = await openBrowser(name)
  return browser === undefined ? undefined : {
    run: (origin, script) => runPage(browser, origin, script),
    close: () => browser.close(),
  }
}

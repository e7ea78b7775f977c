/**
 * Makes README's picture of the page again: `bun test/demo/picture.ts` writes `docs/page_fault.webp`. Needs Chromium.
 *
 * @module
 */
import { fileURLToPath } from "node:url"
import { openBrowser } from "../runners/puppeteer_browser.ts"
import { startDemo } from "../../demo/server.ts"

const browser = await openBrowser("chromium")
if (browser === undefined) throw new Error("Chromium is not installed")
const server = await startDemo()
try {
  const page = await browser.newPage()
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }])
  await page.setViewport({ width: 1100, height: 900 })
  await page.goto(server.url)
  await page.waitForSelector("html[data-ready]")
  const load = async (): Promise<void> => {
    await page.click("#load")
    await page.waitForFunction(`document.getElementById("load").ariaDisabled !== "true"`)
  }
  // The first load warms the page and the server up; it is the second one that the picture shows.
  await page.select("#rate", "0")
  await load()
  await page.select("#rate", "200000")
  await page.select("#trouble", "break")
  await page.$eval("#at", (input) => {
    Reflect.set(input, "value", "20")
    input.dispatchEvent(new Event("input", { bubbles: true }))
  })
  await load()
  await page.evaluate(`document.activeElement.blur()`)
  await page.mouse.move(5, 5)
  const path = fileURLToPath(new URL("../../docs/page_fault.webp", import.meta.url))
  await page.screenshot({ path, type: "webp", quality: 80, fullPage: true })
} finally {
  await browser.close()
  await server.close()
}

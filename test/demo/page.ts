/**
 * The page in a browser, as a user operates it. Each browser has a test file of its own, so that they run in parallel.
 *
 * `SCREENSHOTS=<folder>` saves screenshots there.
 */
import assert from "node:assert/strict"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { after, test } from "node:test"
import type { Browser, Page } from "puppeteer-core"
import { exampleModule } from "../../demo/build.ts"
import { STAMP_SIZE, troubled } from "../../demo/line.ts"
import { type DemoServer, startDemo } from "../../demo/server.ts"
import { findFile, findPath } from "../support/packages.ts"

const isBun = Reflect.has(globalThis, "Bun")
const browsers = isBun ? await import("../runners/puppeteer_browser.ts") : undefined

const folder = process.env["SCREENSHOTS"]
if (folder !== undefined) mkdirSync(folder, { recursive: true })

// Started by the first test that needs them: hooks may take no longer than 5 seconds on Bun.
let server: Promise<DemoServer> | undefined
after(async () => (await server)?.close())

/** Bytes per second: slow enough for seconds between an error and the end of the module, even on a busy machine. */
const slow = 50_000

/** The size of the page that is sent instead of a module, in bytes. */
const pageSize =
  troubled(new Uint8Array(), { trouble: "page", at: 0, rate: 0, isStamped: false }).end

/** What is loaded, and how. */
interface Load {
  readonly module: string
  readonly rate?: number
  readonly trouble?: string
  /** The offset of the trouble, in percent of the module. */
  readonly at?: number
}

/** No load is running. */
const idle = `document.getElementById("load").getAttribute("aria-disabled") !== "true"`

/** The element that has the focus: its id, its class or its name. */
const focus =
  `(({ id, className, localName }) => id || className || localName)(document.activeElement)`

/**
 * What Firefox reports on the console although the page handles it: what CORS forbids, and each stream of the page that fails,
 * as that of a file whose line is cut or whose load is stopped.
 */
const reported =
  /^Error: Cross-Origin Request Blocked|ReadableStream: “(?:TypeError: simulated|Error: The load was stopped)/

/** The value of an expression in the page, as text: the types of the DOM are not available here. */
const value = (page: Page, expression: string): Promise<unknown> => page.evaluate(expression)

const texts = async (page: Page, selector: string): Promise<ReadonlyArray<string>> => {
  const found = await value(
    page,
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((it) => it.textContent)`,
  )
  assert.ok(Array.isArray(found))
  return found.map(String)
}

const numberAt = async (page: Page, selector: string): Promise<number> => {
  const [text = ""] = await texts(page, selector)
  return Number(text.replaceAll(",", ""))
}

/** The number of bytes that were sent to each load. */
const sentTo = async (page: Page): Promise<ReadonlyArray<number>> =>
  (await texts(page, ".lanes tbody td:last-child")).map((text) => Number(text.replaceAll(",", "")))

const load = async (
  page: Page,
  { at, module, rate = 0, trouble = "none" }: Load,
): Promise<void> => {
  await page.select("#source", module)
  await page.select("#rate", String(rate))
  await page.select("#trouble", trouble)
  if (at !== undefined) await value(page, `document.getElementById("at").value = ${at}`)
  await page.click("#load")
  await page.waitForFunction(idle)
}

/** The findings of axe, in short. */
const accessibility = async (page: Page): Promise<unknown> => {
  const axe = new TextDecoder().decode(findFile("axe-core/axe.min.js"))
  await value(page, `${axe}; undefined`)
  return await value(
    page,
    `axe.run({ rules: { "target-size": { enabled: true } } }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
  )
}

/** Click targets below 24 by 24 pixels. @see https://www.w3.org/TR/WCAG22/#target-size-minimum */
const smallTargets = async (page: Page): Promise<unknown> =>
  await value(
    page,
    `[...document.querySelectorAll("a, button, input, select, summary, [tabindex]")]
      .map((it) => ({ it, box: it.getBoundingClientRect() }))
      .filter(({ it, box }) => it.checkVisibility() && (box.width < 24 || box.height < 24))
      .map(({ it, box }) => it.outerHTML.slice(0, 80) + " " + box.width + " x " + box.height)`,
  )

/**
 * Registers the tests of the page.
 *
 * @param name the browser that they run in
 */
export const testPage = (name: "chromium" | "firefox"): void => {
  if (browsers === undefined) {
    test(`the page in ${name}`, { skip: "Bun drives the browsers" }, () => {})
    return
  }
  const skip = browsers.findBrowser(name) === undefined ? `${name}: not installed here` : false
  let browser: Promise<Browser | undefined> | undefined
  after(async () => (await browser)?.close())

  /** Opens the page in a tab of its own. */
  const withPage = async (width: number, run: (page: Page) => Promise<void>): Promise<void> => {
    server ??= startDemo()
    browser ??= browsers.openBrowser(name)
    const [{ url }, opened] = await Promise.all([server, browser])
    assert.ok(opened !== undefined)
    const page = await opened.newPage()
    const problems: Array<string> = []
    page.on("pageerror", (error) => {
      if (!reported.test(String(error))) problems.push(String(error))
    })
    try {
      await page.setViewport({ width, height: 800 })
      await page.goto(url)
      await page.waitForSelector("html[data-ready]")
      await run(page)
      assert.deepEqual(problems, [], "errors on the page's console")
    } finally {
      await page.close()
    }
  }

  const keep = async (page: Page, what: string): Promise<void> => {
    if (folder === undefined) return
    await page.screenshot({ path: join(folder, `${what}_${name}.png`), fullPage: true })
  }

  test(
    `a module is loaded and looked at [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await load(page, { module: "tree-sitter" })
        assert.match((await texts(page, "#status")).join(), /^The module is ready/)
        const filled = await value(
          page,
          `[...document.querySelectorAll(".map-fill")].map((it) => it.style.width)`,
        )
        assert.ok(Array.isArray(filled) && filled.length === 13, "sections, and the stamp")
        assert.deepEqual(new Set(filled), new Set(["100%"]))
        assert.ok(!(await texts(page, "#map .legend li:not([hidden])")).includes("the error"))
        const times = await texts(page, ".lanes tbody td.number")
        assert.equal(times.length, 12)
        assert.deepEqual(times.filter((text) => !/^(ready )?[\d.,]+( m?s)?$/.test(text)), [])
        assert.equal(new Set(await sentTo(page)).size, 1)

        const tiles = await texts(page, ".tile .name")
        assert.equal(tiles.length, 60)
        assert.equal(tiles[0], "ts_parser_parse_wasm")
        await page.click(".tile")
        await page.waitForSelector("#function .hex")
        assert.match((await texts(page, "#function .hex")).join(), /local\.get/)
        // The arrow keys go from the one that was chosen to the next one.
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await page.waitForFunction(
          `document.querySelector("#function h3").textContent === "ts_query_new"`,
        )
        await keep(page, "wide")

        await page.type("#search", "malloc")
        assert.deepEqual(await texts(page, ".tile .name"), ["malloc"])
        assert.ok((await texts(page, "details td")).includes("malloc"))
      }),
  )

  test(
    `the instructions are closed, and the focus returns to what opened them [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        const open = async (selector: string): Promise<void> => {
          await page.focus(selector)
          await page.keyboard.press("Enter")
          await page.waitForSelector("#function .hex")
        }
        const isOpen = (): Promise<unknown> =>
          value(page, `document.querySelector("#function .hex") !== null`)
        await load(page, { module: "gofmt" })
        await value(page, `document.querySelectorAll("details").forEach((it) => it.open = true)`)
        for (const selector of [".tile", "td button"]) {
          await open(selector)
          await page.keyboard.press("Escape")
          assert.equal(await isOpen(), false)
          assert.equal(
            await value(page, `document.activeElement.matches(${JSON.stringify(selector)})`),
            true,
          )
          assert.deepEqual(await texts(page, "[aria-pressed]"), [])
        }
        await open(".tile")
        await page.focus("#load")
        await page.keyboard.press("Escape")
        assert.equal(await value(page, focus), "load")
        await page.focus("#search")
        await page.keyboard.type("parse")
        await page.keyboard.press("Escape")
        assert.equal(await value(page, focus), "search")
        assert.equal(await isOpen(), true, "Escape in a field is for the field")
        // What opened them is gone.
        await page.click("#function button")
        assert.equal(await isOpen(), false)
        assert.equal(await value(page, focus), "search")
      }),
  )

  test(
    `what a search finds is counted, and so are the functions without a box [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await load(page, { module: "sqlite" })
        const rows = (): Promise<unknown> =>
          value(
            page,
            `[...document.querySelectorAll("details")].find((it) => /^Functions/.test(it.textContent))
              .querySelectorAll("tbody tr").length`,
          )
        const tiles = async (): Promise<number> => (await texts(page, ".tile:not([hidden])")).length
        const hint = async (): Promise<string> =>
          (await texts(page, "#inside > .fine:not([role])")).join()
        assert.match(
          await hint(),
          new RegExp(`^The ${await tiles()} largest of [\\d,]+ functions: `),
        )
        // An unnamed function is “#20” in a box and “function 20” in the list.
        for (const text of ["#20", "function 20"]) {
          await value(page, `document.getElementById("search").value = ""`)
          await page.type("#search", text)
          assert.equal(await rows(), await tiles())
          assert.match(await hint(), new RegExp(`^${await tiles()} functions: `))
          assert.deepEqual(await texts(page, "#inside > [role=status].fine"), [
            `Found: ${await rows()}`,
          ])
        }
      }),
  )

  test(
    `a time is shown once, and stays [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await value(
          page,
          `{
            globalThis.seen = []
            new MutationObserver(() => {
              for (const [at, { textContent }] of document.querySelectorAll(
                "td:is([data-label='first byte'], [data-label='last byte'], [data-label='result'])").entries()) {
                if (!["", "–"].includes(textContent)) (seen[at] ??= new Set()).add(textContent)
              }
            }).observe(document.getElementById("lanes"), { subtree: true, childList: true })
          }`,
        )
        await load(page, { module: "gofmt", rate: 500_000 })
        assert.deepEqual(await value(page, `seen.map((texts) => texts.size)`), Array(9).fill(1))
      }),
  )

  test(
    `a load stops at a corrupted byte, others take the whole [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await load(page, { module: "gofmt", rate: slow, trouble: "break" })
        assert.ok((await texts(page, "#said dd")).includes("unknown-local"))
        assert.deepEqual(await texts(page, "#said .hex mark"), ["21", "local.set 81"])
        assert.ok((await texts(page, "#map .legend li:not([hidden])")).includes("the error"))
        const [ours = 0, , whole = 0] = await sentTo(page)
        const read = await numberAt(page, "#stopped-at")
        assert.ok(read > 0x1de82 && read <= ours && ours < whole, `${read} ${ours} ${whole}`)
        assert.deepEqual(await accessibility(page), [])
        await keep(page, "fault")
      }),
  )

  test(
    `a page is told from a module by its first bytes [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await page.select("#rate", String(slow))
        await page.select("#trouble", "page")
        await page.click("#load")
        await page.waitForFunction(
          `/still running/.test(document.getElementById("status").textContent)`,
        )
        await page.click("#stop")
        await page.waitForFunction(idle)
        assert.ok((await texts(page, "#said dd")).includes("CompileError, reason html"))
        assert.ok(await numberAt(page, "#stopped-at") < pageSize)
      }),
  )

  test(
    `a dropped connection is not an error of the module [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await load(page, { module: "gofmt", trouble: "cut" })
        assert.match((await texts(page, "#status")).join(), /^The connection was dropped/)
        assert.deepEqual(await texts(page, "#said dd"), [])
      }),
  )

  const choose = async (page: Page): Promise<void> => {
    await page.select("#source", "#file")
    const field = await page.$("input[type=file]")
    await field?.uploadFile(findPath("@wasm-fmt/gofmt/gofmt.wasm") ?? "")
  }

  test(
    `a file of no bytes, and one that is cut within its header, are told as they are [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        const pick = async (bytes: string): Promise<void> => {
          await value(
            page,
            `{
              const dataTransfer = new DataTransfer()
              dataTransfer.items.add(new File([new Uint8Array([${bytes}])], "small.wasm"))
              document.getElementById("file").files = dataTransfer.files
            }`,
          )
        }
        await pick("")
        await load(page, { module: "#file" })
        assert.ok((await texts(page, "#said dd")).includes("CompileError, reason empty"))
        assert.match((await texts(page, ".map-text")).join(), /^0 of 0 bytes/)
        const times = `td:is([data-label="first byte"], [data-label="last byte"])`
        assert.deepEqual(new Set(await texts(page, times)), new Set(["–"]))
        // The native loads get a longer copy, and not all of it.
        await pick("0, 97, 115, 109, 1, 0, 0, 0")
        await load(page, { module: "#file", trouble: "cut" })
        assert.match((await texts(page, "#status")).join(), /\b7 of 8 bytes/)
        for (const told of await texts(page, "#said .others li")) {
          assert.match(told, new RegExp(`was sent ${7 + STAMP_SIZE} bytes \\(96%\\)`))
        }
      }),
  )

  for (const source of ["gofmt", "#file"]) {
    test(
      `a person can stop a load of ${source} [${name}]`,
      { skip },
      () =>
        withPage(1100, async (page) => {
          if (source === "#file") await choose(page)
          await page.select("#rate", String(slow))
          await page.click("#load")
          await page.waitForFunction(`document.querySelector(".map-section") !== null`)
          await page.click("#stop")
          await page.waitForFunction(idle)
          assert.match((await texts(page, "#said .message")).join(), /stopped/)
          const sent = await sentTo(page)
          assert.ok(sent.every((bytes) => !(bytes >= 272_000)), `${sent}`)
          assert.deepEqual(await texts(page, `td[data-label="last byte"]`), ["–", "–", "–"])
          for (const result of await texts(page, `td[data-label="result"]`)) {
            assert.match(result, /^stopped /)
          }
        }),
    )
  }

  test(
    `an address is loaded, or it is told why not [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await page.select("#source", "#url")
        await page.type("#url", new URL("samples/example.wasm", page.url()).href)
        await load(page, { module: "#url" })
        assert.match((await texts(page, "#status")).join(), /^The module is ready/)
        await page.type("#url", ".gone")
        await load(page, { module: "#url" })
        assert.match((await texts(page, "#status")).join(), /\b404\b/)
        // How much has been fetched is told, and fetching can be stopped.
        const slowly = new URL("samples/gofmt.wasm?rate=50000", page.url()).href
        await value(page, `document.getElementById("url").value = ${JSON.stringify(slowly)}`)
        await page.click("#load")
        await page.waitForFunction(
          `/^[\\d,]+ bytes fetched/.test(document.querySelector(".map-text").textContent)`,
        )
        await page.click("#stop")
        await page.waitForFunction(idle)
        assert.equal((await texts(page, "#status")).join(), "The load was stopped.")
      }),
  )

  test(
    `a field that is not shown never blocks the form [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        const shown = `!it.checkVisibility() === it.disabled`
        for (const field of ["source", "trouble"]) {
          const options = await value(
            page,
            `[...document.getElementById("${field}").options].map((it) => it.value)`,
          )
          assert.ok(Array.isArray(options) && options.length > 2)
          for (const option of options) {
            await page.select(`#${field}`, String(option))
            const wrong = await value(
              page,
              `[...document.querySelectorAll("#form :is(input, select)")]
                .filter((it) => !(${shown})).map(({ id }) => id)`,
            )
            assert.deepEqual(wrong, [], String(option))
          }
        }
        await page.select("#source", "#url")
        await page.type("#url", "not an address")
        await page.click("#load")
        await page.waitForSelector("#url[aria-invalid]")
        await load(page, { module: "example" })
        assert.match((await texts(page, "#status")).join(), /^The module is ready/)
      }),
  )

  test(
    `what is wrong with a field is told next to it [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        /** The description of a field if it is invalid, has the focus and its description is visible. */
        const told = (id: string): Promise<unknown> =>
          value(
            page,
            `((it, words) =>
              it.ariaInvalid === "true" && document.activeElement === it && words.checkVisibility()
                ? words.textContent : "")(...["${id}", "${id}-error"].map((id) => document.getElementById(id)))`,
          )
        const described = await value(
          page,
          `["url", "file"].map((id) => document.getElementById(id).getAttribute("aria-describedby"))`,
        )
        assert.deepEqual(described, ["url-error", "file-error"])
        await page.select("#source", "#file")
        await page.click("#load")
        await page.waitForSelector("#file[aria-invalid]")
        assert.notEqual(await told("file"), "")
        await page.select("#source", "#url")
        const words = new Set<unknown>()
        const addresses = ["", "not an address", "ftp://127.0.0.1/a.wasm", "http://me:b@127.0.0.1/"]
        for (const address of addresses) {
          await value(page, `document.getElementById("url").value = ""`)
          await page.focus("#url")
          if (address !== "") await page.keyboard.type(address)
          await page.keyboard.press("Enter")
          await page.waitForSelector("#url[aria-invalid]")
          words.add(await told("url"))
          if (address !== "") assert.deepEqual(await accessibility(page), [])
          await page.keyboard.type(" ")
          assert.equal(await told("url"), "", "it is not repeated while a person mends it")
        }
        assert.ok(words.size === addresses.length && !words.has(""), JSON.stringify([...words]))
      }),
  )

  // Browsers do not tell a page why a fetch failed: the hints follow from the address.
  const unreachable: ReadonlyArray<readonly [what: string, host: string, hint: RegExp]> = [
    ["a port that browsers block", "127.0.0.1:1", /port 1\b/],
    ["another origin that does not allow it", "localhost", /CORS/],
  ]
  for (const [what, host, hint] of unreachable) {
    test(
      `an address that cannot be reached is named, with what may be the cause: ${what} [${name}]`,
      { skip },
      () =>
        withPage(1100, async (page) => {
          const address = new URL("samples/example.wasm", page.url())
          address.host = host
          await page.select("#source", "#url")
          await page.type("#url", address.href)
          await load(page, { module: "#url" })
          const said = (await texts(page, "#status")).join()
          assert.ok(said.includes(address.href), said)
          assert.match(said, hint)
          // No results of an earlier load are left.
          assert.deepEqual(await texts(page, ".map-section"), [])
        }),
    )
  }

  test(
    `the focus is never lost [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        const focused = (): Promise<unknown> => value(page, focus)
        await page.select("#source", "tree-sitter")
        await page.select("#rate", String(slow))
        await page.focus("#load")
        await page.keyboard.press("Enter")
        await page.waitForFunction(`document.querySelector(".map-section") !== null`)
        assert.equal(await focused(), "load")
        await page.focus("#stop")
        await page.keyboard.press("Enter")
        await page.waitForFunction(idle)
        assert.equal(await focused(), "stop")
        await page.select("#rate", "0")
        await page.focus("#load")
        await page.keyboard.press("Enter")
        await page.waitForFunction(idle)
        assert.equal(await focused(), "load")
        await page.focus(".tile")
        await page.keyboard.press("Enter")
        await page.waitForSelector("#function .hex")
        assert.match(String(await focused()), /^tile/)
        // In a table the instructions are far from the chosen row, so the focus moves to them.
        await value(page, `document.querySelectorAll("details").forEach((it) => it.open = true)`)
        await page.focus("td button")
        await page.keyboard.press("Enter")
        await page.waitForFunction(`${focus} === "function-title"`)
        await page.focus("#search")
        await page.keyboard.type("malloc")
        assert.equal(await focused(), "search")
        // When a file is dropped, the element with the focus is removed.
        await value(
          page,
          `{
            const dataTransfer = new DataTransfer()
            dataTransfer.items.add(new File(["none"], "none.wasm"))
            document.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }))
          }`,
        )
        await page.waitForFunction(idle)
        assert.equal(await focused(), "load")
      }),
  )

  test(
    `one of several dropped files is taken, and named [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        const drop = async (...names: ReadonlyArray<string>): Promise<string> => {
          await value(
            page,
            `{
              const dataTransfer = new DataTransfer()
              for (const name of ${
              JSON.stringify(names)
            }) dataTransfer.items.add(new File(["none"], name))
              document.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }))
            }`,
          )
          await page.waitForFunction(idle)
          return (await texts(page, "#status")).join()
        }
        assert.match(
          await drop("glue.js", "one.wasm", "two.wasm"),
          /it took one\.wasm and ignored 2 others/,
        )
        assert.equal(await value(page, `document.getElementById("file").files[0].name`), "one.wasm")
        assert.doesNotMatch(await drop("alone.wasm"), /ignored/)
        // The file field has it, so that it can be loaded again.
        await load(page, { module: "#file" })
        assert.equal(
          await value(page, `document.getElementById("file").files[0].name`),
          "alone.wasm",
        )
        assert.deepEqual(await texts(page, "#said dd"), [
          "CompileError, reason text",
          "magic-mismatch",
          "0x0",
        ])
      }),
  )

  const outcomes: ReadonlyArray<Load & { readonly isWhole: boolean }> = [
    { module: "example", trouble: "none", isWhole: true },
    { module: "example", trouble: "break", at: 100, isWhole: true },
    { module: "example", trouble: "cut", isWhole: false },
    { module: "gofmt", trouble: "break", rate: 1_000_000, isWhole: false },
    { module: "gofmt", trouble: "cut", rate: 1_000_000, isWhole: false },
    { module: "gofmt", trouble: "page", rate: 1_000_000, isWhole: false },
  ]
  for (const { isWhole, ...outcome } of outcomes) {
    test(
      `what is told of ${outcome.module}, ${outcome.trouble}, agrees everywhere [${name}]`,
      { skip },
      () =>
        withPage(1100, async (page) => {
          await load(page, outcome)
          const [map = ""] = await texts(page, ".map-text")
          const [status = ""] = await texts(page, "#status")
          const [, read = "", total = "", share = ""] =
            /^([\d,]+) of ([\d,]+) bytes \(([\d.]+%)\)/.exec(map) ?? []
          assert.equal(read === total, isWhole, map)
          // What was sent before the connection broke may be more than what had been read.
          const hasPart = !isWhole && outcome.trouble !== "cut"
          assert.ok(
            status.includes(hasPart ? `${read} of ${total} bytes (${share})` : read),
            status,
          )
          if (outcome.trouble !== "none") {
            assert.equal((await texts(page, "#stopped-at")).join(), read)
          }
          // A load that was sent whole has a time of the last byte.
          const [ours, ...others] = await texts(page, `td[data-label="last byte"]`)
          if (isWhole) assert.notEqual(ours, "–")
          if (outcome.trouble !== "cut") assert.ok(!others.includes("–"), others.join())
          else assert.deepEqual(others, ["–", "–"])
          // The section that the server adds is mentioned if sizes are shown.
          const added = (await texts(page, "#added:not([hidden])")).join()
          if (outcome.trouble === "page") assert.equal(added, "")
          else assert.match(added, new RegExp(`\\b${STAMP_SIZE}\\b`))
        }),
    )
  }

  test(
    `a file is loaded as it is, and its line is as troubled [${name}]`,
    { skip },
    () =>
      withPage(1100, async (page) => {
        await page.select("#source", "#file")
        const field = await page.$("input[type=file]")
        await field?.uploadFile(fileURLToPath(new URL("../../demo/example.wasm", import.meta.url)))
        await load(page, { module: "#file" })
        assert.equal(
          (await texts(page, "#status")).join(),
          `The module is ready: example.wasm, ${exampleModule.length} bytes.`,
        )
        await load(page, { module: "#file", trouble: "cut" })
        assert.match((await texts(page, "#status")).join(), /^The connection was dropped/)
        await load(page, { module: "#file", trouble: "page" })
        assert.ok((await texts(page, "#said dd")).includes("CompileError, reason html"))
      }),
  )

  for (const width of [320, 1100]) {
    test(
      `nothing is wider than ${width} pixels, or out of reach [${name}]`,
      { skip },
      () =>
        withPage(width, async (page) => {
          assert.deepEqual(await accessibility(page), [])
          assert.deepEqual(await smallTargets(page), [])
          await load(page, { module: "gofmt" })
          await page.click(".tile")
          await page.waitForSelector("#function .hex")
          await value(page, `document.querySelectorAll("details").forEach((it) => it.open = true)`)
          assert.ok(await value(page, "document.documentElement.scrollWidth <= innerWidth"))
          assert.deepEqual(await smallTargets(page), [])
          assert.deepEqual(await accessibility(page), [])
          await keep(page, `width_${width}`)
          // Firefox takes the color scheme from its profile.
          if (name === "firefox") return
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }])
          assert.deepEqual(await accessibility(page), [])
          await keep(page, `dark_${width}`)
          const session = await page.createCDPSession()
          await session.send("Emulation.setEmulatedMedia", {
            features: [{ name: "forced-colors", value: "active" }],
          })
          const colors = await value(
            page,
            `new Set([...document.querySelectorAll(".actions button")].map((it) => getComputedStyle(it).color)).size`,
          )
          assert.equal(colors, 2, "the button that does nothing now is gray")
          await keep(page, `forced_${width}`)
        }),
    )
  }
}

/**
 * WebKitGTK's MiniBrowser, driven over WebDriver by its own driver, on a display that nobody sees.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Schema from "effect/Schema"
import type { PageOutcome, TestBrowser } from "./test_browser.ts"

/** Some files' tests take minutes; a page that answers nothing for longer hangs. */
const patience = 300_000

const outcome = Schema.Struct({
  results: Schema.Array(
    Schema.Struct({ name: Schema.String, error: Schema.NullishOr(Schema.String) }),
  ),
  skipped: Schema.Array(Schema.String),
  problems: Schema.Array(Schema.String),
  logged: Schema.Array(Schema.String),
})

/** Puts a script into the page, and notes what it logs and throws. */
const prepare = `
globalThis.seen = { problems: [], logged: [] }
addEventListener("error", ({ error, message }) => seen.problems.push(String(error ?? message)))
console.log = (...parts) => seen.logged.push(parts.join(" "))
globalThis.scenarioOrigin = arguments[0]
const script = document.createElement("script")
script.type = "module"
script.textContent = arguments[1]
document.head.append(script)
`

/** Runs the tests as soon as the script has registered them. */
const start = `
const done = arguments[arguments.length - 1]
const go = () => {
  if (globalThis.runTests !== undefined) {
    runTests().then(
      (outcome) => done({ ...outcome, ...seen }),
      (error) => done({ results: [], skipped: [], ...seen, problems: [...seen.problems, String(error)] }),
    )
  } else if (seen.problems.length > 0) done({ results: [], skipped: [], ...seen })
  else setTimeout(go, 20)
}
go()
`

/** A port that was free a moment ago: the driver takes no 0. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0)
      )
    })
  })

/** A display of its own: the server picks a number that is free, and writes it. */
const openDisplay = async (): Promise<{ readonly name: string; readonly close: () => void }> => {
  const server = Bun.spawn(["Xvfb", "-displayfd", "1", "-nolisten", "tcp"], {
    stdout: "pipe",
    stderr: "ignore",
  })
  let written = ""
  for await (const chunk of server.stdout) {
    written += new TextDecoder().decode(chunk)
    // It writes the number before the end of the line, and would end if nobody read that.
    if (written.endsWith("\n")) {
      return { name: `:${written.trim()}`, close: () => server.kill() }
    }
  }
  throw new Error("Xvfb has no display")
}

/** A command of WebDriver, and the value that it is answered with. */
type Call = (method: "DELETE" | "POST", path: string, body?: object) => Promise<unknown>

const callOf = (origin: string): Call => async (method, path, body) => {
  const response = await fetch(`${origin}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(patience),
  })
  const { value } = Schema.decodeUnknownSync(Schema.Struct({ value: Schema.Unknown }))(
    await response.json(),
  )
  if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`)
  return value
}

/** The driver listens soon after it is started. */
const whenReady = async (origin: string): Promise<void> => {
  for (let attempt = 0;; attempt++) {
    try {
      await fetch(`${origin}/status`)
      return
    } catch (error) {
      if (attempt === 100) throw error
      await Bun.sleep(50)
    }
  }
}

/** Opens the browser for tests; `undefined` if it is not installed. */
export const openWebKit = async (): Promise<TestBrowser | undefined> => {
  const [command, xvfb] = ["WebKitWebDriver", "Xvfb"].map((program) => Bun.which(program))
  if (command === null || command === undefined || xvfb === null) return undefined
  const home = await mkdtemp(join(tmpdir(), "compile-streaming-webkit-"))
  const display = await openDisplay()
  const port = await freePort()
  const driver = Bun.spawn([command, `--port=${port}`], {
    env: { ...Bun.env, DISPLAY: display.name, HOME: home },
    stdout: "ignore",
    stderr: "ignore",
  })
  const end = async (): Promise<void> => {
    driver.kill()
    await driver.exited
    display.close()
    await rm(home, { recursive: true, force: true })
  }
  try {
    const origin = `http://127.0.0.1:${port}`
    await whenReady(origin)
    const call = callOf(origin)
    const { sessionId } = Schema.decodeUnknownSync(Schema.Struct({ sessionId: Schema.String }))(
      await call("POST", "/session", { capabilities: { alwaysMatch: {} } }),
    )
    const session = `/session/${sessionId}`
    await call("POST", `${session}/timeouts`, { script: patience })
    return {
      run: async (origin, script): Promise<PageOutcome> => {
        await call("POST", `${session}/url`, { url: origin })
        await call("POST", `${session}/execute/sync`, { script: prepare, args: [origin, script] })
        const told = await call("POST", `${session}/execute/async`, { script: start, args: [] })
        const { results, ...others } = Schema.decodeUnknownSync(outcome)(told)
        return {
          ...others,
          results: results.map(({ error, name }) => ({ name, error: error ?? undefined })),
        }
      },
      close: async () => {
        await call("DELETE", session)
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

/**
 * Replaces `node:test` in a page: collects the tests, and runs them in order when the runner asks for it.
 *
 * @module
 */

type Body = () => unknown

/** The page's original timers: tests replace the global ones. */
const nativeTimers = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
}

const tests: Array<readonly [name: string, body: Body]> = []
const skipped: Array<string> = []
const befores: Array<Body> = []
const afters: Array<Body> = []
const beforeEaches: Array<Body> = []

/** A test's name, and why it failed if it did. */
export interface BrowserResult {
  readonly name: string
  readonly error: string | undefined
}

/** The results of a file's tests. */
export interface BrowserResults {
  readonly results: ReadonlyArray<BrowserResult>
  /** The names of the tests that were skipped. */
  readonly skipped: ReadonlyArray<string>
}

/** The options of a test: whether it is skipped, or why. */
interface TestOptions {
  readonly skip?: boolean | string
}

/** Registers a test. */
export const test = (name: string, second: Body | TestOptions, third?: Body): void => {
  if (typeof second === "function") tests.push([name, second])
  else if (second.skip !== undefined && second.skip !== false) skipped.push(name)
  else if (third !== undefined) tests.push([name, third])
}
/** Registers what runs before the file's tests. */
export const before = (body: Body): void => void befores.push(body)
/** Registers what runs before each of the file's tests. */
export const beforeEach = (body: Body): void => void beforeEaches.push(body)
/** Registers what runs after the file's tests. */
export const after = (body: Body): void => void afters.push(body)

/** The time limit of a test, in milliseconds: one that never ends would block all that follow. */
const patience = 120_000

/** An error as text: in SpiderMonkey, the stack does not begin with the message. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? ""
  return stack.includes(error.message) ? stack : `${error}\n${stack}`
}

const attempt = async (name: string, body: Body): Promise<BrowserResult> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const seconds = patience / 1_000
    timer = nativeTimers.setTimeout(
      () => reject(new Error(`Not over after ${seconds} s`)),
      patience,
    )
  })
  try {
    await Promise.race([body(), late])
    return { name, error: undefined }
  } catch (error) {
    return { name, error: textOf(error) }
  } finally {
    nativeTimers.clearTimeout(timer)
  }
}

const unhandled: Array<string> = []
globalThis.addEventListener?.("unhandledrejection", (event) => {
  unhandled.push(String(Reflect.get(event, "reason")))
})

Reflect.set(globalThis, "runTests", async (): Promise<BrowserResults> => {
  for (const body of befores) await body()
  const results: Array<BrowserResult> = []
  for (const [name, body] of tests) {
    for (const prepare of beforeEaches) await prepare()
    results.push(await attempt(name, body))
  }
  for (const body of afters) await body()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const late = unhandled.map((error) => ({ name: "an unhandled rejection", error }))
  return { results: [...results, ...late], skipped }
})

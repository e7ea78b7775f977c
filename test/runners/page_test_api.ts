/**
 * Stands for `node:test` in a page: collects the tests, and runs them in order when the runner says so.
 *
 * @module
 */

type Body = () => unknown

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

/** What a file's tests came to. */
export interface BrowserResults {
  readonly results: ReadonlyArray<BrowserResult>
  /** The names of the tests that were skipped. */
  readonly skipped: ReadonlyArray<string>
}

/** What may be said of a test: why it is skipped, or whether. */
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

const attempt = async (name: string, body: Body): Promise<BrowserResult> => {
  try {
    await body()
    return { name, error: undefined }
  } catch (error) {
    return { name, error: error instanceof Error ? `${error.stack}` : String(error) }
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

/**
 * Stands for `node:test` in a page: collects the tests, and runs them in order when the runner says so.
 *
 * @module
 */

type Body = () => unknown

const tests: Array<readonly [name: string, body: Body]> = []
const befores: Array<Body> = []
const afters: Array<Body> = []

/** A test's name, and why it failed if it did. */
export interface BrowserResult {
  readonly name: string
  readonly error: string | undefined
}

/** What may be said of a test. */
interface TestOptions {
  readonly skip?: boolean
}

/** Registers a test. */
export const test = (name: string, second: Body | TestOptions, third?: Body): void => {
  if (typeof second === "function") tests.push([name, second])
  else if (third !== undefined && second.skip !== true) tests.push([name, third])
}
/** Registers what runs before the file's tests. */
export const before = (body: Body): void => void befores.push(body)
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

Reflect.set(globalThis, "runTests", async (): Promise<ReadonlyArray<BrowserResult>> => {
  for (const body of befores) await body()
  const results: Array<BrowserResult> = []
  for (const [name, body] of tests) results.push(await attempt(name, body))
  for (const body of afters) await body()
  await new Promise((resolve) => setTimeout(resolve, 50))
  return [...results, ...unhandled.map((error) => ({ name: "an unhandled rejection", error }))]
})

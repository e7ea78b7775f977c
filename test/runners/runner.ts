/**
 * What the runners share.
 *
 * @module
 */
import { fileURLToPath } from "node:url"

/** How many tests passed, failed and were skipped. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** The closing line. Skipped tests are counted, and are no failure. */
export const closingLine = ({ failed, passed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`

/** The project's folder. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url))

/** The folder of the official suite's vectors, which a bundle cannot find by its own location. */
export const vectors: string = Bun.env["SPEC_VECTORS"] ??
  fileURLToPath(new URL("../shared/spec-vectors", `file://${root}`))

/** The test files in the folders that a pattern does not name. */
const testsOutside = async (folders: RegExp): Promise<ReadonlyArray<string>> => {
  const files: Array<string> = []
  for await (const found of new Bun.Glob("test/**/*_test.ts").scan(root)) {
    const name = found.replaceAll("\\", "/")
    if (!folders.test(name)) files.push(`${root}${name}`)
  }
  return files.sort()
}

/** All test files. */
export const allTests = (): Promise<ReadonlyArray<string>> => testsOutside(/^$/)

/** The test files for Node; the others start processes of Bun and Deno, or browsers. */
export const nodeTests = (): Promise<ReadonlyArray<string>> =>
  testsOutside(/^test\/(system|consumers|demo)\//)

/** The test files that need only the language and the web platform; `http/load` and `http/chaos` need servers and files. */
export const portableTests = (): Promise<ReadonlyArray<string>> =>
  testsOutside(/^test\/(system|consumers|cli|demo|http\/(load|chaos))\//)

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

/** The closing line: what was skipped is told, and is no failure. */
export const closingLine = ({ failed, passed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`

/** The project's folder. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url))

/** Where the vectors of the official suite are looked for: a bundle no longer knows its place. */
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

/** The test files that need no more than the language and the web's platform; `http/load` and `http/chaos` need servers and files. */
export const portableTests = (): Promise<ReadonlyArray<string>> =>
  testsOutside(/^test\/(system|consumers|cli|demo|http\/(load|chaos))\//)

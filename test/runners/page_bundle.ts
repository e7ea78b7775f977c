/**
 * A test file as one script for a page.
 *
 * @module
 */
import { existsSync } from "node:fs"
import { paths } from "../support/adapters/adapter_paths.ts"
import { findFile } from "../support/packages.ts"
import { root, vectors } from "./runner.ts"

/** What stands for `vectors_text.ts` in a page: the text itself. */
const vectorsModule = async (): Promise<string> => {
  const path = `${vectors}/vectors.jsonl`
  const text = existsSync(path) ? JSON.stringify(await Bun.file(path).text()) : "undefined"
  return `export const path = ${JSON.stringify(path)}\nexport const vectorsText = ${text}\n`
}

/** What stands for `adapter_files.ts` in a page: the files themselves. */
const filesModule = (): string => {
  const files = Object.values(paths).map((path) => {
    const bytes = findFile(path)
    return [path, bytes === undefined ? undefined : Buffer.from(bytes).toString("base64")] as const
  })
  return `const files = ${JSON.stringify(Object.fromEntries(files))}
export const readPackageFile = (path) => files[path] === undefined
  ? undefined
  : Uint8Array.from(atob(files[path]), (character) => character.charCodeAt(0))
`
}

/**
 * Bundles a test file. `node:test` and `node:assert` are replaced by what a page has.
 *
 * @param file its path
 */
export const bundle = async (file: string): Promise<string> => {
  const built = await Bun.build({
    entrypoints: [file],
    target: "browser",
    // The stand-in for node:assert looks for colours in it.
    define: { process: "({ env: {} })" },
    plugins: [{
      name: "node:test in a page",
      setup: (build) => {
        const stand = (name: string) => () => ({ path: `${root}test/runners/${name}` })
        build.onResolve({ filter: /^node:test$/ }, stand("page_test_api.ts"))
        build.onResolve({ filter: /^node:assert\/strict$/ }, stand("page_assert.ts"))
        build.onResolve({ filter: /^node:process$/ }, stand("page_process.ts"))
        // The page is served by this server; it starts none.
        build.onResolve(
          { filter: /scenario_server\.ts$/ },
          ({ path }) => ({ path, external: true }),
        )
        build.onLoad({ filter: /vectors_text\.ts$/ }, async () => ({
          contents: await vectorsModule(),
          loader: "ts",
        }))
        build.onLoad({ filter: /adapter_files\.ts$/ }, () => ({
          contents: filesModule(),
          loader: "js",
        }))
      },
    }],
  })
  const output = built.outputs[0]
  if (output === undefined) throw new Error(`Cannot bundle ${file}`)
  return await output.text()
}

/**
 * Bundles the page's scripts as users of the library would: minified, with code splitting.
 *
 * @module
 */
import { basename } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build, type Plugin } from "esbuild"

/** The scripts by name, and their sizes. */
export interface Bundle {
  readonly scripts: ReadonlyMap<string, Uint8Array>
  /** The size of what the page needs to start, gzipped, in bytes. */
  readonly size: number
  /** The size of what is loaded on demand, gzipped, in bytes. */
  readonly later: number
}

/** Resolves packages with Deno, which keeps them in a store of its own where esbuild does not find them. */
const denoStore: Plugin = {
  name: "packages of Deno",
  setup: (build) => {
    build.onResolve({ filter: /^(?:effect|@noble\/hashes)(?:\/|$)/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }))
  },
}

const entry = "main.js"

/** Bundles the page. */
export const bundlePage = async (): Promise<Bundle> => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page/main.ts", import.meta.url))],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: "out",
    metafile: true,
    write: false,
    logLevel: "silent",
    plugins: "Deno" in globalThis ? [denoStore] : [],
  })
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]),
  )
  const needed = new Set<string>()
  const visit = (name: string): void => {
    if (needed.has(name)) return
    needed.add(name)
    for (const { kind, path } of outputs.get(name)?.imports ?? []) {
      if (kind === "import-statement") visit(basename(path))
    }
  }
  visit(entry)
  let [size, later] = [0, 0]
  const scripts = new Map<string, Uint8Array>()
  for (const { contents, path } of outputFiles) {
    const name = basename(path)
    scripts.set(name, contents)
    const packed = gzipSync(contents, { level: 9 }).length
    if (needed.has(name)) size += packed
    else later += packed
  }
  return { scripts, size, later }
}

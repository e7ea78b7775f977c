/**
 * The size of each part of the library for its users: bundled by esbuild with code splitting, minified, gzipped, in bytes,
 * effect included. Code that is loaded on demand does not count.
 */
import assert from "node:assert/strict"
import { basename } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** The bytes of a program, without what it loads on demand. */
const sizeOf = async (program: string): Promise<number> => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    outdir: "out",
    metafile: true,
    write: false,
    logLevel: "silent",
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
  visit("stdin.js")
  const files = outputFiles.filter(({ path }) => needed.has(basename(path)))
  assert.equal(files.length, needed.size)
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
}

const cases: ReadonlyArray<readonly [name: string, program: string, most: number]> = [
  ["compileStreaming", `export { compileStreaming } from "./mod.ts"`, 40_000],
  [
    "compileStreaming with a policy",
    `export { compileStreaming } from "./mod.ts"; export { policy } from "./src/policy/mod.ts"`,
    46_000,
  ],
  // The goal is 15,000. The rest keeps hostile names and types linear in time: tables that detect collisions, a keyed hash,
  // ancestors found by jumps. Shorter versions of them, and of the loops over names, took more time.
  ["ModuleDecoder", `export { ModuleDecoder } from "./src/binary/mod.ts"`, 15_700],
]
for (const [name, program, most] of cases) {
  test(`${name} alone has at most ${most} bytes`, async () => {
    const size = await sizeOf(program)
    assert.ok(size > 1_000 && size <= most, `${size} bytes`)
  })
}

/**
 * The npm form: a few files of JavaScript an entry, with what entries share and what is loaded on demand in chunks of
 * their own; declarations beside them, which lead to the sources.
 *
 * `bun build.ts` (by `prepack`)
 *
 * @module
 */
import { build } from "esbuild"
import { rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL(".", import.meta.url))

/** The entries, by what `package.json` has for them: `./dist/src/effect.js` is made of `src/effect.ts`. */
const entries = async (): Promise<ReadonlyArray<string>> => {
  const manifest: unknown = await Bun.file(`${root}package.json`).json()
  const exported: unknown = typeof manifest === "object" && manifest !== null
    ? Reflect.get(manifest, "exports")
    : undefined
  if (typeof exported !== "object" || exported === null) throw new Error("No exports")
  return Object.values(exported).map((target: unknown) => {
    const path: unknown = typeof target === "object" && target !== null
      ? Reflect.get(target, "default")
      : undefined
    if (typeof path !== "string") throw new Error("An entry has no default")
    return path.replace(/^\.\/dist\//, root).replace(/\.js$/, ".ts")
  })
}

await rm(`${root}dist`, { recursive: true, force: true })
await build({
  entryPoints: [...await entries()],
  outdir: `${root}dist`,
  outbase: root,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2023",
  platform: "neutral",
  packages: "external",
  chunkNames: "chunks/[name]-[hash]",
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "none",
})
const { exitCode, stdout } = Bun.spawnSync(
  [process.execPath, "node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"],
  { cwd: root },
)
if (exitCode !== 0) throw new Error(`The declarations cannot be made\n${stdout}`)

/**
 * The npm form: a few files of JavaScript an entry, with what entries share and what is loaded on demand in chunks of
 * their own; declarations beside them, which lead to the sources. And the command, in one file with all that it needs.
 *
 * `bun build.ts` (by `prepack`)
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { build } from "esbuild"
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { commandNames } from "./src/cli/arguments.ts"
import { helpText } from "./src/cli/help.ts"

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

/** The folders of the packages that went into a bundle. */
const packagesIn = (inputs: ReadonlyArray<string>): ReadonlyArray<string> =>
  [
    ...new Set(
      inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
    ),
  ].sort()

/** What a package's license asks for: to go with every copy. */
const licenseOf = async (folder: string): Promise<string> => {
  const file = (await readdir(`${root}${folder}`)).find((name) => /^licen[cs]e/i.test(name))
  if (file === undefined) throw new Error(`${folder} has no license`)
  const name = folder.replace(/^.*node_modules\//, "")
  return `${name}:\n\n${(await readFile(`${root}${folder}/${file}`, "utf8")).trim()}\n`
}

/** The help of the whole and of each command, told without loading what makes it. */
const helpTexts = async (): Promise<string> => {
  const texts = await Promise.all(
    ["", ...commandNames].map(async (name) => [name, await Effect.runPromise(helpText(name))]),
  )
  return `export const helpTexts = ${JSON.stringify(Object.fromEntries(texts))}`
}

const cli = `${root}dist/cli.js`
const { metafile } = await build({
  entryPoints: [`${root}src/cli/main.ts`],
  outfile: cli,
  absWorkingDir: root,
  bundle: true,
  // In one file: what is imported on demand is run on demand.
  splitting: false,
  minify: true,
  format: "esm",
  target: "es2023",
  platform: "node",
  legalComments: "none",
  metafile: true,
  plugins: [{
    name: "help, made",
    setup: ({ onLoad }) => {
      onLoad(
        { filter: /help_texts\.ts$/ },
        async () => ({ contents: await helpTexts(), loader: "ts" }),
      )
    },
  }],
})
const licenses = await Promise.all(packagesIn(Object.keys(metafile.inputs)).map(licenseOf))
const notice = `/*\nThis file holds parts of:\n\n${licenses.join("\n")}*/\n`
await writeFile(cli, (await readFile(cli, "utf8")).trimEnd() + `\n${notice}`)
await chmod(cli, 0o755)

const { exitCode, stdout } = Bun.spawnSync(
  [process.execPath, "node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"],
  { cwd: root },
)
if (exitCode !== 0) throw new Error(`The declarations cannot be made\n${stdout}`)

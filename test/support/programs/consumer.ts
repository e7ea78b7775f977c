/**
 * Projects that use the package: temporary folders, the programs in them, and the runtimes that run those.
 *
 * Nothing is written outside of the temporary folders, so that tests can run in parallel.
 */
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, delimiter, dirname, join } from "node:path"
import { root } from "../command.ts"

/** The time limit of a test, in milliseconds: packages may have to be downloaded. */
export const testTimeout = 180_000

/** Whether `PATH` has a command. Deno adds a folder in which it itself is called node, which does not count. */
const isInstalled = (command: string): boolean => {
  const folders = (process.env["PATH"] ?? "").split(delimiter)
  return folders.filter((folder) => basename(folder) !== "node_compat_bin").some((folder) =>
    ["", ".exe", ".cmd"].some((ending) => existsSync(join(folder, command + ending)))
  )
}

/** Whether the Node in `PATH` is one that effect supports and that runs TypeScript. */
const isNode22 = (): boolean => {
  if (!isInstalled("node")) return false
  const version = spawnSync("node", ["--version"], { encoding: "utf8" }).stdout
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number)
  return major > 22 || (major === 22 && minor >= 19)
}

/** What a test needs besides the runtime that it runs on. */
export type Need = "bun" | "deno" | "git" | "node" | "node22" | "npm" | "node_modules"

/**
 * The options of a test that needs runtimes: if one is missing, the test is skipped with a message.
 *
 * @param what what is not tested without them
 * @param needs the commands, or `node_modules` for the project's installed development dependencies
 */
export const needing = (
  what: string,
  ...needs: ReadonlyArray<Need>
): { skip: boolean; timeout: number } => {
  const missing = needs.filter((need) =>
    need === "node_modules"
      ? !existsSync(join(root, "node_modules/typescript"))
      : need === "node22"
      ? !isNode22()
      : !isInstalled(need)
  )
  if (missing.length > 0) console.log(`Skipped: ${what}: missing ${missing.join(", ")}`)
  return { skip: missing.length > 0, timeout: testTimeout }
}

/**
 * Runs `body` with a temporary folder, and removes the folder afterwards.
 *
 * @param files the files to put there first, by their paths
 */
export const withFolder = async (
  files: Readonly<Record<string, string>>,
  body: (folder: string) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-consumer-"))
  try {
    await writeFiles(folder, files)
    await body(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Writes files, by their paths in `folder`. */
export const writeFiles = async (
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const copied = [
  "mod.ts",
  "src",
  "deno.json",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "build.ts",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
]

/** Copies the files that the packages are built from, and links the installed dependencies if there are any. */
export const copyProject = async (folder: string): Promise<void> => {
  for (const path of copied.filter((path) => existsSync(join(root, path)))) {
    await cp(join(root, path), join(folder, path), { recursive: true })
  }
  const installed = join(root, "node_modules")
  if (existsSync(installed)) await symlink(installed, join(folder, "node_modules"), "junction")
}

const readJson = async (path: string): Promise<object> =>
  JSON.parse(await readFile(join(root, path), "utf8"))

const text = (value: unknown): string => {
  assert.ok(typeof value === "string")
  return value
}

const record = (value: unknown): object => {
  assert.ok(typeof value === "object" && value !== null)
  return value
}

/** What a manifest says about the project. */
export interface Manifest {
  readonly version: string
  /** The entries, `"."` first, each with its targets. */
  readonly entries: ReadonlyArray<readonly [name: string, target: unknown]>
}

/** Reads one of the two manifests. */
export const readManifest = async (path: "package.json" | "deno.json"): Promise<Manifest> => {
  const manifest = await readJson(path)
  return {
    version: text(Reflect.get(manifest, "version")),
    entries: Object.entries(record(Reflect.get(manifest, "exports"))),
  }
}

/** The range of effect's versions, which only `package.json` has. */
export const effectRange = async (): Promise<string> => {
  const { peerDependencies } = Object.assign(
    { peerDependencies: {} },
    await readJson("package.json"),
  )
  return text(Reflect.get(peerDependencies, "effect"))
}

/** The specifiers of the two entries. */
export interface Specifiers {
  readonly main: string
  readonly effect: string
}

/** The entries by name, as npm and import maps resolve them. */
export const byName: Specifiers = {
  main: "@effect-wasm/compile-streaming",
  effect: "@effect-wasm/compile-streaming/effect",
}

/** A program in both JavaScript and TypeScript: loads a valid and an invalid module, and prints the results as JSON. */
export const program = ({ main, effect }: Specifiers): string =>
  `import * as Effect from "effect/Effect"
import { compileStreaming, Wasm } from "${main}"
import * as Entry from "${effect}"

const headers = { "content-type": "application/wasm" }
const empty = () => new Response(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), { headers })
const page = () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } })

const compiled = await compileStreaming(empty())
const refused = await compileStreaming(page()).catch((error) => error)
const outcome = Entry.compileStreaming(page()).pipe(
  Effect.map(() => "compiled"),
  Effect.catchTag("TypeError", (error) => Effect.succeed(error.reason)),
)

console.log(JSON.stringify({
  runtime: "Bun" in globalThis ? "bun" : "Deno" in globalThis ? "deno" : "node",
  compiled: compiled instanceof WebAssembly.Module,
  compiledByEffect: await Effect.runPromise(Wasm.compileStreaming(empty())) instanceof WebAssembly.Module,
  refused: refused.constructor === TypeError && refused.cause instanceof Wasm.TypeError,
  caught: await Effect.runPromise(outcome),
  sameEntry: Wasm.compileStreaming === Entry.compileStreaming,
}))
`

/** Checks what {@linkcode program} printed. */
export const checkPrinted = (printed: string, runtime: "bun" | "deno" | "node"): void =>
  assert.deepEqual(JSON.parse(printed), {
    runtime,
    compiled: true,
    compiledByEffect: true,
    refused: true,
    caught: "content-type",
    sameEntry: true,
  })

/** A program for the type checker alone: the check fails if types are wrong or missing. */
export const typedProgram = ({ main, effect }: Specifiers): string =>
  `import * as Effect from "effect/Effect"
import { compileStreaming, type CompileStreamingOptions, Wasm } from "${main}"
import type * as Entry from "${effect}"

const options: CompileStreamingOptions = { signal: new AbortController().signal }

export const promised: Promise<WebAssembly.Module> = compileStreaming(new Response(), options)

export const pipeline: Effect.Effect<WebAssembly.Module, Entry.CompileStreamingError> = Wasm
  .compileStreaming(new Response(), options)

export const caught: Effect.Effect<
  WebAssembly.Module | Entry.TypeErrorReason,
  Wasm.CompileError | Wasm.SourceError
> = pipeline.pipe(Effect.catchTag("TypeError", (error) => Effect.succeed(error.reason)))

// @ts-expect-error What may fail is a part of the type.
export const infallible: Effect.Effect<WebAssembly.Module> = pipeline

// @ts-expect-error A number is no source.
export const misused: Promise<WebAssembly.Module> = compileStreaming(1)
`

/**
 * An Effect program that composes with every entry: services, tags, streams and clients of the same copy of effect. Its
 * argument is the URL of a module, and it prints the results as JSON.
 */
export const composedProgram: string = `import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { Wasm } from "@effect-wasm/compile-streaming"
import { Http } from "@effect-wasm/compile-streaming/http"
import { ModuleReportJson } from "@effect-wasm/compile-streaming/schema"

const url: string = Reflect.get(globalThis, "process").argv.at(-1)
const cache = Http.ModuleCache.layerMemory({ maxBytes: 1_000_000 })
const refusing = { compile: () => Effect.fail(new Wasm.CompileError({ reason: "forbidden", message: "No" })) }

const program = Effect.gen(function* () {
  const got = yield* Wasm.compileStreaming(HttpClient.get(url)).pipe(Effect.timeout(Duration.seconds(30)))
  const streamed = yield* Wasm.compileStream(HttpClient.get(url).pipe(
    Effect.map((response) => response.stream),
    Stream.unwrap,
  ))
  const loaded = yield* Effect.all([Http.loadModule(url), Http.loadModule(url)], { concurrency: 2 })
  const report = yield* Wasm.inspect(HttpClient.get(url))
  const json = yield* Schema.encodeEffect(ModuleReportJson)(report)
  const caught = yield* Wasm.compileStreaming(HttpClient.get(url + "/missing")).pipe(
    Effect.map(() => "compiled"),
    Effect.catchTags({
      TypeError: (error) => Effect.succeed(error.reason),
      CompileError: (error) => Effect.succeed(error.reason),
    }),
  )
  const refused = yield* Wasm.compileStreaming(HttpClient.get(url)).pipe(
    Effect.provideService(Wasm.Engine, refusing),
    Effect.flip,
  )
  const isModule = (module: unknown) => module instanceof WebAssembly.Module
  return {
    modules: [got, streamed, ...loaded].map(isModule),
    size: (yield* Schema.decodeEffect(ModuleReportJson)(json)).size,
    caught,
    refused: refused._tag,
  }
}).pipe(Effect.provide(Layer.merge(cache, FetchHttpClient.layer)))

console.log(JSON.stringify(await Effect.runPromise(program)))
`

/** A program that imports each entry by its name, and prints how many exports each has as JSON. */
export const entriesProgram = (entries: ReadonlyArray<string>): string =>
  `const counts = {}
for (const entry of ${JSON.stringify(entries)}) {
  const name = ${JSON.stringify(byName.main)} + entry.slice(1)
  counts[entry] = Object.keys(await import(name)).length
}
console.log(JSON.stringify(counts))
`

/** Checks that {@linkcode entriesProgram} found exports in each entry. */
export const checkEntries = (printed: string, entries: ReadonlyArray<string>): void => {
  const counts: Record<string, number> = JSON.parse(printed)
  assert.deepEqual(Object.keys(counts), entries)
  assert.deepEqual(Object.entries(counts).filter(([, count]) => count === 0), [])
}

/** Checks what {@linkcode composedProgram} printed for a module of a size. */
export const checkComposed = (printed: string, size: number): void =>
  assert.deepEqual(JSON.parse(printed), {
    modules: [true, true, true, true],
    size,
    caught: "status",
    refused: "CompileError",
  })

/**
 * Runs the tests on every available runtime: Bun, the lowest and the newest Node (from bundles), Deno, Chromium,
 * Firefox and WebKit. Missing runtimes are reported. Ends with one line that counts what ran.
 *
 * `bun test/runners/run_all.ts [--only <part of a path>] [--in-process] [bun] [node22] [node26] [deno] [chromium] [firefox] [webkit]`
 *
 * `--in-process` leaves out the tests that start processes of their own, as for Node.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises"
import { availableParallelism, tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { parseArgs } from "node:util"
import { browserNames, runInBrowser } from "./browsers.ts"
import { findNode, type MissingNode, nodeNames } from "./nodes.ts"
import { allTests, closingLine, nodeTests, root, type Tally, vectors } from "./runner.ts"

/** The patterns of a runtime's closing lines. Some do not mention skipped tests if there are none. */
interface Counters {
  readonly passed: RegExp
  readonly failed: RegExp
  readonly skipped: RegExp
  /** What to show of a failed run. Defaults to all of it. */
  readonly failure?: RegExp
}

const read = (text: string, pattern: RegExp): number =>
  Number(pattern.exec(text)?.[1] ?? Number.NaN)

/** The `PATH` with the lowest Node first, on which programs that use the package are tested. */
const pathWithNode = async (): Promise<string> => {
  const [lowest] = await nodeNames()
  const node = lowest === undefined ? undefined : await findNode(lowest)
  const path = Bun.env["PATH"] ?? ""
  return node !== undefined && "command" in node
    ? `${dirname(node.command)}${delimiter}${path}`
    : path
}

/** Runs a command, shows what it prints, and counts by the patterns of its closing lines. */
const run = async (
  command: ReadonlyArray<string>,
  counters: Counters,
): Promise<Tally> => {
  const child = Bun.spawn([...command], {
    cwd: root,
    env: { ...Bun.env, NO_COLOR: "1", PATH: await pathWithNode(), SPEC_VECTORS: vectors },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const text = `${out}\n${err}`
  const tally = {
    passed: read(text, counters.passed),
    failed: read(text, counters.failed),
    skipped: Number(counters.skipped.exec(text)?.[1] ?? 0),
  }
  const counted = Number.isInteger(tally.passed) && Number.isInteger(tally.failed)
  if (code !== 0 || !counted || tally.failed > 0) {
    const failures = counters.failure === undefined ? null : text.match(counters.failure)
    console.log(failures === null ? text : failures.join("\n"))
  }
  const told = text.split("\n").filter((line) => /left out|skipped[:,] /i.test(line))
  for (const line of new Set(told)) console.log(`  ${line.replace(/^# /, "")}`)
  if (!counted) return { passed: 0, failed: 1, skipped: 0 }
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

// Each file has a global object of its own: some replace globals.
const runBun = (only: ReadonlyArray<string>): Promise<Tally> =>
  run([process.execPath, "test", "--parallel", ...only], {
    passed: /^ *(\d+) pass$/m,
    failed: /^ *(\d+) fail$/m,
    skipped: /^ *(\d+) skip$/m,
  })

const runDeno = (only: ReadonlyArray<string>): Promise<Tally> =>
  run(["deno", "test", "-A", "--no-check", "--parallel", ...only], {
    passed: /^\w+ \| (\d+) passed/m,
    failed: /^\w+ \| .*?(\d+) failed/m,
    skipped: /^\w+ \| .*?(\d+) ignored/m,
  })

/** The bundles for Node, made once for all its versions. */
let bundles: Promise<{ readonly folder: string; readonly names: ReadonlyArray<string> }> | undefined

const bundle = async (files: ReadonlyArray<string>) => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-node-"))
  const built = await Bun.build({
    entrypoints: [...files],
    outdir: folder,
    root,
    target: "node",
    naming: "[dir]/[name].mjs",
  })
  const names = built.outputs.map(({ path }) => path).filter((path) => path.endsWith("_test.mjs"))
  return { folder, names }
}

const runNode = async (
  name: string,
  only: ReadonlyArray<string>,
): Promise<Tally | MissingNode> => {
  const node = await findNode(name)
  if (!("command" in node)) return node
  const files = (await nodeTests()).filter((file) => only.length === 0 || only.includes(file))
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  bundles ??= bundle(files)
  // As many files at once as there are cores: the default is one less.
  const flags = ["--test", "--test-reporter=tap", `--test-concurrency=${availableParallelism()}`]
  return await run(
    [node.command, ...flags, ...(await bundles).names],
    {
      failure: /^not ok [^]*?^ {2}\.{3}$/gm,
      passed: /^# pass (\d+)$/m,
      failed: /^# fail (\d+)$/m,
      skipped: /^# skipped (\d+)$/m,
    },
  )
}

type Run = (only: ReadonlyArray<string>) => Promise<Tally | MissingNode | undefined>

const runtimes: Record<string, Run> = { bun: runBun }
for (const name of await nodeNames()) runtimes[name] = (only) => runNode(name, only)
runtimes["deno"] = async (only) => Bun.which("deno") === null ? undefined : await runDeno(only)
for (const name of browserNames) {
  runtimes[name] = (only) => runInBrowser(name, only)
}

const { positionals: asked, values } = parseArgs({
  args: Bun.argv.slice(2),
  allowPositionals: true,
  options: { only: { type: "string" }, "in-process": { type: "boolean", default: false } },
})
const unknown = asked.filter((name) => !(name in runtimes))
if (unknown.length > 0) {
  console.error(
    `No such runtime: ${unknown.join(", ")}; there are ${Object.keys(runtimes).join(", ")}`,
  )
  process.exit(1)
}
const { "in-process": isInProcess, only: part } = values
const files = isInProcess ? await nodeTests() : await allTests()
const only = part === undefined && !isInProcess
  ? []
  : files.filter((file) => file.slice(root.length).includes(part ?? ""))
if (part !== undefined && only.length === 0) {
  console.error(`No test file has ${part} in its path`)
  process.exit(1)
}

const total = { passed: 0, failed: 0, skipped: 0 }
try {
  for (const [name, start] of Object.entries(runtimes)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const began = performance.now()
    const tally = await start(only)
    if (tally === undefined || "why" in tally) {
      const why = tally === undefined ? "not installed here" : tally.why
      console.log(`${name.padEnd(10)}${why}: its tests did not run`)
      continue
    }
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    console.log(`${name.padEnd(10)}${closingLine(tally)} in ${seconds} s`)
    total.passed += tally.passed
    total.failed += tally.failed
    total.skipped += tally.skipped
  }
} finally {
  if (bundles !== undefined) await rm((await bundles).folder, { recursive: true, force: true })
}
console.log(closingLine(total))
if (total.failed > 0 || total.passed === 0) process.exitCode = 1

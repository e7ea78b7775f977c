/**
 * Runs the tests on every runtime that this machine has: Bun, Node (from bundles), Deno and Chromium. What is missing is
 * said aloud. Ends with one line that counts what ran.
 *
 * `bun test/runners/run_all.ts [bun] [node] [deno] [chromium]`
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runInChromium } from "./chromium.ts"
import { nodeTests, root, type Tally, vectors } from "./runner.ts"

const read = (text: string, pattern: RegExp): number =>
  Number(pattern.exec(text)?.[1] ?? Number.NaN)

/** Runs a command, shows what it prints, and counts by the patterns of its closing lines. */
const run = async (
  command: ReadonlyArray<string>,
  passed: RegExp,
  failed: RegExp,
): Promise<Tally> => {
  const child = Bun.spawn([...command], {
    cwd: root,
    env: { ...Bun.env, NO_COLOR: "1", SPEC_VECTORS: vectors },
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
  const tally = { passed: read(text, passed), failed: read(text, failed) }
  const counted = Number.isInteger(tally.passed) && Number.isInteger(tally.failed)
  if (code !== 0 || !counted || tally.failed > 0) console.log(text)
  else {for (const line of text.split("\n")) {
      if (/left out|Skipped: /.test(line)) console.log(`  ${line}`)
    }}
  if (!counted) return { passed: 0, failed: 1 }
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

const runBun = (): Promise<Tally> =>
  run([Bun.argv[0] ?? "bun", "test", "--timeout", "120000"], /(\d+) pass\n/, /(\d+) fail\n/)

const runDeno = (): Promise<Tally> =>
  run(
    ["deno", "test", "-A", "--no-check", "--parallel"],
    /^\w+ \| (\d+) passed/m,
    /^\w+ \| .*?(\d+) failed/m,
  )

const runNode = async (): Promise<Tally> => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-node-"))
  try {
    const files = await nodeTests()
    const built = await Bun.build({
      entrypoints: [...files],
      outdir: folder,
      root,
      target: "node",
      naming: "[dir]/[name].mjs",
    })
    const names = built.outputs.map(({ path }) => path).filter((path) => path.endsWith("_test.mjs"))
    return await run(
      ["node", "--test", "--test-reporter=tap", ...names],
      /^# pass (\d+)$/m,
      /^# fail (\d+)$/m,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const runtimes: Readonly<Record<string, () => Promise<Tally | undefined>>> = {
  bun: runBun,
  node: async () => Bun.which("node") === null ? undefined : await runNode(),
  deno: async () => Bun.which("deno") === null ? undefined : await runDeno(),
  chromium: runInChromium,
}

const asked = Bun.argv.slice(2)
const unknown = asked.filter((name) => !(name in runtimes))
if (unknown.length > 0) {
  console.error(
    `No such runtime: ${unknown.join(", ")}; there are ${Object.keys(runtimes).join(", ")}`,
  )
  process.exit(1)
}

const total = { passed: 0, failed: 0 }
for (const [name, start] of Object.entries(runtimes)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const began = performance.now()
  const tally = await start()
  if (tally === undefined) {
    console.log(`${name.padEnd(10)}not installed here: its tests did not run`)
    continue
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  console.log(`${name.padEnd(10)}${tally.passed} passed, ${tally.failed} failed in ${seconds} s`)
  total.passed += tally.passed
  total.failed += tally.failed
}
console.log(`${total.passed} passed, ${total.failed} failed`)
if (total.failed > 0 || total.passed === 0) process.exitCode = 1

/**
 * Line coverage of `src/` by the tests on Bun, for each folder, with a minimum for each. Code that runs in other processes
 * (the command, programs that use the package, browsers) does not count, nor do the modules of the official test suite,
 * which are not available everywhere. A file that no test loads counts as not covered.
 *
 * `bun test/runners/coverage.ts [--files]`: with `--files`, a line for each file that is not fully covered
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { nodeTests, root } from "./runner.ts"

/**
 * The least coverage of each folder, in percent; a little below what was measured. The command mostly runs in processes of
 * its own.
 */
const floors: Readonly<Record<string, number>> = {
  "src": 99,
  "src/adapters": 99,
  "src/binary": 98,
  "src/cli": 58,
  "src/diagnosis": 97,
  "src/http": 96,
  "src/pipeline": 97,
  "src/platform": 90,
  "src/policy": 98,
  "src/types": 99,
}

/** The lines that can be covered, and whether they were, by file. */
type Reached = ReadonlyMap<string, ReadonlyMap<number, boolean>>

/** Reads the format of lcov. A file may have several records, one for each process. */
const readLcov = (text: string): Reached => {
  const files = new Map<string, Map<number, boolean>>()
  for (const record of text.split(/^end_of_record$/m)) {
    const path = /^SF:(.*)$/m.exec(record)?.[1]?.replaceAll("\\", "/")
    if (path === undefined) continue
    const lines = files.get(path) ?? new Map<number, boolean>()
    files.set(path, lines)
    for (const [, line, hits] of record.matchAll(/^DA:(\d+),(\d+)$/gm)) {
      lines.set(Number(line), lines.get(Number(line)) === true || Number(hits) > 0)
    }
  }
  return files
}

/** The lines of a file that was not loaded: those that are left without types and imports. */
const linesOf = async (path: string): Promise<ReadonlyMap<number, boolean>> => {
  const code = new Bun.Transpiler({ loader: "ts" }).transformSync(
    await Bun.file(root + path).text(),
  )
  const lines = code.split("\n").filter((line) => !/^(?:import\b|export \{|\W*$)/.test(line))
  return new Map(lines.map((_, index) => [index, false]))
}

/** The same, with the files that were not loaded. */
const withUnloaded = async (reached: Reached): Promise<Reached> => {
  const files = new Map(reached)
  for await (const found of new Bun.Glob("src/**/*.ts").scan(root)) {
    const path = found.replaceAll("\\", "/")
    if (!files.has(path)) files.set(path, await linesOf(path))
  }
  return files
}

/** The numbers of lines, and of covered lines. */
interface Count {
  readonly files: number
  readonly lines: number
  readonly reached: number
}

const countOf = (lines: ReadonlyMap<number, boolean>): Count => ({
  files: 1,
  lines: lines.size,
  reached: [...lines.values()].filter((isReached) => isReached).length,
})

const sum = (a: Count, b: Count): Count => ({
  files: a.files + b.files,
  lines: a.lines + b.lines,
  reached: a.reached + b.reached,
})

const percent = ({ lines, reached }: Count): number => lines === 0 ? 100 : 100 * reached / lines

/** The folder below `src` that a file counts for. */
const folderOf = (path: string): string => /^src\/[^/]+(?=\/)/.exec(path)?.[0] ?? "src"

/** Runs the tests; resolves to their coverage, and to the output of those that failed. */
const measure = async (): Promise<{ readonly reached: Reached; readonly failures: string }> => {
  const folder = await mkdtemp(join(tmpdir(), "compile-streaming-coverage-"))
  try {
    const how = ["--coverage", "--coverage-reporter=lcov", `--coverage-dir=${folder}`]
    const child = Bun.spawn(
      [process.execPath, "test", "--parallel", ...how, ...await nodeTests()],
      {
        cwd: root,
        env: { ...Bun.env, NO_COLOR: "1", SPEC_VECTORS: join(folder, "none") },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    )
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    const report = Bun.file(join(folder, "lcov.info"))
    const loaded = readLcov(await report.exists() ? await report.text() : "")
    const reached = await withUnloaded(loaded)
    return { reached, failures: code === 0 ? "" : `${out}\n${err}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const { values } = parseArgs({
  args: Bun.argv.slice(2),
  options: { files: { type: "boolean", default: false } },
})
const { failures, reached } = await measure()
if (failures !== "") console.log(`${failures}\nTests have failed: they may have reached less\n`)
const folders = new Map<string, Count>()
for (const [path, lines] of reached) {
  if (!path.startsWith("src/") || lines.size === 0) continue
  const count = countOf(lines)
  const folder = folderOf(path)
  folders.set(folder, sum(folders.get(folder) ?? { files: 0, lines: 0, reached: 0 }, count))
  if (values.files && count.reached < count.lines) {
    const missed = [...lines].filter(([, isReached]) => !isReached).map(([line]) => line)
    const not = count.reached === 0 ? "not loaded" : `not ${missed.join(" ")}`
    console.log(`${path}: ${percent(count).toFixed(1)}%, ${not}`)
  }
}
let failed = failures === "" ? 0 : 1
for (const folder of new Set([...Object.keys(floors), ...folders.keys()])) {
  const count = folders.get(folder)
  const floor = floors[folder]
  const part = count === undefined ? 0 : percent(count)
  const isFine = floor !== undefined && part >= floor
  if (!isFine) failed++
  const of = `${count?.reached ?? 0} of ${count?.lines ?? 0} lines in ${count?.files ?? 0} files`
  const least = floor === undefined ? "no floor for it" : `at least ${floor}%`
  console.log(
    `${isFine ? "ok    " : "failed"}  ${folder.padEnd(14)}${part.toFixed(1).padStart(5)}%  ${
      least.padEnd(15)
    }  ${of}`,
  )
}
if (failed > 0) process.exit(1)

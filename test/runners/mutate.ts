/**
 * Mutation testing: changes one operator of a file at a time, in a copy of the project, and runs tests on it. Changes that
 * no test notices are printed.
 *
 * `bun test/runners/mutate.ts <file> <tests…> [--most 40] [--seed 1]`, such as
 * `bun test/runners/mutate.ts src/http/download/content.ts test/http`
 *
 * @module
 */
import { cp, mkdtemp, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { random } from "../support/random.ts"
import { root } from "./runner.ts"

/** The replacements. The spaces around operators keep them from matching types. */
const swaps: ReadonlyArray<readonly [from: string, to: string]> = [
  [" === ", " !== "],
  [" !== ", " === "],
  [" < ", " <= "],
  [" <= ", " < "],
  [" > ", " >= "],
  [" >= ", " > "],
  [" && ", " || "],
  [" || ", " && "],
  [" + 1", ""],
  [" - 1", ""],
  ["true", "false"],
  ["false", "true"],
]

interface Mutant {
  readonly at: number
  readonly from: string
  readonly to: string
}

/** The possible changes: not in comments, types and strings. */
const mutantsOf = (source: string): ReadonlyArray<Mutant> => {
  const code = source
    .replace(
      /\/\*[^]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"|`[^`]*`/gm,
      (text) => " ".repeat(text.length),
    )
    .replace(/^(?:import|export type|interface)[^]*?^\}?.*$/gm, (text) => " ".repeat(text.length))
  return swaps.flatMap(([from, to]) => {
    const found: Array<Mutant> = []
    for (let at = code.indexOf(from); at >= 0; at = code.indexOf(from, at + 1)) {
      found.push({ at, from, to })
    }
    return found
  })
}

const { positionals: [file, ...tests], values } = parseArgs({
  args: Bun.argv.slice(2),
  allowPositionals: true,
  options: {
    most: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
  },
})
if (file === undefined || tests.length === 0) {
  console.error("Usage: bun test/runners/mutate.ts <file> <tests…> [--most 40] [--seed 1]")
  process.exit(2)
}

const folder = await mkdtemp(join(tmpdir(), "compile-streaming-mutants-"))
try {
  for (const part of ["src", "test", "mod.ts", "package.json", "bunfig.toml", "tsconfig.json"]) {
    await cp(join(root, part), join(folder, part), { recursive: true })
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction")
  const path = join(folder, file)
  const source = await Bun.file(path).text()

  /** Whether the tests pass; a run that takes much longer than usual counts as failed. */
  const passes = async (limit: number): Promise<boolean> => {
    const child = Bun.spawn([process.execPath, "test", "--bail", ...tests], {
      cwd: folder,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      timeout: limit,
      killSignal: "SIGKILL",
    })
    return await child.exited === 0
  }

  const began = performance.now()
  if (!await passes(600_000)) {
    console.error("The tests fail without any change")
    process.exit(1)
  }
  const limit = Math.round(3 * (performance.now() - began)) + 5_000

  const next = random(Number(values.seed))
  const mutants = mutantsOf(source)
    .map((mutant) => ({ mutant, order: next(2 ** 31) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, Number(values.most))
    .map(({ mutant }) => mutant)
  let noticed = 0
  for (const { at, from, to } of mutants) {
    await Bun.write(path, source.slice(0, at) + to + source.slice(at + from.length))
    if (!await passes(limit)) {
      noticed++
      continue
    }
    const line = source.slice(0, at).split("\n").length
    console.log(`${file}:${line}: "${from}" as "${to}": ${source.split("\n")[line - 1]?.trim()}`)
  }
  console.log(`${noticed} of ${mutants.length} changes were noticed (seed ${values.seed})`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

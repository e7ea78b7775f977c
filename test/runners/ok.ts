/**
 * Runs all checks that a change has to pass: format, lint, types, tests, examples, publishing. Shows the output of failed
 * steps, and ends with one line that counts the tests and the steps that ran.
 *
 * `bun test/runners/ok.ts [checks]`: `checks` leaves out the tests
 *
 * @module
 */
import { root } from "../support/command.ts"
import { closingLine } from "./runner.ts"

interface Step {
  readonly name: string
  readonly command: ReadonlyArray<string>
}

const documented = ["mod.ts", "src", "docs", "README.md"]
/** Code that runs on Bun alone, or is for another bundler. */
const forBun = /^test\/(?:runners|demo)\/|^examples\/bun\/|^bench\/messages\.ts/
/** The files that Deno checks. */
const checked = ["src", "bench", "demo", "scripts", "test", "examples"]
  .flatMap((folder) => [...new Bun.Glob(`${folder}/**/*.ts`).scanSync(root)])
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => !forBun.test(path))

const steps: ReadonlyArray<Step> = [
  { name: "format", command: ["deno", "fmt", "--check"] },
  { name: "lint", command: ["deno", "lint"] },
  { name: "types, Deno", command: ["deno", "check", "mod.ts", ...checked] },
  { name: "types, bun-types", command: ["bun", "node_modules/typescript/bin/tsc", "-p", "."] },
  {
    name: "examples in the documentation",
    command: ["deno", "test", "-A", "--doc", ...documented],
  },
  { name: "documentation of public symbols", command: ["bun", "test/runners/doc_lint.ts"] },
  { name: "publish, no slow types", command: ["deno", "publish", "--dry-run", "--allow-dirty"] },
]

if (Bun.which("deno") === null) {
  console.error(
    "These checks need Deno: install it with `npm install --global deno`, or from deno.com",
  )
  process.exit(1)
}

let failed = 0
for (const { command, name } of steps) {
  const began = performance.now()
  const { exitCode, stderr, stdout } = Bun.spawnSync([...command], {
    cwd: root,
    env: { ...Bun.env, NO_COLOR: "1" },
    stdin: "ignore",
  })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  console.log(`${exitCode === 0 ? "ok" : "failed"}  ${name}, ${seconds} s`)
  if (exitCode !== 0) {
    failed++
    console.log(`${stdout}\n${stderr}`)
  }
}

if (Bun.argv[2] === "checks") {
  console.log(`${steps.length - failed} passed, ${failed} failed`)
  process.exit(failed > 0 ? 1 : 0)
}

const tests = Bun.spawn(["bun", "test/runners/run_all.ts"], {
  cwd: root,
  stdin: "ignore",
  stderr: "inherit",
})
const lines = (await new Response(tests.stdout).text()).trimEnd().split("\n")
const counts = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(lines.at(-1) ?? "")
console.log(lines.slice(0, counts === null ? undefined : -1).join("\n"))
if (counts === null || (await tests.exited !== 0 && counts[2] === "0")) failed++
const passed = Number(counts?.[1] ?? 0) + steps.length - failed
console.log(closingLine({
  passed,
  failed: Number(counts?.[2] ?? 0) + failed,
  skipped: Number(counts?.[3] ?? 0),
}))
if (failed > 0 || counts?.[2] !== "0") process.exitCode = 1

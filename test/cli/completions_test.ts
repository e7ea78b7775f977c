/**
 * What the completion scripts offer; the one for bash is run in bash, if it is installed.
 */
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { after, test } from "node:test"
import { commandNames } from "../../src/cli/arguments.ts"
import { described } from "../../src/cli/command.ts"
import { completionScript } from "../../src/cli/completions.ts"
import { completed, shells } from "../../src/cli/completions/model.ts"

const folder = mkdtempSync(join(tmpdir(), "compile-streaming-completions-"))
after(() => rmSync(folder, { recursive: true }))
for (const name of ["a.wasm", "a b.wasm", "notes.txt"]) writeFileSync(join(folder, name), "")
mkdirSync(join(folder, "dist"))

const commands = completed(described)

test("every command is offered, the default first, with the options of the whole", () => {
  assert.deepEqual(commands.map(({ name }) => name), commandNames)
  for (const { options } of commands) {
    const names = options.flatMap(({ names }) => names)
    for (const name of ["--quiet", "-q", "--color", "--verbose", "--help", "--completions"]) {
      assert.ok(names.includes(name), name)
    }
    assert.deepEqual(names, [...new Set(names)])
  }
})

test("scripts have nothing of this machine", () => {
  for (const shell of shells) {
    assert.equal(completionScript(shell, described).includes(process.cwd()), false)
  }
})

const bash = spawnSync("bash", ["--version"]).status === 0 && process.platform !== "win32"

/** What bash offers for a line whose last word is the current one. */
const offered = (line: string): ReadonlyArray<string> => {
  const script = `${completionScript("bash", described)}
COMP_LINE=$1 COMP_POINT=\${#1}
_compile_streaming compile-streaming "$2" ""
printf '%s\\n' "\${COMPREPLY[@]}"`
  // Like readline, which splits words at the equals sign.
  const current = /[^ =]*$/.exec(line)?.[0] ?? ""
  const { stderr, stdout } = spawnSync("bash", ["-c", script, "bash", line, current], {
    cwd: folder,
    encoding: "utf8",
  })
  assert.equal(stderr, "")
  return [...new Set(stdout.split("\n").filter((word) => word !== ""))].sort()
}

const files = ["a b.wasm", "a.wasm", "dist"]
// deno-fmt-ignore
const lines: ReadonlyArray<readonly [line: string, words: ReadonlyArray<string>]> = [
  ["", [...files, ...commandNames].sort()],
  ["va", ["validate"]],
  ["a", files.slice(0, 2)],
  ["-q ins", ["inspect"]],
  ["--color=never ins", ["inspect"]],
  ["--sniff di", ["dist"]],
  ["--sn", ["--sniff"]],
  ["--verb", ["--verbose"]],
  ["a.wasm --pol", ["--policy"]],
  ["http://localhost/a.wasm --ver", ["--verbose", "--version"]],
  ["inspect --pol", ["--policy-of"]],
  ["inspect ", files],
  ["inspect a.wasm ", []],
  ["validate --ex", ["--explain"]],
  ["validate a.wasm ", files],
  ["diff a.wasm ", files],
  ["run a.wasm ", []],
  ["run a.wasm add --b", ["--builtin"]],
  ["--builtin ", ["js-string"]],
  ["--builtin js-string va", []],
  ["--validation f", ["full"]],
  ["--validation=", ["full", "structure"]],
  ["--color=a", ["always", "auto"]],
  ["--protocol h", ["http:", "https:"]],
  ["--cache ", ["dist"]],
  ["--policy n", ["notes.txt"]],
  ["--policy=n", ["notes.txt"]],
  ["--timeout ", []],
  ["--completions f", ["fish"]],
  ["-- ", files],
  ["-- --q", []],
]
for (const [line, words] of lines) {
  test(`bash offers ${words.join(" ") || "nothing"} for "${line}"`, { skip: !bash }, () => {
    assert.deepEqual(offered(`compile-streaming ${line}`), [...words].sort())
  })
}

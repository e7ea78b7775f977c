/**
 * How the command stops early: by a signal, at a time limit, and if its output cannot be written.
 */
import assert from "node:assert/strict"
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { cli, cliWith } from "../support/cli.ts"
import { runProgram } from "../support/command.ts"
import {
  body,
  build,
  code,
  END,
  exported,
  exports,
  func,
  functions,
  types,
} from "../support/module_builder.ts"
import { callable, endless, endlessStart, invalid } from "../support/modules/cli_modules.ts"
import { large } from "../support/modules.ts"

const folder = mkdtempSync(join(tmpdir(), "compile-streaming-stops-"))
after(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const good = file("good.wasm", callable)
const bad = file("bad.wasm", invalid)
const gone = join(folder, "gone.wasm")

const signals = [["SIGINT", 130], ["SIGTERM", 143]] as const

for (const [signal, exitCode] of signals) {
  for (const [name, module] of Object.entries({ endless, endlessStart })) {
    test(`${signal} ends run of a module that never returns: ${name}`, async () => {
      // With --verbose, the stages of the load are shown at its end.
      const started = { signal, signalAfter: "stderr" } as const
      const { code } = await cliWith(
        started,
        "run",
        "--verbose",
        file(`${name}.wasm`, module),
        "run",
      )
      assert.equal(code, exitCode)
    })
  }

  test(`${signal} ends a command that is busy`, async () => {
    const nops = new Array<number>(1_000_000).fill(0x01)
    const long = build(
      types(func([], [])),
      functions(0),
      exports(exported("long", 0, 0)),
      code(body(0x00, nops, END)),
    ).bytes
    const args = ["disassemble", file("long.wasm", long), "long"]
    const { code: ended, stdout } = await cliWith({ signal, signalAfter: "stdout" }, ...args)
    assert.equal(ended, exitCode)
    assert.ok(stdout.split("\n").length < nops.length, "all of it was written")
  })

  test(`${signal} is neither lost nor late, whatever is under way`, async () => {
    const program = "test/support/programs/signalled.ts"
    const heard = await runProgram(program, "waiting", signal)
    assert.deepEqual([heard.stdout, heard.stderr], ["restored\n", ""])
    const unheard = await runProgram(program, "busy", signal)
    assert.deepEqual([unheard.stdout, unheard.stderr], ["", ""])
  })
}

test("run --timeout is the limit of the call, too", async () => {
  for (const [module, what] of [[endless, "run"], [endlessStart, "The start function"]] as const) {
    const path = file("endless.wasm", module)
    const { code, stderr, stdout } = await cli("run", "--timeout", "1s", path, "run")
    assert.deepEqual([code, stdout], [1, ""])
    const expected = `${what} has not returned: loading and running took longer than 1 s`
    assert.equal(stderr, `error: ${expected}\n`)
  }
  assert.equal((await cli("run", "--timeout", "1h", good, "add", "1", "2")).stdout, "3\n")
})

const full = "/dev/full"
const hasFull = existsSync(full)

const toFull = async (
  stream: "stdout" | "stderr",
  ...args: ReadonlyArray<string>
): ReturnType<typeof cli> => {
  const descriptor = openSync(full, "w")
  try {
    return await cliWith({ to: { stream, descriptor } }, ...args)
  } finally {
    closeSync(descriptor)
  }
}

// deno-fmt-ignore
const written: ReadonlyArray<ReadonlyArray<string>> = [
  ["--help"], ["inspect", "--help"], ["--version"], ["--completions", "bash"], [good], ["inspect", good], ["inspect", "--json", good],
  ["validate", good], ["validate", bad], ["validate", "--json", good, gone], ["disassemble", "--all", good], ["types", good],
  ["diff", good, bad], ["run", good, "add", "1", "2"], [],
]
for (const args of written) {
  const name = args.map((arg) => arg.replace(folder, "")).join(" ")
  test(
    `a full device at standard output is told in one line: ${name}`,
    { skip: !hasFull },
    async () => {
      const { code, stderr } = await toFull("stdout", ...args)
      assert.equal(code, 1)
      const last = stderr.trimEnd().split("\n").at(-1) ?? ""
      assert.match(last, /^error: Standard output cannot be written to: there is no space left/)
      assert.equal(/^ {4}at |node:|\.ts:/m.test(stderr), false, stderr)
    },
  )
}

test(
  "a full device at standard error fails what has worked otherwise",
  { skip: !hasFull },
  async () => {
    const verbose = await toFull("stderr", "--verbose", good)
    assert.equal(verbose.code, 1)
    assert.match(verbose.stdout, /^compiled /m)
    assert.equal((await toFull("stderr", "--fast")).code, 2)
  },
)

test("where nobody reads on, the exit code is still what was found", async () => {
  const modules = (name: string, contents: ReadonlyArray<Uint8Array>): string => {
    const path = join(folder, name)
    mkdirSync(path)
    contents.forEach((content, index) => writeFileSync(join(path, `${100 + index}.wasm`), content))
    return path
  }
  const many = Array.from({ length: 20 }, () => callable)
  const stopped = (...args: ReadonlyArray<string>) => cliWith({ stopsReading: true }, ...args)
  for (
    const [args, exitCode] of [
      [["validate", modules("good", many)], 0],
      [["validate", modules("bad first", [invalid, ...many])], 1],
      [["validate", modules("bad last", [...many, invalid])], 1],
      [["validate", "--json", join(folder, "bad last")], 1],
      [["inspect", "--all", file("large.wasm", large(10_000))], 0],
      [["disassemble", "--all", join(folder, "large.wasm")], 0],
      [["disassemble", bad], 1],
      [["--help"], 0],
    ] as const
  ) {
    const { code, stderr } = await stopped(...args)
    assert.deepEqual([code, stderr], [exitCode, ""], args.join(" "))
  }
})

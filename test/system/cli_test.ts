/**
 * The command as users run it: exit codes, standard output and standard error.
 */
import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { pathToFileURL } from "node:url"
import { part, tagged, whole, withServer } from "../support/servers/http_server.ts"
import { matchSnapshot } from "../support/snapshots.ts"
import { integrityOf } from "../support/loads.ts"
import * as Schema from "effect/Schema"
import { DiffDocumentJson, InspectDocumentJson, ValidateDocumentJson } from "../../src/schema.ts"
import {
  callable,
  endless,
  everything,
  invalid,
  malformed,
  rebuilt,
  trappingStartWithExport,
  undecodable,
  unknownType,
} from "../support/modules/cli_modules.ts"
import { empty, importing } from "../support/modules.ts"
import { commandNames } from "../../src/cli/arguments.ts"
import { version } from "../../src/cli/version.ts"
import { cli as start, cliWith } from "../support/cli.ts"
import { type LoopbackServer, startLoopback } from "../support/servers/loopback.ts"
import { startScenarioServer } from "../support/servers/scenario_server.ts"
import {
  build,
  exported,
  exports,
  EXTERNREF,
  func,
  I32,
  imported,
  imports,
  types,
} from "../support/module_builder.ts"

const folder = mkdtempSync(join(tmpdir(), "compile-streaming-cli-"))
let server: LoopbackServer | undefined
before(async () => {
  server = await startScenarioServer()
})
after(async () => {
  await server?.close()
  rmSync(folder, { recursive: true })
})

const file = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const module = file("a module.wasm", importing)
const page = file("page.wasm", "<!doctype html><title>404</title>")

test("without arguments the example is compiled and called, and ends with the 42", async () => {
  const { code, stderr: err, stdout: out } = await start()
  assert.deepEqual([code, err], [0, ""])
  const lines = out.trimEnd().split("\n")
  assert.equal(lines.at(-1), "42")
  for (
    const stage of ["serving", "fetched", "checked", "read", "compiled", "instantiated", "called"]
  ) {
    assert.ok(lines.some((line) => line.startsWith(stage)), stage)
  }
})

for (
  const [name, argument] of [
    ["a path", () => module],
    ["a file: URL", () => pathToFileURL(module).href],
    ["an http: URL", () => `${server?.origin}/chunked`],
    [
      "a data: URL",
      () => `data:application/wasm;base64,${btoa(String.fromCharCode(...importing))}`,
    ],
  ] as const
) {
  test(`compile takes ${name}, and is the default`, async () => {
    const { code, stderr: err, stdout: out } = await start(argument())
    assert.deepEqual([code, err], [0, ""])
    assert.match(out, /^compiled +[\d.]+ ms /m)
    assert.match(out, /^exports +\d+: \d+ function/m)
    const named = await start("compile", "--quiet", argument())
    assert.deepEqual([named.code, named.stderr], [0, ""])
  })
}

test("compile takes standard input", async () => {
  const { code, stdout: out } = await cliWith({ input: importing }, "-")
  assert.equal(code, 0)
  assert.match(out, /^standard input$/m)
  assert.match(out, /^size +\d+ bytes/m)
})

test("compile --integrity resumes and verifies; --verbose shows the attempts", () =>
  withServer([part(importing, tagged(), 20), part(importing, tagged())], async ({ url }) => {
    const integrity = await integrityOf(importing)
    const { code, stderr: err, stdout: out } = await start(
      "--verbose",
      "--integrity",
      integrity,
      url,
    )
    assert.equal(code, 0)
    assert.match(err, /^attempt 2 of 6 in [\d.]+ s: \S/m)
    assert.equal(err.match(/Wasm\.fetchAttempt/g)?.length, 2)
    assert.match(out, /^attempts +2, the last one [\d.]+ s after the first$/m)
    assert.ok(out.split("\n").some((line) => /^verified /.test(line) && line.endsWith(integrity)))
  }))

test("compile --sniff accepts a response without the right type", async () => {
  const { code } = await start("--sniff", `${server?.origin}/untyped`)
  assert.equal(code, 0)
})

test("compile --cache needs no second download", () =>
  withServer([part(importing, tagged())], async ({ url }) => {
    const cache = join(folder, "cache")
    assert.equal((await start("--cache", cache, url)).code, 0)
    const { code, stdout: out } = await start("--cache", cache, url)
    assert.equal(code, 0, out)
  }))

// deno-fmt-ignore
const cached: ReadonlyArray<readonly [title: string, fields: Readonly<Record<string, string>>, first: RegExp, second: RegExp, requests: number]> = [
  ["what is fresh", { "cache-control": "max-age=600" }, /kept for the next time/, /still fresh/, 1],
  ["what is private", { "cache-control": "private, max-age=600" }, /kept for the next time/, /still fresh/, 1],
  ["what must not be stored", { "cache-control": "no-store" }, /^cache +not kept: redirected, forbidden by Cache-Control/m, /^cache +not kept: redirected, forbidden by Cache-Control/m, 2],
  ["what says nothing of itself", {}, /^cache +not kept: redirected, forbidden by Cache-Control/m, /^cache +not kept: redirected, forbidden by Cache-Control/m, 2],
]
for (const [title, fields, first, second, requests] of cached) {
  test(`compile --cache tells what becomes of ${title}`, async () => {
    const replies = [whole(importing, fields), whole(importing, fields)]
    await withServer(replies, async ({ asked, url }) => {
      const cache = join(folder, `cache ${title}`)
      for (const told of [first, second]) {
        const { code, stderr, stdout } = await start("--cache", cache, url)
        assert.deepEqual([code, stderr], [0, ""])
        assert.match(stdout, told)
        assert.match(stdout, /^size +\d+ bytes? in/m)
      }
      assert.equal(asked.length, requests)
    })
  })
}

test("compile --cache warns of a folder that cannot be used, and compiles all the same", () =>
  withServer([whole(importing, { "cache-control": "max-age=600" })], async ({ url }) => {
    const { code, stderr, stdout } = await start("--cache", module, url)
    assert.equal(code, 0)
    assert.match(stderr, /^warning: The folder .* cannot be used: /)
    assert.match(stdout, /^cache +not kept$/m)
  }))

test("compile --cache says that a file is not kept", async () => {
  const { code, stdout } = await start("--cache", join(folder, "no cache"), module)
  assert.equal(code, 0)
  assert.match(stdout, /^cache +not kept: only HTTP loads are cached$/m)
})

// deno-fmt-ignore
const piped: ReadonlyArray<readonly [command: string, bytes: Uint8Array, words: RegExp, options?: ReadonlyArray<string>]> = [
  ["compile", importing.subarray(0, 20), /^error: Standard input is cut short/],
  ["inspect", importing.subarray(0, 20), /^error: Standard input is cut short/],
  ["types", new TextEncoder().encode("<html>"), /^error: Standard input /],
  ["compile", new Uint8Array(0), /^error: Standard input /],
  ["compile", importing, /^error: The module from standard input .* --max-bytes allows 10/, ["--max-bytes", "10"]],
  ["validate", importing, /^error: The module from standard input has the digest/, ["--integrity", await integrityOf(empty)]],
]
for (const [command, bytes, words, options = []] of piped) {
  test(`${command} - names standard input in ${words}`, async () => {
    const { code, stderr } = await cliWith({ input: bytes }, command, "-", ...options)
    assert.equal(code, 1)
    assert.match(stderr, words)
  })
}

// deno-fmt-ignore
const held: ReadonlyArray<readonly [option: string, words: RegExp]> = [
  ["--timeout", /^error: Loading standard input took longer than 100 ms$/m],
  ["--idle-timeout", /^error: Nothing was received from standard input for 100 ms \(after 20 bytes\)$/m],
]
for (const [option, words] of held) {
  test(`${option} ends a wait for standard input`, async () => {
    const input = { input: importing.subarray(0, 20), keepsInputOpen: true }
    const { code, stderr } = await cliWith(input, "compile", "-", option, "100ms")
    assert.equal(code, 1)
    assert.match(stderr, words)
  })
}

test("--help and --version are results", async () => {
  const { code, stderr: err, stdout: out } = await start("--help")
  assert.deepEqual([code, err], [0, ""])
  for (const name of commandNames) assert.match(out, new RegExp(`^ +${name} `, "m"))
  assert.deepEqual(await start("--version"), { code: 0, stderr: "", stdout: `${version}\n` })
})

const badPolicy = file("bad.json", '{ "imports": { "allow": [{ "kind": "func" }] } }')
const noImports = file("no imports.json", '{ "imports": { "allow": [] } }')

/** A digest of something else. */
const other = `sha256-${"A".repeat(43)}=`

type Case = readonly [
  name: string,
  code: number,
  args: () => ReadonlyArray<string>,
  says: RegExp,
]
// deno-fmt-ignore
const failures: ReadonlyArray<Case> = [
  ["an unknown option", 2, () => ["--fast"], /--fast/],
  ["two sources", 2, () => [module, module], /a module\.wasm/],
  ["an empty source", 2, () => [""], /empty/],
  ["no source", 2, () => ["compile"], /source/],
  ["an unknown scheme", 2, () => ["gopher://127.0.0.1/x.wasm"], /gopher/],
  ["a limit that is no size", 2, () => ["--max-bytes", "1x", module], /--max-bytes.*1x/],
  ["a time that is none", 2, () => ["--timeout", "soon", module], /--timeout.*soon/],
  ["an option given twice", 2, () => ["--sniff", module, "--sniff"], /--sniff is given twice/],
  ["a value of an option that has none", 2, () => ["--quiet=maybe", module], /--quiet.*maybe/],
  ["an option's value as the next word", 2, () => ["inspect", "--json", "1", module], /a module\.wasm/],
  ["a color without an equals sign", 2, () => ["--color", "never", module], /--color=never/],
  ["a path like an option", 2, () => ["inspect", "-x.wasm"], /\.\/-x\.wasm/],
  ["a mistyped command", 2, () => ["validat", module], /Did you mean validate\?/],
  ["an option before the command", 2, () => ["--retries", "3", "inspect", module], /Put the command first: compile-streaming inspect/],
  ["a command's option before it", 2, () => ["--json", "inspect", module], /Put the command first: compile-streaming inspect/],
  ["a source before the command", 2, () => [module, "inspect"], /Put the command first: compile-streaming inspect/],
  ["a host without a scheme", 2, () => ["localhost:9131/x.wasm"], /http:\/\/localhost:9131\/x\.wasm/],
  ["a folder for modules that is not named", 2, () => ["--cache", "", module], /--cache/],
  ["a policy that is not named", 2, () => ["--policy", "", module], /--policy/],
  ["a redirect to a file", 1, () => [`${server?.origin}/redirect?to=${encodeURIComponent("file:///x.wasm")}`], /redirect .* file:/],
  ["a redirect to a data: URL", 1, () => ["validate", `${server?.origin}/redirect?to=${encodeURIComponent("data:,")}`], /redirect .* data:/],
  ["a redirect to a scheme that is not allowed", 1, () => ["--protocol", "http:", `${server?.origin}/redirect?to=${encodeURIComponent("https://127.0.0.1/")}`], /redirect .* https:/],
  ["a global to be called", 2, () => ["run", file("everything.wasm", everything), "counter"], /counter is a global, not a function/],
  ["a time that is over at once", 2, () => ["--idle-timeout", "0s", module], /--idle-timeout.*0s/],
  ["a header that is none", 2, () => ["--header", "x", module], /--header/],
  ["a digest that is none", 2, () => ["--integrity", "sha256-x", module], /--integrity/],
  ["a scheme that is not allowed", 2, () => ["--protocol", "https:", module], /--protocol/],
  ["a missing file", 1, () => [join(folder, "none.wasm")], /none\.wasm: there is no such file/],
  ["a folder", 1, () => [folder], /not a file/],
  ["a page in a file", 1, () => [page], /HTML/],
  ["a 404", 1, () => [`${server?.origin}/status?code=404`], /404 Not Found/],
  ["a page from a server", 1, () => [`${server?.origin}/page`], /text\/html/],
  ["a page with the wrong type", 1, () => [`${server?.origin}/bad`], /\/bad/],
  ["the wrong type", 1, () => [`${server?.origin}/untyped`], /--sniff/],
  ["a server that closes the connection", 1, () => ["--retries", "0", `${server?.origin}/refuse`], /refuse/],
  ["a connection cut in the body", 1, () => ["--retries", "0", `${server?.origin}/cut?after=1000`], /cut\?after=…/],
  ["a module that is too large", 1, () => ["--max-bytes", "10", module], /--max-bytes allows 10/],
  ["a page to be inspected", 1, () => ["inspect", page], /HTML/],
  ["a faulty file to be inspected", 1, () => ["inspect", file("malformed.wasm", malformed)], /0x/],
  ["nothing to validate", 2, () => ["validate"], /source/],
  ["an empty folder to validate", 1, () => ["validate", mkdtempSync(join(folder, "empty-"))], /no module/],
  ["a function that there is not", 2, () => ["disassemble", module, "nowhere"], /nowhere/],
  ["no function and no fault", 2, () => ["disassemble", module], /--all/],
  ["functions behind something unknown", 1, () => ["disassemble", "--all", file("unknown.wasm", unknownType)], /something unknown, type form at 0xb: what follows/],
  ["types of something unknown", 1, () => ["types", file("unknown.wasm", unknownType)], /something unknown, type form at 0xb: its imports/],
  ["functions and --all", 2, () => ["disassemble", module, "--all", "0"], /not both/],
  ["a value that begins with a dash", 2, () => ["--timeout", "-1s", module], /write --timeout=-1s$/m],
  ["no export to run", 2, () => ["run", module], /export/],
  ["an export that there is not", 2, () => ["run", file("callable.wasm", callable), "nope"], /add, trap/],
  ["an argument too few", 2, () => ["run", file("callable.wasm", callable), "add", "1"], /takes 2 arguments/],
  ["one module to compare", 2, () => ["diff", module], /after/],
  ["standard input twice", 2, () => ["diff", "-", "-"], /Standard input/],
  ["a policy that is not there", 2, () => ["--policy", join(folder, "none.json"), module], /--policy .*none\.json cannot be read: there is no such file/],
  ["a policy that is no JSON", 2, () => ["run", "--policy", page, module, "f"], /--policy .*page\.wasm:1:1: expected a value, not "<"/],
  ["a policy that is none", 2, () => ["validate", "--policy", badPolicy, module], /--policy .*bad\.json: imports\.allow\[0\]\.kind must be one of function/],
  ["a policy that is a device", 2, () => ["--policy", "/dev/null", module], /--policy \/dev\/null is not a regular file/],
  ["a policy of a page", 1, () => ["inspect", "--policy-of", page], /HTML/],
  ["a policy as another document", 2, () => ["inspect", "--policy-of", "--json", module], /--json/],
  ["another digest", 1, () => ["--integrity", other, module], /digest.*sha256-/],
]
for (const [name, exitCode, args, says] of failures) {
  test(`the exit code is ${exitCode}, and a line says what is wrong, with ${name}`, async () => {
    const { code, stderr: err, stdout: out } = await start(...args())
    assert.deepEqual([code, out], [exitCode, ""], err)
    const [first = "", hint, ...more] = err.trimEnd().split("\n")
    assert.match(first, says)
    assert.match(first, /^error: /)
    // For a wrong argument, a second line points to the help.
    if (hint !== undefined) assert.match(hint, /^Try compile-streaming .*--help$/)
    assert.deepEqual(more, [])
  })
}

test("each retry is told, with the attempts that there may be", async () => {
  const { code, stderr: err } = await start(
    ...["--retries", "2", "--retry-delay", "10ms", `${server?.origin}/refuse`],
  )
  assert.equal(code, 1)
  const told = [...err.matchAll(/^attempt (\d) of (\d) in [\d.]+ s: \S.*$/gm)]
  assert.deepEqual(told.map(([, attempt, attempts]) => [attempt, attempts]), [["2", "3"], [
    "3",
    "3",
  ]])
})

test("--quiet tells of no retry", async () => {
  const { stderr: err } = await start(
    ...["-q", "--retries", "1", "--retry-delay", "10ms", `${server?.origin}/refuse`],
  )
  assert.match(err, /^error: .*\n$/)
})

test("Ctrl-C ends it at once with the exit code 130", async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stalling = await startLoopback((_, answer) => {
    answer.writeHead(200, { "content-type": "application/wasm" })
    answer.write(importing.subarray(0, 10))
    resolve()
  })
  const url = `${stalling.origin}/`
  const { code } = await cliWith({ interruptWhen: promise }, url)
  await stalling.close()
  assert.equal(code, 130)
})

test("inspect shows what is in a module, and writes it as JSON", async () => {
  const everythingFile = file("everything.wasm", everything)
  const { code, stderr: err, stdout: out } = await start("inspect", everythingFile)
  assert.deepEqual([code, err], [0, ""])
  assert.match(out, /^Functions, the biggest first \(3\)$/m)
  const written = await start("inspect", "--json", everythingFile)
  assert.equal(written.code, 0)
  const document = Schema.decodeSync(InspectDocumentJson)(written.stdout)
  assert.equal(document.module.size, everything.length)
  // Standard input is not a file, so it is loaded the usual way.
  const piped = await cliWith({ input: everything }, "inspect", "--json", "-")
  assert.deepEqual(Schema.decodeSync(InspectDocumentJson)(piped.stdout), {
    ...document,
    source: "standard input",
  })
})

test("inspect goes on after a connection breaks, and stops at what is no module", () =>
  withServer([part(everything, tagged(), 200), part(everything, tagged())], async ({ url }) => {
    const { code, stderr: err, stdout: out } = await start(
      ...["inspect", "--json", "--retry-delay", "10ms", url],
    )
    assert.equal(code, 0, err)
    assert.match(err, /^attempt 2 of 6 in /m)
    assert.equal(Schema.decodeSync(InspectDocumentJson)(out).module.size, everything.length)
    const wrong = await start("inspect", `${server?.origin}/bad`)
    assert.deepEqual([wrong.code, wrong.stdout], [1, ""])
  }))

test("colors are where they are asked for", async () => {
  const path = file("everything.wasm", everything)
  assert.equal((await start("inspect", path)).stdout.includes("\u001b["), false)
  assert.ok((await start("inspect", "--color", path)).stdout.includes("\u001b[1m"))
})

test("inspect tells of the features that instructions use, with --validation full", async () => {
  const rebuiltFile = file("rebuilt.wasm", rebuilt)
  const features = async (...args: ReadonlyArray<string>) => {
    const { stdout: out } = await start("inspect", "--json", rebuiltFile, ...args)
    return Schema.decodeSync(InspectDocumentJson)(out).module.features
  }
  assert.equal((await features()).includes("sign-extension"), false)
  assert.ok((await features("--validation", "full")).includes("sign-extension"))
})

test("validate takes files, folders and globs, and its exit code is that of the worst", async () => {
  const modules = mkdtempSync(join(folder, "modules-"))
  writeFileSync(join(modules, "good.wasm"), everything)
  assert.equal((await start("validate", modules)).code, 0)
  writeFileSync(join(modules, "bad.wasm"), invalid)
  for (const argument of [modules, join(modules, "*.wasm"), `${modules}/`]) {
    const { code, stderr: err, stdout: out } = await start("validate", argument)
    assert.deepEqual([code, err], [1, ""])
    assert.match(out, /bad\.wasm:0x2e: type-mismatch: /)
    assert.match(out, /good\.wasm: valid/)
    assert.match(out, /^1 of 2 modules valid$/m)
  }
  const quiet = await start("validate", "-q", modules)
  assert.equal(/good\.wasm/.test(quiet.stdout), false)
  const missing = await start("validate", join(modules, "good.wasm"), join(modules, "none.wasm"))
  assert.equal(missing.code, 1)
  assert.match(missing.stderr, /none\.wasm: there is no such file/)
  const scheme = await start("validate", join(modules, "good.wasm"), "gopher://127.0.0.1/x.wasm")
  assert.equal(scheme.code, 2)
})

test("validate walks a folder without following links", async () => {
  const modules = mkdtempSync(join(folder, "links-"))
  const inner = join(modules, "inner")
  mkdirSync(inner)
  writeFileSync(join(inner, "good.wasm"), everything)
  // A walk that follows the two loops takes exponentially many ways.
  symlinkSync("..", join(inner, "up"))
  symlinkSync("..", join(inner, "up_again.wasm"))
  symlinkSync("good.wasm", join(inner, "link.wasm"))
  const { code, stderr: err, stdout: out } = await start("validate", modules)
  assert.deepEqual([code, err], [0, ""])
  assert.match(out, /^2 of 2 modules valid$/m)
})

test("validate --json writes a document, and --explain says more", async () => {
  const bad = file("bad.wasm", invalid)
  const { code, stdout: out } = await start("validate", "--json", bad)
  assert.equal(code, 1)
  const { engine, modules } = Schema.decodeSync(ValidateDocumentJson)(out)
  assert.match(engine, /^(V8|JavaScriptCore)/)
  assert.deepEqual(modules.map(({ fault }) => fault?.code), ["type-mismatch"])
  assert.match((await start("validate", "--explain", bad)).stdout, /What it means: /)
})

test("disassemble shows functions, by index and by name", async () => {
  const path = file("everything.wasm", everything)
  const { code, stderr: err, stdout: out } = await start("disassemble", path, "add", "3")
  assert.deepEqual([code, err], [0, ""])
  assert.match(out, /^function 1 "add" {2}\(func \(param i32 i32\) \(result i32\)\)/m)
  assert.match(out, /^0x9f {2}i32\.add$/m)
  assert.match(out, /^function 3 "sum64"/m)
  assert.match((await start("disassemble", path, "--all")).stdout, /^function 2 /m)
})

test("disassemble fails if a function cannot be decoded, and shows it", async () => {
  const { code, stderr: err, stdout: out } = await start(
    "disassemble",
    "--all",
    file("undecodable.wasm", undecodable),
  )
  assert.deepEqual([code, err], [1, "error: Function 0 cannot be decoded\n"])
  assert.match(out, /There is no instruction 0xff/)
})

test("validate names the proposal of what it does not know", async () => {
  const { code, stdout: out } = await start("validate", file("unknown.wasm", unknownType))
  assert.equal(code, 1)
  assert.match(out, /: Unknown type form 0x5d \(stack switching\)$/m)
})

test("disassemble shows what is around a fault, and the operands there", async () => {
  const { code, stdout: out } = await start("disassemble", file("bad.wasm", invalid))
  assert.equal(code, 1)
  assert.match(out, /^ > 0x2e {2}i32\.add$/m)
  assert.match(out, /operand stack of its block: i64 i32 f32$/m)
  // README shows this output.
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
  assert.ok(readme.includes(out.replaceAll(join(folder, "bad.wasm"), "broken.wasm").trimEnd()))
  const notOne = await start("disassemble", page)
  assert.equal(notOne.code, 1)
  assert.match(notOne.stdout, /: html: /)
})

test("run calls an export, with 64 bits and several results", async () => {
  const path = file("callable.wasm", callable)
  assert.deepEqual(await start("run", path, "add", "2", "-1"), {
    code: 0,
    stderr: "",
    stdout: "1\n",
  })
  const { stdout: out } = await start("run", path, "sum64", "9223372036854775806", "-inf")
  assert.equal(out, "9223372036854775807\n-inf\n")
})

test("run tells of a trap, and lists what is missing", async () => {
  const trap = await start("run", file("callable.wasm", callable), "div", "1", "0")
  assert.deepEqual([trap.code, trap.stdout], [1, ""])
  assert.match(trap.stderr, /^error: div trapped: integer divide by zero/)
  const missing = await start("run", file("everything.wasm", everything), "add", "1", "2")
  assert.equal(missing.code, 1)
  assert.match(missing.stderr, /^ {2}env\.log +\(func\)$/m)
  assert.equal(missing.stderr.includes("\u001b"), false)
  // An engine provides the functions of js-string that it knows, and imports others.
  const builtins = build(
    types(func([EXTERNREF], [I32]), func([], [])),
    imports(
      imported("wasm:js-string", "length", 0, 0),
      imported("wasm:js-string", "nosuch", 0, 1),
      imported("wasm:nosuch", "length", 0, 1),
    ),
    exports(exported("length", 0, 0)),
  ).bytes
  // A set that is named twice does no harm; an unknown one may be mistyped.
  const sets = ["js-string", "js-string", "nosuch"].flatMap((set) => ["--builtin", set])
  const { stderr } = await start("run", ...sets, file("builtins.wasm", builtins), "length", "x")
  assert.match(stderr, /^warning: --builtin "nosuch" /)
  assert.match(stderr, /^ {2}wasm:js-string\.nosuch +\(func\)$/m)
  assert.match(stderr, /^ {2}wasm:nosuch\.length +\(func\)$/m)
  assert.doesNotMatch(stderr, /wasm:js-string\.length/)
  const atStart = await start("run", file("start.wasm", trappingStartWithExport), "run")
  assert.match(atStart.stderr, /^error: Instantiating it trapped: unreachable/)
})

test("Ctrl-C ends a function that never returns", async () => {
  const path = file("endless.wasm", endless)
  const begun = new Promise((resolve) => setTimeout(resolve, 3_000))
  const { code } = await cliWith({ interruptWhen: begun }, "run", path, "run")
  // No listener can run, so the system ends the process; shells report that as 130 too.
  assert.equal(code, 130)
})

test("inspect --policy-of writes what compile, run and validate take with --policy", async () => {
  for (const [name, bytes] of Object.entries({ callable, everything, rebuilt })) {
    const path = file(`${name}.wasm`, bytes)
    const written = await start("inspect", path, "--policy-of")
    assert.deepEqual([written.code, written.stderr], [0, ""])
    const rules = file(`${name}.json`, written.stdout)
    const cache = join(folder, "policy-cache")
    for (const args of [["compile"], ["compile", "--cache", cache], ["validate"]]) {
      const { code, stderr: err } = await start(...args, "--policy", rules, path)
      assert.deepEqual([code, err], [0, ""], args.join(" "))
    }
  }
  const policed = ["--policy", join(folder, "callable.json"), join(folder, "callable.wasm")]
  assert.equal((await start("run", ...policed, "add", "2", "-1")).stdout, "1\n")
  // The rules include the features of instructions, unless --validation says otherwise.
  const path = join(folder, "rebuilt.wasm")
  const { stdout: structure } = await start(
    ...["inspect", path, "--policy-of", "--validation", "structure"],
  )
  const { stdout: full } = await start("inspect", path, "--policy-of")
  assert.equal(structure.includes('"features"'), false)
  assert.ok(full.includes('"sign-extension"'))
})

test("a module that is refused: the exit code is 1, with the rule", async () => {
  const path = file("everything.wasm", everything)
  for (const args of [["compile", path], ["run", path, "add", "1", "2"]]) {
    const { code, stderr: err, stdout: out } = await start(...args, "--policy", noImports)
    assert.deepEqual([code, out], [1, ""])
    assert.match(err, /^error: .*everything\.wasm imports "env"\."log" \(func\), .* at 0x/)
    assert.match(err, /^Policy rule: imports\.allow$/m)
  }
  const good = file("callable.wasm", callable)
  const validated = await start("validate", "--policy", noImports, path, good)
  assert.deepEqual([validated.code, validated.stderr], [1, ""])
  assert.match(validated.stdout, /everything\.wasm:0x[\da-f]+: imports\.allow: imports "env"/)
  assert.match(validated.stdout, /^2 of 2 modules valid; 1 of them refused by the policy$/m)
  const quiet = await start("validate", "-q", "--policy", noImports, path, good)
  assert.equal(quiet.code, 1)
  assert.match(quiet.stdout, /imports\.allow/)
  const json = await start("validate", "--json", "--policy", noImports, path, good)
  assert.equal(json.code, 1)
  const { modules, policy } = Schema.decodeSync(ValidateDocumentJson)(json.stdout)
  assert.equal(policy, noImports)
  assert.deepEqual(modules.map(({ isValid, refusal }) => [isValid, refusal?.rule]), [
    [true, "imports.allow"],
    [true, undefined],
  ])
})

test("rules about features validate in full, unless --validation says otherwise", async () => {
  const path = file("rebuilt.wasm", rebuilt)
  const rules = file("features.json", '{ "features": { "refuse": ["sign-extension"] } }')
  const { code, stderr: err } = await start(path, "--policy", rules)
  assert.equal(code, 1)
  assert.match(err, /^Policy rule: features\.refuse$/m)
  const structure = await start(path, "--policy", rules, "--validation", "structure")
  assert.deepEqual([structure.code, structure.stderr], [0, ""])
})

test("a module from a server is refused before all of it is there", async () => {
  const declared = importing.subarray(0, importing.length - 1)
  // The rest of the body never arrives.
  const stalling = await startLoopback((_, answer) => {
    answer.writeHead(200, { "content-type": "application/wasm" })
    answer.write(declared)
  })
  const { code, stderr: err } = await start(
    ...["--policy", noImports, "--idle-timeout", "20s", "--retries", "0"],
    `${stalling.origin}/`,
  )
  await stalling.close()
  assert.equal(code, 1)
  assert.match(err, /^Policy rule: imports\.allow$/m)
})

/** The output of a command that a document shows below it. */
const shownIn = (document: string, command: string): string => {
  const text = readFileSync(new URL(`../../docs/${document}`, import.meta.url), "utf8")
  const [, shown = ""] = text.split(`$ compile-streaming ${command}\n`)
  return shown.split(/^(?:\$ .*|```)$/m, 1)[0] ?? ""
}

test("the documents show what the command says of policies", async () => {
  const plugin = file("plugin.wasm", callable)
  const changed = file("changed.wasm", rebuilt)
  const rules = file("plugin.json", (await start("inspect", plugin, "--policy-of")).stdout)
  const local = (text: string, here = ""): string => text.replaceAll(`${folder}/`, here)
  const validated = await start("validate", changed, "--policy", rules, "--no-engine")
  assert.equal(
    local(validated.stdout),
    shownIn("command.md", "validate changed.wasm --policy plugin.json"),
  )
  const compiled = await start(changed, "--policy", rules)
  assert.equal(
    local(compiled.stderr, "./"),
    shownIn("command.md", "changed.wasm --policy plugin.json"),
  )
  const document = readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8")
  const written = /^```json\n(.*?)^```$/ms.exec(document)?.[1]
  const byHand = await start(changed, "--policy", file("hand.json", written ?? ""))
  assert.equal(
    local(byHand.stderr, "./").replaceAll("changed.wasm", "plugin.wasm"),
    shownIn("policies.md", "plugin.wasm --policy plugin.json"),
  )
})

test("types writes declarations of both forms", async () => {
  const path = file("everything.wasm", everything)
  const { code, stderr: err, stdout: out } = await start("types", path)
  assert.deepEqual([code, err], [0, ""])
  assert.match(out, /^ {2}readonly add: \(p0: number, p1: number\) => number$/m)
  const { stdout: module } = await start("types", "--form", "import", path)
  assert.match(module, /^export function sum64\(p0: bigint, p1: number\): \[bigint, number\]$/m)
})

test("diff compares two modules", async () => {
  const paths = [file("callable.wasm", callable), file("rebuilt.wasm", rebuilt)] as const
  const { code, stderr: err, stdout: out } = await start("diff", ...paths)
  assert.deepEqual([code, err], [0, ""])
  assert.match(out, /^ +\+3 +7 → 10 +add$/m)
  const { stdout: json } = await start("diff", "--json", "--validation", "full", ...paths)
  const { features } = Schema.decodeSync(DiffDocumentJson)(json)
  assert.deepEqual(features, { added: ["sign-extension"], removed: [] })
})

for (const name of ["", ...commandNames]) {
  test(`the help of ${name || "the whole"} is as it was`, async () => {
    const { code, stdout: out } = await start(...(name === "" ? [] : [name]), "--help")
    assert.equal(code, 0)
    matchSnapshot(`help${name === "" ? "" : `_${name}`}`, out)
  })
}

test("an option that is there or not leaves the next word alone", async () => {
  const path = file("callable.wasm", callable)
  for (
    const args of [
      ["add", "--quiet", "1", "2"],
      ["add", "-q", "1", "2"],
      ["add", "--quiet=false", "1", "2"],
      ["add", "1", "2", "--sniff"],
      ["add", "4", "--quiet", "-1", "--retries", "2"],
      ["add", "4", "-0x1", "--quiet"],
    ]
  ) {
    const { code, stderr: err, stdout: out } = await start("run", path, ...args)
    assert.deepEqual([code, err, out], [0, "", "3\n"], args.join(" "))
  }
})

for (const shell of ["bash", "zsh", "fish", "powershell"]) {
  test(`--completions writes a script for ${shell}`, async () => {
    const { code, stderr: err, stdout: out } = await start("--completions", shell)
    assert.deepEqual([code, err], [0, ""])
    for (const name of commandNames) assert.ok(out.includes(name), name)
    for (const option of ["policy", "policy-of", "color", "quiet"]) {
      assert.ok(out.includes(option), option)
    }
  })
}

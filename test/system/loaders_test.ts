/**
 * The entry `./polyfill` gives loaders of real toolchains diagnosis and early rejection without changes: real packages from
 * npm, each loaded by its own glue code in a process of its own.
 *
 * The glue decides what happens to an error. wasm-bindgen's and similar glue passes it on, except for a wrong content type:
 * then it writes it to the console, and gives the body to `WebAssembly.instantiate`. Emscripten's always writes it to the
 * console and loads the file in another way: in a page it fetches it once more.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { runProgram } from "../support/command.ts"
import type { Told } from "../support/programs/loaders_program.ts"
import { type Answer, startLoaderServer } from "../support/servers/loaders_server.ts"
import { build, custom } from "../support/module_builder.ts"

const megabyte = 2 ** 20
const size = 8 * megabyte

const page = new TextEncoder().encode("<!doctype html><html><title>Not Found</title></html>")

/** A module that is valid for a megabyte, followed by zeros, which are not a section. */
const badAfterMegabyte = new Uint8Array(megabyte + 2 ** 17)
badAfterMegabyte.set(build(custom("padding", Array.from({ length: megabyte }, () => 0))).bytes)

/** A long download that stops after its first bytes, for `hold` milliseconds. */
const long = (head: Uint8Array, hold: number): Answer => {
  return { status: 200, type: "application/wasm", head, rest: size - head.length, hold }
}

const short = (status: number, type: string): Answer => {
  return { status, type, head: page, rest: 0, hold: 0 }
}

/** A fault of a server, and the reason of our error. */
interface Fault {
  readonly name: string
  readonly answer: Answer
  readonly reason: string
}

const never = Number.POSITIVE_INFINITY

// deno-fmt-ignore
const faults = {
  page: { name: "a page as 200 text/html", answer: short(200, "text/html"), reason: "content-type" },
  missing: { name: "a page as 404 text/html", answer: short(404, "text/html"), reason: "status" },
  first: { name: "a page in place of a long download", answer: long(page, never), reason: "html" },
  later: { name: "bad bytes after a megabyte of a long download", answer: long(badAfterMegabyte, never), reason: "zero-filled" },
} satisfies Readonly<Record<string, Fault>>

type FaultName = keyof typeof faults

/** A package, and what its glue does. */
interface Loader {
  readonly name: string
  readonly madeBy: string
  /** Its files, from the package's folder. */
  readonly files: ReadonlyArray<string>
  /** The function that its glue calls, once for each file. */
  readonly calls: "compileStreaming" | "instantiateStreaming"
  /** The result of its work. */
  readonly makes: string
  /** Where the error is seen, for each fault. */
  readonly seen: Readonly<Record<FaultName, Told["seen"]>>
  /** Whether the glue requests the file once more when streaming has failed. */
  readonly asksAgain: boolean
}

const written = { page: "written", missing: "written", first: "written", later: "written" } as const
const thrown = { ...written, missing: "thrown", first: "thrown", later: "thrown" } as const

const loaders: ReadonlyArray<Loader> = [
  {
    name: "@jsquash/oxipng",
    madeBy: "wasm-bindgen",
    files: ["codec/pkg/squoosh_oxipng_bg.wasm"],
    calls: "instantiateStreaming",
    makes: "a smaller PNG",
    // This version does not check the status.
    seen: { ...thrown, missing: "written" },
    asksAgain: false,
  },
  {
    name: "@wasm-fmt/gofmt",
    madeBy: "TinyGo, with glue like wasm-bindgen's",
    files: ["gofmt.wasm"],
    calls: "instantiateStreaming",
    makes: "package main\n\nfunc main() { println(1) }\n",
    seen: thrown,
    asksAgain: false,
  },
  {
    name: "@wasm-fmt/dart_fmt",
    madeBy: "dart2wasm, with builtins",
    files: ["dart_fmt.wasm"],
    calls: "compileStreaming",
    makes: "ready",
    seen: thrown,
    asksAgain: false,
  },
  {
    name: "@jsquash/jxl",
    madeBy: "Emscripten for the web alone",
    files: ["codec/enc/jxl_enc.wasm", "codec/dec/jxl_dec.wasm"],
    calls: "instantiateStreaming",
    makes: "the same pixels",
    // Its fallback does not work outside of a page.
    seen: written,
    asksAgain: false,
  },
  {
    name: "web-tree-sitter",
    madeBy: "Emscripten, as in a page",
    files: ["web-tree-sitter.wasm"],
    calls: "instantiateStreaming",
    makes: "a parser without a language",
    seen: written,
    asksAgain: true,
  },
]

const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** The output of the program for a package whose files get this response. */
const load = async (
  { files, name }: Loader,
  answer: Answer | undefined,
  way: "ours" | "native",
): Promise<Told> => {
  const places = files.map((file) =>
    [basename(file), fileURLToPath(import.meta.resolve(`${name}/${file}`))] as const
  )
  const server = await startLoaderServer(new Map(places), answer)
  try {
    const program = await runProgram(
      "test/support/programs/loaders_program.ts",
      name,
      server.origin,
      way,
    )
    assert.equal(program.code, 0, program.stderr)
    const told: Told = JSON.parse(program.stdout)
    return told
  } finally {
    await server.close()
  }
}

for (const loader of loaders) {
  const { asksAgain, calls, files, madeBy, makes, name, seen } = loader
  const options = { timeout: 60_000 }

  test(`${name}, by ${madeBy}: does its work`, options, async () => {
    assert.deepEqual(await load(loader, undefined, "ours"), {
      ours: true,
      calls: files.map(() => calls),
      made: makes,
    })
  })

  for (const key of ["page", "missing", "first", "later"] as const) {
    const { answer, name: fault, reason } = faults[key]
    const { head, rest } = answer
    test(`${name}: ${fault}: our error is ${seen[key]}`, options, async () => {
      assert.deepEqual(await load(loader, answer, "ours"), {
        ours: true,
        calls: [calls],
        seen: seen[key],
        // Rejected before the rest of a long download was sent. A second request gets the whole.
        sent: asksAgain ? [head.length, head.length + rest] : [head.length],
        reason,
      })
    })
  }

  test(`${name}: natively, bad bytes are refused when all has been sent`, options, async () => {
    assert.deepEqual(await load(loader, long(badAfterMegabyte, 500), "native"), {
      ours: false,
      calls: [calls],
      seen: seen.later,
      sent: asksAgain ? [size, size] : [size],
    })
  })
}

/**
 * Loaders of real toolchains gain diagnosis and early rejection by the entry `./polyfill`, without being changed: real
 * packages from npm, each loaded by its own glue code in a process of its own.
 *
 * What becomes of an error is the glue's affair. That of wasm-bindgen and its likes hands it on, except where the content
 * type is not the right one: then it writes it to the console, and gives the body to `WebAssembly.instantiate`. That of
 * Emscripten always writes it to the console and loads the file in another way: in a page it fetches it once more.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { runProgram } from "../support/command.ts"
import type { Told } from "../support/loaders_program.ts"
import { type Answer, startLoaderServer } from "../support/loaders_server.ts"
import { custom, flat, HEADER } from "../support/module_builder.ts"

const size = 8 * 2 ** 20
const megabyte = 2 ** 20

const text = (string: string): Uint8Array => new TextEncoder().encode(string)
const page = text("<!doctype html><html><title>Not Found</title></html>")

/** A module's beginning: a custom section of a megabyte. What follows, zeros, is no section. */
const goodMegabyte = ((): Uint8Array => {
  const start = flat(HEADER, custom("padding"))
  // The section's size is one byte there; here it takes four.
  const name = start.slice(HEADER.length + 2)
  const length = megabyte - HEADER.length - 5
  const leb = [0, 7, 14, 21].map((shift) => (length >> shift) & 0x7f | (shift < 21 ? 0x80 : 0))
  const bytes = new Uint8Array(megabyte)
  bytes.set([...HEADER, 0, ...leb, ...name])
  return bytes
})()
const badAfterMegabyte = new Uint8Array(megabyte + 2 ** 16)
badAfterMegabyte.set(goodMegabyte)

const wasm = "application/wasm"
const small = { rest: 0, hold: 0, head: page }

/** A long download: after its first bytes nothing more comes, for so many milliseconds. */
const long = (head: Uint8Array, hold: number): Answer => ({
  status: 200,
  type: wasm,
  head,
  rest: size - head.length,
  hold,
})

const never = Number.POSITIVE_INFINITY

/** What a server may do wrong. */
const answers = {
  "a page as 200 text/html": { ...small, status: 200, type: "text/html" },
  "a page as 404 text/html": { ...small, status: 404, type: "text/html" },
  "a page, and a download that has only begun": long(page, never),
  "bad bytes after a megabyte, and a download that goes no further": long(badAfterMegabyte, never),
} satisfies Record<string, Answer>

type Fault = keyof typeof answers

/** Our reason for each. */
const reasons: Readonly<Record<Fault, string>> = {
  "a page as 200 text/html": "content-type",
  "a page as 404 text/html": "content-type",
  "a page, and a download that has only begun": "html",
  "bad bytes after a megabyte, and a download that goes no further": "structure",
}

/** A package, and its loader. */
interface Loader {
  readonly name: string
  readonly madeBy: string
  /** Its files, from the package's folder. */
  readonly files: ReadonlyArray<string>
  /** What its glue calls for each. */
  readonly calls: keyof typeof WebAssembly
  /** What the program makes with it. */
  readonly makes: string
  /** Where our words are seen, for each fault. */
  readonly seen: Readonly<Record<Fault, Told["seen"]>>
  /** Whether its glue asks for the file once more when streaming has failed. */
  readonly asksAgain: boolean
}

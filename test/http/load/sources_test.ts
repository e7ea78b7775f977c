/**
 * Sources other than HTTP: files, paths, data; and sources that are rejected.
 */
import assert from "node:assert/strict"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import process from "node:process"
import { after, before, test } from "node:test"
import { pathToFileURL } from "node:url"
import type { ProgressEvent } from "../../../mod.ts"
import { loadModule, type LoadModuleOptions } from "../../../src/http/mod.ts"
import { huge, large } from "../../support/modules.ts"
import {
  checkAborted,
  checkFailure,
  checkModule,
  integrityOf,
  makeContent,
} from "../../support/loads.ts"

const content = large(30_000)
const small = makeContent()
let folder = ""
let path = ""
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "compile-streaming-load-"))
  path = join(folder, "a module #1.wasm")
  await writeFile(path, content)
  await writeFile(join(folder, "page.wasm"), "<!doctype html><title>404</title>")
  await writeFile(join(folder, "empty.wasm"), "")
  await mkdir(join(folder, "folder.wasm"))
})
after(() => rm(folder, { recursive: true }))

/** Files are allowed only by an option. */
const files: LoadModuleOptions = { protocols: ["https:", "http:", "data:", "blob:", "file:"] }

const dataUrl = (bytes: Uint8Array, type = "application/wasm"): string =>
  `data:${type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`

/** A URL of another class, as in test environments. */
const lookAlike = ({ href }: URL): URL =>
  Object.create(null, { href: { value: href }, toString: { value: () => href } })

const places: ReadonlyArray<
  readonly [name: string, place: () => string | URL, bytes: typeof small]
> = [
  ["a path", () => path, content],
  ["a path from here", () => `./${relative(process.cwd(), path)}`, content],
  ["a file: URL", () => pathToFileURL(path), content],
  ["a file: URL in a string", () => pathToFileURL(path).href, content],
  ["a URL of another implementation", () => lookAlike(pathToFileURL(path)), content],
  ["a data: URL", () => dataUrl(small), small],
  ["a data: URL as URL", () => new URL(dataUrl(small)), small],
]
for (const [name, place, bytes] of places) {
  test(`loadModule loads ${name}, with progress`, async () => {
    const events: Array<ProgressEvent> = []
    const load = loadModule(place(), {
      ...files,
      integrity: await integrityOf(bytes),
      maxBytes: bytes.length,
      onProgress: (event) => void events.push(event),
    })
    await checkModule(load, bytes)
    assert.deepEqual([events.at(-1)?.fraction, events.at(-1)?.received], [1, bytes.length])
  })

  test(`loadModule holds ${name} against integrity and maxBytes`, async () => {
    const other = await integrityOf(makeContent())
    await checkFailure(loadModule(place(), { ...files, integrity: other }), [
      "LoadError",
      "integrity",
    ])
    const load = loadModule(place(), { ...files, maxBytes: bytes.length - 1 })
    await checkFailure(load, ["LoadError", "too-large"])
  })
}

const deep = Array(9).fill("d".repeat(50)).join("/")
for (const name of ["a#b.wasm", "a?b=c.wasm", "a@b.wasm", `${deep}.wasm`]) {
  test(`an error names the whole path: ${name}`, async () => {
    const error = await checkFailure(loadModule(join(folder, name), files), ["LoadError", "file"])
    assert.ok(String(error).includes(join(folder, name)), String(error))
  })
}

// deno-fmt-ignore
const refused: ReadonlyArray<readonly [name: string, place: () => string | URL, tag: "LoadError" | "TypeError" | "CompileError", reason: string]> = [
  ["a missing file", () => join(folder, "none.wasm"), "LoadError", "file"],
  ["a folder", () => join(folder, "folder.wasm"), "LoadError", "file"],
  ["a file of another host", () => "file://elsewhere/module.wasm", "LoadError", "file"],
  ["a page in a file", () => join(folder, "page.wasm"), "CompileError", "html"],
  ["an empty file", () => join(folder, "empty.wasm"), "CompileError", "empty"],
  ["a data: URL of another type", () => dataUrl(small, "text/plain"), "TypeError", "content-type"],
  ["a malformed data: URL", () => "data:application/wasm;base64,§§§", "LoadError", "url"],
  ["another scheme", () => "gopher://127.0.0.1/module.wasm", "LoadError", "url"],
  ["another scheme as URL", () => new URL("ftp://127.0.0.1/module.wasm"), "LoadError", "url"],
  ["a blob of nobody", () => "blob:nodedata:123", "LoadError", "url"],
  ["what is neither URL nor path", () => "module.wasm", "LoadError", "url"],
  ["a malformed URL", () => "http://[", "LoadError", "url"],
  ["nothing", () => "", "LoadError", "url"],
  ["credentials", () => "http://me:secret@127.0.0.1/module.wasm", "LoadError", "url"],
]
for (const [name, place, tag, reason] of refused) {
  test(`loadModule refuses ${name}`, async () => {
    const error = await checkFailure(loadModule(place(), files), [tag, reason])
    assert.doesNotMatch(String(Reflect.get(error, "message")), /secret/)
  })
}

test("loadModule stops reading a file when its signal fires", async () => {
  const controller = new AbortController()
  const onProgress = () => controller.abort(1)
  const load = loadModule(path, { ...files, signal: controller.signal, onProgress })
  await checkAborted(load, controller.signal)
})

/** A module of a megabyte whose last function has a float addition on integers. */
const mistyped = (): Uint8Array<ArrayBuffer> => {
  const bytes = huge(20_000)
  bytes[bytes.length - 2] = 0x92
  return bytes
}

test("loadModule validates what it loads in full, if asked to, to the last function", async () => {
  const place = join(folder, "mistyped.wasm")
  await writeFile(place, mistyped())
  await checkFailure(loadModule(place, { ...files, validation: "full" }), [
    "CompileError",
    "structure",
  ])
  await writeFile(place, huge(20_000))
  const module = await loadModule(place, { ...files, validation: "full" })
  assert.ok(module instanceof WebAssembly.Module)
})

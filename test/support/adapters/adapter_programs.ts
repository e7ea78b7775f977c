/**
 * Programs of other toolchains, as their packages ship them, each loaded through its adapter, and made to do some work that
 * shows that it runs.
 */
import assert from "node:assert/strict"
import initKernel, { resize } from "@jsquash/resize/lib/magic-kernel/pkg/jsquash_magic_kernel.js"
import type initSqlJs from "sql.js"
import { Parser } from "web-tree-sitter"
import {
  type AdapterSource,
  type CompileStreamingOptions,
  emscripten,
  go,
  type GoRuntime,
  jco,
  wasmBindgen,
} from "../../../src/adapters/mod.ts"
import { readPackageFile } from "./adapter_files.ts"
import { paths } from "./adapter_paths.ts"
import { instantiate as instantiateQuadruple } from "./jco/quadruple.js"

/** A program, and its adapter. */
export interface AdapterProgram {
  readonly name: string
  /** The bytes of its module; `undefined` if the package is not installed. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined
  /** Loads it, and lets it work; rejects if the result is wrong. */
  readonly load: (source: AdapterSource, options?: CompileStreamingOptions) => Promise<void>
  /** Whether the adapter instantiates it: then the library checks the imports. */
  readonly instantiates: boolean
  /** Whether its glue keeps the first module that it was given, and does not request another one. */
  readonly keeps?: boolean
}

/** Runs a package's script as a CommonJS module, each time anew, as glue code keeps what it has loaded. */
const runScript = (path: string): unknown => {
  const script = new TextDecoder().decode(readPackageFile(path))
  const module: { exports: unknown } = { exports: {} }
  const process: { getBuiltinModule?: unknown } | undefined = Reflect.get(globalThis, "process")
  new Function("module", "exports", "require", "__dirname", script)(
    module,
    module.exports,
    process?.getBuiltinModule,
    "",
  )
  return module.exports
}

const isSql = (value: unknown): value is typeof initSqlJs => typeof value === "function"

/** A fresh factory of sql.js: each one keeps the first promise that it made. */
export const freshSqlJs = (): typeof initSqlJs => {
  const factory = runScript(paths.sqlGlue)
  assert.ok(isSql(factory))
  return factory
}

/** The bytes of sql.js. */
export const sqlBytes: Uint8Array<ArrayBuffer> | undefined = readPackageFile(paths.sql)

type Go = new () => GoRuntime
const isGo = (value: unknown): value is Go => typeof value === "function"

/** A fresh instance of the class that Go's script defines globally. */
const freshGo = (): GoRuntime => {
  runScript(paths.goGlue)
  const Go: unknown = Reflect.get(globalThis, "Go")
  assert.ok(isGo(Go))
  return new Go()
}

const call = (
  instance: WebAssembly.Instance,
  name: string,
  ...args: ReadonlyArray<unknown>
): number => {
  const method: unknown = instance.exports[name]
  assert.ok(typeof method === "function")
  return method(...args)
}

/** Lets the program of sh-syntax print a script. */
const printScript = (instance: WebAssembly.Instance, script: string): string => {
  const { memory } = instance.exports
  assert.ok(memory instanceof WebAssembly.Memory)
  const put = (text: string): readonly [at: number, length: number, capacity: number] => {
    const bytes = new TextEncoder().encode(text)
    const at = call(instance, "wasmAlloc", bytes.length)
    new Uint8Array(memory.buffer).set(bytes, at)
    return [at, bytes.length, bytes.length]
  }
  const [path, text, stop] = [put("script.sh"), put(script), put("")]
  const [print, keepComments, variant, recoverErrors, simplify, indent] = [
    true,
    true,
    0,
    0,
    false,
    2,
  ]
  const style = [true, true, true, false, false, false, false]
  const reading = [print, keepComments, variant, ...stop, recoverErrors, simplify, indent]
  const at = call(instance, "process", ...path, ...text, ...reading, ...style)
  const result = new Uint8Array(memory.buffer).subarray(at)
  return new TextDecoder().decode(result.slice(0, result.indexOf(0)))
}

/** Bytes from hexadecimal digits. */
const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

/** The core modules of the component, as jco wrote them. */
// deno-fmt-ignore
export const quadrupleParts: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "quadruple.core.wasm": fromHex("0061736d0100000001060160017f017f03020100070a0106646f75626c6500000a09010700200041026c0b000e046e616d65000706646f75626c65"),
  "quadruple.core2.wasm": fromHex("0061736d0100000001060160017f017f02100105706172747306646f75626c65000003020100070d0109717561647275706c6500010a0a0108002000100010000b0017046e616d650005046d61696e0109010006646f75626c65"),
}

/** Instantiates the component, and checks that it works. */
export const runQuadruple = async (
  getCoreModule: (path: string) => Promise<WebAssembly.Module>,
): Promise<void> => {
  const { quadruple } = await instantiateQuadruple(getCoreModule, {})
  assert.equal(quadruple(3), 12)
}

const second = quadrupleParts["quadruple.core2.wasm"]
const first = (): Response => {
  const headers = { "content-type": "application/wasm" }
  return new Response(quadrupleParts["quadruple.core.wasm"], { headers })
}

/** The programs. Some load only once, so tests in which they succeed have to be last. */
export const programs: ReadonlyArray<AdapterProgram> = [
  {
    name: "wasm-bindgen: @jsquash/resize",
    bytes: readPackageFile(paths.kernel),
    load: async (source, options) => {
      const { memory } = await wasmBindgen(initKernel, source, options)
      assert.ok(memory instanceof WebAssembly.Memory)
      const pixels = Uint8Array.from({ length: 4 * 4 * 4 }, () => 255)
      const { data, width } = resize(pixels, 4, 4, 2, 2, "magicKernel")
      assert.deepEqual([width, [...data]], [2, Array.from({ length: 16 }, () => 255)])
    },
    instantiates: false,
  },
  {
    name: "Emscripten: sql.js",
    bytes: sqlBytes,
    load: async (source, options) => {
      const SQL = await emscripten(freshSqlJs(), source, options)
      const database = new SQL.Database()
      const [result] = database.exec("SELECT 6 * 7")
      database.close()
      assert.deepEqual(result?.values, [[42]])
    },
    instantiates: true,
  },
  {
    name: "Emscripten: web-tree-sitter",
    bytes: readPackageFile(paths.sitter),
    load: async (source, options) => {
      await emscripten((settings) => Parser.init({ ...settings }), source, options)
      const parser = new Parser()
      assert.equal(parser.parse("1 + 1"), null)
      parser.delete()
    },
    instantiates: true,
    keeps: true,
  },
  {
    name: "jco: a component of two core modules, the second one",
    bytes: second,
    load: (source, options = {}) =>
      runQuadruple(
        jco(
          (path) => path === "quadruple.core2.wasm" ? source : first(),
          (path) => path === "quadruple.core2.wasm" ? options : {},
        ),
      ),
    instantiates: false,
  },
  {
    name: "TinyGo: sh-syntax",
    bytes: readPackageFile(paths.sh),
    load: async (source, options) => {
      const { exited, instance } = await go(freshGo(), source, options)
      // The program waits for calls and does not end.
      exited.catch(() => {})
      const printed: unknown = JSON.parse(printScript(instance, "if true ;then echo   1;fi"))
      assert.ok(typeof printed === "object" && printed !== null)
      assert.equal(Reflect.get(printed, "text"), "if true; then echo 1; fi\n")
    },
    instantiates: true,
  },
]

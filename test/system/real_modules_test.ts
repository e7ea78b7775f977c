/**
 * Real modules, made by compilers: accepted whole and in any split, with reports that agree with the engine, and never
 * rejected after a mutation that the engine accepts.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { Wasm } from "../../mod.ts"
import {
  DecodeError,
  ModuleDecoder,
  type ModuleReport,
  ModuleReportBuilder,
  type SectionReport,
} from "../../src/binary/mod.ts"
import { checkAll } from "../support/disassembled.ts"
import { settled } from "../support/outcomes.ts"
import { findPath } from "../support/packages.ts"
import { random, seed } from "../support/random.ts"
import { chunks, response } from "../support/responses.ts"
import { judge } from "../support/verdicts.ts"

interface RealModule {
  /** A package and a path in it. */
  readonly path: string
  readonly madeOf: string
  /** Features that its report has to show. */
  readonly features: ReadonlyArray<string>
  /** Names of custom sections that it has to have. */
  readonly customs: ReadonlyArray<string>
}

// deno-fmt-ignore
const modules: ReadonlyArray<RealModule> = [
  { path: "@wasm-fmt/gofmt/gofmt.wasm", madeOf: "Go, by TinyGo", features: [], customs: ["name", "producers", "target_features"] },
  { path: "@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm", madeOf: "Rust, by wasm-bindgen", features: [], customs: ["producers", "target_features"] },
  { path: "@jsquash/oxipng/codec/pkg-parallel/squoosh_oxipng_bg.wasm", madeOf: "Rust with threads", features: ["threads", "bulk-memory", "mutable-globals"], customs: ["producers", "target_features"] },
  { path: "@jsquash/jxl/codec/dec/jxl_dec.wasm", madeOf: "C++, by Emscripten", features: [], customs: [] },
  { path: "@jsquash/jxl/codec/enc/jxl_enc_mt.wasm", madeOf: "C++ with threads", features: ["threads", "bulk-memory"], customs: [] },
  { path: "@jsquash/jxl/codec/enc/jxl_enc_mt_simd.wasm", madeOf: "C++ with threads and SIMD", features: ["threads", "simd"], customs: [] },
  { path: "web-tree-sitter/web-tree-sitter.wasm", madeOf: "C with dynamic linking", features: ["mutable-globals", "bulk-memory"], customs: ["dylink.0"] },
  { path: "web-tree-sitter/debug/web-tree-sitter.wasm", madeOf: "C with debug information", features: [], customs: ["dylink.0", "name", ".debug_info", ".debug_str"] },
  { path: "@wasm-fmt/dart_fmt/dart_fmt.wasm", madeOf: "Dart with GC and exceptions", features: ["gc", "exceptions", "typed-function-references"], customs: [] },
  { path: "@wasm-fmt/dart_fmt/dart_fmt.unopt.wasm", madeOf: "Dart with GC and names", features: ["gc", "exceptions"], customs: ["name"] },
]

const reportOf = (parts: ReadonlyArray<Uint8Array>): ModuleReport => {
  const builder = new ModuleReportBuilder()
  const decoder = new ModuleDecoder({ sink: builder })
  for (const part of parts) decoder.push(part)
  decoder.finish()
  return builder.build(decoder)
}

/** Cuts bytes into chunks of random sizes up to the largest, empty ones too. */
const cutInto = (
  bytes: Uint8Array,
  largest: number,
  next: (below: number) => number,
): ReadonlyArray<Uint8Array> => {
  const parts: Array<Uint8Array> = []
  for (let start = 0; start < bytes.length;) {
    const size = next(largest + 1)
    parts.push(bytes.slice(start, start + size))
    start += size
  }
  return parts
}

/** The payload of a custom section after its name. */
const contentOf = (bytes: Uint8Array, section: SectionReport): Uint8Array => {
  let size = 0
  let at = section.offset
  for (let shift = 0;; shift += 7) {
    const byte = bytes[at++] ?? 0
    size += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  return bytes.subarray(at + size, section.offset + section.size)
}

/** The engine's module; `undefined`, with a message, if the engine lacks a feature. */
const compiledBy = (
  bytes: Uint8Array<ArrayBuffer>,
  madeOf: string,
): WebAssembly.Module | undefined => {
  try {
    return new WebAssembly.Module(bytes)
  } catch (error) {
    console.log(
      `Skipped: comparing ${madeOf} with this engine, which does not compile it: ${error}`,
    )
    return undefined
  }
}

console.log(`real_modules_test: seed ${seed}`)

for (const { customs, features, madeOf, path } of modules) {
  const file = findPath(path)
  if (file === undefined) console.log(`Skipped: ${madeOf}: ${path} is not installed`)
  const options = { skip: file === undefined, timeout: 60_000 }
  const read = (): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(file ?? ""))

  test(`${madeOf}: accepted whole and in any split`, options, () => {
    const bytes = read()
    const next = random(seed)
    for (const unknown of ["reject", "defer"] as const) {
      const whole = judge([bytes], { unknown })
      assert.equal(whole.code, "ok", `${whole.code} at ${whole.offset}`)
      for (const largest of [200, 4_096, 65_536, 1_000_000]) {
        assert.deepEqual(judge(cutInto(bytes, largest, next), { unknown }), whole)
      }
    }
  })

  test(`${madeOf}: disassembled whole`, options, () => {
    assert.ok(checkAll(read()) > 10_000)
  })

  test(`${madeOf}: reported as the engine sees it`, options, () => {
    const bytes = read()
    const report = reportOf([bytes])
    assert.deepEqual(reportOf(cutInto(bytes, 4_096, random(seed))), report)
    assert.equal(report.unknown, undefined)
    assert.deepEqual(features.filter((feature) => !report.features.includes(feature)), [])
    const found = report.sections.filter(({ customName }) => customName !== undefined)
    const names = new Set(found.map(({ customName }) => customName ?? ""))
    assert.deepEqual(customs.filter((name) => !names.has(name)), [])

    const module = compiledBy(bytes, madeOf)
    if (module === undefined) return
    assert.deepEqual(
      report.imports.map(({ kind, module, name }) => [module, name, kind]),
      WebAssembly.Module.imports(module).map(({ kind, module, name }) => [module, name, kind]),
    )
    assert.deepEqual(
      report.exports.map(({ kind, name }) => [name, kind]),
      WebAssembly.Module.exports(module).map(({ kind, name }) => [name, kind]),
    )
    for (const name of [...names, "none such"]) {
      const contents = WebAssembly.Module.customSections(module, name)
      assert.deepEqual(
        found.filter(({ customName }) => customName === name)
          .map((section) => Buffer.from(contentOf(bytes, section)).toString("base64")),
        contents.map((content) => Buffer.from(content).toString("base64")),
        name,
      )
    }
  })

  test(`${madeOf}: compiled with its report`, options, async () => {
    const bytes = read()
    if (compiledBy(bytes, madeOf) === undefined) return
    const parts = cutInto(bytes, 65_536, random(seed + 1))
    const { module, report } = await settled(
      Effect.runPromise(
        Wasm.compileStreamingWithReport(response(chunks(...parts))),
      ),
      50_000,
    )
    assert.ok(module instanceof WebAssembly.Module)
    assert.deepEqual(report, reportOf([bytes]))
  })
}

test(
  "a changed module that is refused is one that the engine refuses too",
  { skip: modules.every(({ path }) => findPath(path) === undefined), timeout: 60_000 },
  () => {
    const next = random(seed + 2)
    for (const { madeOf, path } of modules) {
      const file = findPath(path)
      if (file === undefined) continue
      const bytes = new Uint8Array(readFileSync(file))
      if (bytes.length > 500_000 || !WebAssembly.validate(bytes)) continue
      const { sections } = reportOf([bytes])
      const began = performance.now()
      for (let round = 0; round < 400 && performance.now() - began < 700; round++) {
        const changed = bytes.slice()
        for (let changes = 1 + next(2); changes > 0; changes--) {
          // First a section, then an offset in it: otherwise nearly all mutations would be in code and data.
          const { offset = 0, size = 1 } = sections[next(sections.length)] ?? {}
          changed[offset - 2 + next(Math.min(size, 2_000) + 2)] = next(256)
        }
        const decoder = new ModuleDecoder({ unknown: "defer" })
        let refusal: unknown
        try {
          decoder.push(changed)
          decoder.finish()
          continue
        } catch (error) {
          refusal = error
        }
        assert.ok(refusal instanceof DecodeError, String(refusal))
        assert.equal(
          WebAssembly.validate(changed),
          false,
          `${madeOf}, round ${round} of seed ${seed}: ${refusal.code} at ${refusal.offset}`,
        )
      }
    }
  },
)

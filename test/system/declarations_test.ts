/**
 * Declarations compile: for every installed real module, for the official suite's valid ones, and with any names; with the
 * type libraries of browsers, Bun and Deno. And they are correct: right uses pass, and wrong ones are errors.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { ModuleDecoder } from "../../src/binary/mod.ts"
import { declarations } from "../../src/types/mod.ts"
import { root, run } from "../support/command.ts"
import { needing, withFolder } from "../support/programs/consumer.ts"
import {
  declaring,
  everything,
  hostileNames,
  named,
  words,
} from "../support/modules/declared_modules.ts"
import { domUses, moduleUses, uses } from "../support/declared_uses.ts"
import * as modules from "../support/modules.ts"
import { findPath } from "../support/packages.ts"
import { missing, readVectors } from "../support/spec_vectors.ts"

// deno-fmt-ignore
const real: ReadonlyArray<string> = [
  "@wasm-fmt/gofmt/gofmt.wasm",
  "@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm",
  "@jsquash/oxipng/codec/pkg-parallel/squoosh_oxipng_bg.wasm",
  "@jsquash/jxl/codec/dec/jxl_dec.wasm",
  "@jsquash/jxl/codec/enc/jxl_enc.wasm",
  "@jsquash/jxl/codec/enc/jxl_enc_mt_simd.wasm",
  "web-tree-sitter/web-tree-sitter.wasm",
  "web-tree-sitter/debug/web-tree-sitter.wasm",
  "@wasm-fmt/dart_fmt/dart_fmt.wasm",
  "@jsquash/resize/lib/magic-kernel/pkg/jsquash_magic_kernel_bg.wasm",
  "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm",
  "sh-syntax/main.wasm",
  "sql.js/dist/sql-wasm.wasm",
]

const isValid = (bytes: Uint8Array): boolean => {
  try {
    const decoder = new ModuleDecoder()
    decoder.push(bytes)
    decoder.finish()
    return true
  } catch {
    return false
  }
}

/** Files of declarations of modules, in both forms. */
const filesOf = (
  folder: string,
  all: ReadonlyArray<readonly [name: string, bytes: Uint8Array]>,
): Record<string, string> =>
  Object.fromEntries(all.flatMap(([name, bytes]) => [
    [`${folder}/${name}.ts`, declarations(bytes)],
    [`${folder}/${name}.d.wasm.ts`, declarations(bytes, { form: "import" })],
  ]))

const configuration = (lib: ReadonlyArray<string>, types: ReadonlyArray<string>): string =>
  JSON.stringify({
    compilerOptions: {
      ...{ target: "esnext", module: "esnext", moduleResolution: "bundler", noEmit: true },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      ...{ allowImportingTsExtensions: true, allowArbitraryExtensions: true, skipLibCheck: false },
      ...{ lib, types, typeRoots: [join(root, "node_modules")] },
    },
    include: ["**/*.ts"],
  })

/** Compiles files, without errors. */
const compile = (files: Readonly<Record<string, string>>): Promise<void> =>
  withFolder(files, async (folder) => {
    const tsc = join(root, "node_modules/typescript/bin/tsc")
    const args = [tsc, "-p", folder, "--pretty", "false"]
    const { stderr, stdout } = await run("bun", args, root)
    assert.equal(`${stdout}${stderr}`.slice(0, 5_000), "")
  })

const dom = configuration(["esnext", "dom"], [])
const bun = configuration(["esnext"], ["bun-types"])

/** What the library has types for, in both directions. */
const plain: ReadonlySet<string> = new Set(
  ["none", "numbers", "long", "external", "constant", "variable", "memory", "functionTable"],
)

const used = {
  ...filesOf(".", [
    ["everything", declaring(everything)],
    ["plain", declaring(everything.filter(({ name }) => plain.has(name)))],
    ["named", named([...words, ...hostileNames])],
  ]),
  "uses.ts": uses,
}

const options = needing("declarations with TypeScript", "bun", "node_modules")

test(
  "right uses pass and wrong ones are refused, with the library of browsers",
  options,
  () =>
    compile({
      ...used,
      "tsconfig.json": dom,
      "dom_uses.ts": domUses,
      "module_uses.ts": moduleUses,
    }),
)

test(
  "the same with the types of Bun, where no library has tags",
  options,
  () => compile({ ...used, "tsconfig.json": bun, "module_uses.ts": moduleUses }),
)

test(
  "the same on Deno",
  needing("declarations on Deno", "deno"),
  () =>
    withFolder(used, async (folder) => {
      const args = ["check", "--no-lock", "--no-config", "uses.ts", "named.ts"]
      const { code, stderr } = await run("deno", args, folder)
      assert.equal(code, 0, stderr)
    }),
)

test("a wrong use that is not expected is seen", options, async () => {
  const wrong =
    `import type { Exports } from "./everything.ts"\ndeclare const e: Exports\ne.long(1)\n`
  await assert.rejects(compile({ ...used, "tsconfig.json": dom, "wrong.ts": wrong }), /TS2345/)
})

for (const [library, tsconfig] of [["browsers", dom], ["Bun", bun]] as const) {
  test(`every real module, with the types of ${library}`, options, async () => {
    const found = real.flatMap((path, index) => {
      const file = findPath(path)
      return file === undefined
        ? []
        : [[`real${index}`, new Uint8Array(readFileSync(file))] as const]
    })
    assert.equal(found.length, real.length)
    const own = Object.entries(modules).flatMap(([name, bytes]) =>
      bytes instanceof Uint8Array && isValid(bytes) ? [[name, bytes] as const] : []
    )
    assert.ok(own.length > 3)
    await compile({ ...filesOf("real", found), ...filesOf("own", own), "tsconfig.json": tsconfig })
  })
}

if (missing !== false) console.log(`Skipped: declarations of the official suite: ${missing}`)
test(
  "every valid module of the official suite",
  { ...options, skip: options.skip || missing !== false },
  async () => {
    const valid = readVectors().filter(({ bytes, verdict }) =>
      verdict === "valid" && isValid(bytes)
    )
    assert.ok(valid.length > 500)
    const all = valid.map(({ bytes }, index) => [`m${index}`, bytes] as const)
    await compile({ ...filesOf("suite", all), "tsconfig.json": dom })
  },
)

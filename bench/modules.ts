/**
 * The modules that the benchmarks compile: files, or files in npm packages. Packages are installed on demand into a folder
 * for temporary files, and stay there; importing this file fetches nothing.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"

/** Real modules, by short names. */
const known: Readonly<Record<string, string>> = {
  // C
  "sql.js": "sql.js@1.16.0/dist/sql-wasm.wasm",
  // Rust, little beyond WebAssembly 1.0
  "resvg": "@resvg/resvg-wasm@2.6.2/index_bg.wasm",
  // Dart: garbage collection, legacy exceptions
  "dart": "@wasm-fmt/dart_fmt@0.4.0/dart_fmt.unopt.wasm",
  // C, legacy exceptions
  "pyodide": "pyodide@314.0.7/pyodide.asm.wasm",
  // Go
  "esbuild": "esbuild-wasm@0.28.2/esbuild.wasm",
  // C++, exceptions with exnref, SIMD, atomics
  "onnx": "onnxruntime-web@1.30.0/dist/ort-wasm-simd-threaded.jspi.wasm",
  // Rust
  "swc": "@swc/wasm@1.16.18/wasm_bg.wasm",
  // C, much SIMD
  "ffmpeg": "@ffmpeg/core@0.12.10/dist/esm/ffmpeg-core.wasm",
  // C++, many legacy exceptions
  "duckdb": "@duckdb/duckdb-wasm@1.32.0/dist/duckdb-eh.wasm",
}

/** A module of moderate size. */
export const defaultModule = "esbuild"

/** The names that a module can be given by, for messages. */
export const moduleNames: string = `a path, ${
  Object.keys(known).join(", ")
}, or name@version/path/in/the/package.wasm`

const packageFile = /^(?<name>(?:@[^/@]+\/)?[^/@]+)@(?<version>[^/]+)\/(?<path>.+)$/

const install = (folder: string, spec: string): void => {
  mkdirSync(folder, { recursive: true })
  const manifest = join(folder, "package.json")
  if (!existsSync(manifest)) writeFileSync(manifest, `{ "private": true }\n`)
  const installers = [
    ["bun", "add", "--ignore-scripts", "--silent", spec],
    ["npm", "install", "--ignore-scripts", "--silent", spec],
  ]
  for (const [command = "", ...args] of installers) {
    if (spawnSync(command, args, { cwd: folder, stdio: "inherit" }).status === 0) return
  }
  throw new Error(`Cannot install ${spec}, neither with bun nor with npm`)
}

/** The folder that a version of a package is installed into, with its dependencies. */
const folderOf = (name: string, version: string): string =>
  join(tmpdir(), "compile-streaming-bench", `${name}@${version}`)

/** The folder of a package, installed if it is not there yet. */
export const resolvePackage = (name: string, version: string): string => {
  const folder = folderOf(name, version)
  const found = join(folder, "node_modules", name)
  if (!existsSync(found)) install(folder, `${name}@${version}`)
  return found
}

/**
 * The path of a module's file.
 *
 * @param name a path, a short name, or a package with its version and a file in it
 */
export const resolveModule = (name: string): string => {
  if (existsSync(name)) return name
  const groups = packageFile.exec(known[name] ?? name)?.groups
  const { name: packageName, version, path } = groups ?? {}
  if (packageName === undefined || version === undefined || path === undefined) {
    throw new Error(`No module ${JSON.stringify(name)}: name ${moduleNames}`)
  }
  const folder = folderOf(packageName, version)
  const file = join(folder, "node_modules", packageName, path)
  if (!existsSync(file)) install(folder, `${packageName}@${version}`)
  if (!existsSync(file)) throw new Error(`No file ${path} in ${packageName}@${version}`)
  return file
}

/** A module's name for tables. */
export const labelOf = (path: string): string =>
  `${basename(path, ".wasm")} ${(statSync(path).size / 1e6).toFixed(1)} MB`

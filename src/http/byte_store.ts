/**
 * Where a cache keeps bytes beyond the process: any `KeyValueStore` of `effect/persistence`, or a folder.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "node:fs/promises"
import { nodeBuiltin } from "../platform/node.ts"

/** A store of bytes by key. Every `KeyValueStore` of `effect/persistence` is one. What fails in it never fails a load. */
export interface ByteStore {
  /** The value of a key; `undefined` where there is none. */
  readonly getUint8Array: (key: string) => Effect.Effect<Uint8Array | undefined, unknown>
  /** Keeps a value. */
  readonly set: (key: string, value: Uint8Array) => Effect.Effect<void, unknown>
  /** Forgets a value. */
  readonly remove: (key: string) => Effect.Effect<void, unknown>
}

const ending = ".wasm-cache"
const unfinished = ".tmp"

/** What a process that was killed has left behind is that old at least, in milliseconds. */
const abandonedAge = 3_600_000

/** How many values this process has begun to write. */
let writes = 0

const fileName = (key: string): string => {
  // The keys of the cache are digests; others must not lead out of the folder.
  if (!/^[\w-]+$/.test(key)) throw new Error(`The key ${JSON.stringify(key)} is no file name`)
  return `${key}${ending}`
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && Reflect.get(cause, "code") === "ENOENT"

/**
 * A folder as a store, on Bun, Deno and Node: a file for each value, which is there as a whole or not at all.
 *
 * @param path the folder; made when it is needed
 */
export const directory = (path: string): ByteStore => {
  let swept = false

  /** Removes what writes of other processes have left behind, once. */
  const sweep = async (fs: typeof FileSystem): Promise<void> => {
    if (swept) return
    swept = true
    for (const name of await fs.readdir(path)) {
      if (!name.includes(ending) || !name.endsWith(unfinished)) continue
      const file = `${path}/${name}`
      const { mtimeMs } = await fs.stat(file)
      if (Date.now() - mtimeMs > abandonedAge) await fs.rm(file, { force: true })
    }
  }

  const read = async (key: string): Promise<Uint8Array | undefined> => {
    const fs = nodeBuiltin("node:fs/promises")
    try {
      return await fs.readFile(`${path}/${fileName(key)}`)
    } catch (cause) {
      if (isMissing(cause)) return undefined
      throw cause
    }
  }

  /** A value is written aside and put in place when it is complete. */
  const write = async (key: string, value: Uint8Array): Promise<void> => {
    const fs = nodeBuiltin("node:fs/promises")
    const file = `${path}/${fileName(key)}`
    await fs.mkdir(path, { recursive: true })
    await sweep(fs).catch(() => {})
    // Other processes write there too.
    const unique = `${writes++}-${Math.random().toString(36).slice(2)}`
    const aside = `${file}.${unique}${unfinished}`
    try {
      await fs.writeFile(aside, value, { flag: "wx" })
      await fs.rename(aside, file)
    } catch (cause) {
      await fs.rm(aside, { force: true })
      throw cause
    }
  }

  const remove = async (key: string): Promise<void> => {
    const fs = nodeBuiltin("node:fs/promises")
    await fs.rm(`${path}/${fileName(key)}`, { force: true })
  }

  const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, unknown> =>
    Effect.tryPromise({ try: run, catch: (cause) => cause })

  return {
    getUint8Array: (key) => attempt(() => read(key)),
    // To the end once begun, so that nothing unfinished is left.
    set: (key, value) => Effect.uninterruptible(attempt(() => write(key, value))),
    remove: (key) => Effect.uninterruptible(attempt(() => remove(key))),
  }
}

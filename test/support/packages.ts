/**
 * Files of installed packages.
 */
import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

/** The places where a package's file may be: in `node_modules`, or in the runtime's own store. */
const places: ReadonlyArray<(path: string) => string> = [
  createRequire(import.meta.url).resolve,
  (path) => fileURLToPath(import.meta.resolve(path)),
  // A bundle is in another folder, but runs in the project's.
  (path) => join(process.cwd(), "node_modules", path),
]

/**
 * Finds a file of a package; `undefined` if it is not installed.
 *
 * @param path the package, and the file's path in it
 */
export const findPath = (path: string): string | undefined => {
  for (const place of places) {
    try {
      const file = place(path)
      if (existsSync(file)) return file
    } catch {
      // It is not there.
    }
  }
  return undefined
}

/**
 * Reads a file of a package; `undefined` if it is not installed.
 *
 * @param path the package, and the file's path in it
 */
export const findFile = (path: string): Uint8Array<ArrayBuffer> | undefined => {
  const file = findPath(path)
  return file === undefined ? undefined : new Uint8Array(readFileSync(file))
}

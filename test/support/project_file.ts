/**
 * Files of the project that tests read. On Node the tests are bundles in another folder, but run in the project's.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

const beside = fileURLToPath(new URL("../../", import.meta.url))
const root = existsSync(join(beside, "package.json")) ? beside : process.cwd()

/**
 * The path of a file.
 *
 * @param path from the project's folder
 */
export const projectFile = (path: string): string => join(root, path)

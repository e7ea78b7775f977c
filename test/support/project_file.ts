/**
 * Files of the project that tests read. On Node the tests run as bundles elsewhere, in the project's folder.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

const beside = fileURLToPath(new URL("../../", import.meta.url))
const root = existsSync(join(beside, "package.json")) ? beside : process.cwd()

/**
 * The place of a file.
 *
 * @param path from the project's folder
 */
export const projectFile = (path: string): string => join(root, path)

/**
 * Files of the packages that adapters are tested with. Pages have no files: there, the runner puts the files' content in the
 * place of this module.
 */
import { findFile } from "../packages.ts"

/**
 * Reads a file; `undefined` where the package is not installed.
 *
 * @param path one of `adapter_paths.ts`
 */
export const readPackageFile = (path: string): Uint8Array<ArrayBuffer> | undefined => findFile(path)

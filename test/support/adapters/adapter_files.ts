/**
 * Files of the packages that adapters are tested with. Pages cannot read files: for them, the runner replaces this module by
 * one that contains the files.
 */
import { findFile } from "../packages.ts"

/**
 * Reads a file; `undefined` if the package is not installed.
 *
 * @param path one of `adapter_paths.ts`
 */
export const readPackageFile = (path: string): Uint8Array<ArrayBuffer> | undefined => findFile(path)

/**
 * The text of the official suite's modules, from a file beside the project: `SPEC_VECTORS` names its
 * folder. Pages cannot read files: for them, the runner replaces this module by one with the text.
 */
import { existsSync, readFileSync } from "node:fs"
import process from "node:process"
import { fileURLToPath } from "node:url"

const folder: string = process.env["SPEC_VECTORS"] ??
  fileURLToPath(new URL("../../../shared/spec-vectors", import.meta.url))

/** The path of the file. */
export const path: string = `${folder}/vectors.jsonl`

/** The text, a JSON object per line; `undefined` if there is no such file. */
export const vectorsText: string | undefined = existsSync(path)
  ? readFileSync(path, "utf8")
  : undefined

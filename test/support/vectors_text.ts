/**
 * The text of the official suite's modules, from a file beside the project: `SPEC_VECTORS` names its
 * folder. Pages have no files: there, the runner puts the text in the place of this module.
 */
import { existsSync, readFileSync } from "node:fs"
import process from "node:process"
import { fileURLToPath } from "node:url"

const folder: string = process.env["SPEC_VECTORS"] ??
  fileURLToPath(new URL("../../../shared/spec-vectors", import.meta.url))

/** Where it is looked for. */
export const path: string = `${folder}/vectors.jsonl`

/** A JSON object a line; `undefined` where there is no such file. */
export const vectorsText: string | undefined = existsSync(path)
  ? readFileSync(path, "utf8")
  : undefined

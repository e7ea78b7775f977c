/**
 * Compares texts that users read with files. `UPDATE_SNAPSHOTS=1` writes the files again.
 */
import assert from "node:assert/strict"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import process from "node:process"
import { projectFile } from "./project_file.ts"

const folder = projectFile("test/cli/snapshots/")

/**
 * Compares a text with its file.
 *
 * @param name the file's name, without its ending
 * @param text the text that it has to contain
 */
export const matchSnapshot = (name: string, text: string): void => {
  const file = `${folder}${name}.txt`
  if (process.env["UPDATE_SNAPSHOTS"] === "1") {
    mkdirSync(folder, { recursive: true })
    return writeFileSync(file, text)
  }
  assert.ok(existsSync(file), `${file} is missing: run the test with UPDATE_SNAPSHOTS=1`)
  assert.equal(text, readFileSync(file, "utf8"))
}

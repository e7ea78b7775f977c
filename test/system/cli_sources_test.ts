/**
 * Several sources for the command: folders, globs, and sources that cannot be read.
 */
import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import * as Schema from "effect/Schema"
import { ValidateDocumentJson } from "../../src/schema.ts"
import { cli } from "../support/cli.ts"
import { callable, everything } from "../support/modules/cli_modules.ts"

const folder = mkdtempSync(join(tmpdir(), "compile-streaming-sources-"))
after(() => rmSync(folder, { recursive: true }))

const good = join(folder, "good.wasm")
writeFileSync(good, callable)
const gone = join(folder, "gone.wasm")

test("a source that cannot be read is told, and the others go on", async () => {
  const parent = mkdtempSync(join(folder, "several-"))
  const empty = join(parent, "empty")
  const inner = join(parent, "folder.wasm")
  for (const path of [empty, inner]) mkdirSync(path)
  writeFileSync(join(parent, "a.wasm"), callable)
  writeFileSync(join(inner, "b.wasm"), everything)
  // A folder named like a module stands for the modules in it, once each.
  for (const argument of [join(parent, "*.wasm"), parent, join(parent, "**/*.wasm")]) {
    const { code, stderr, stdout } = await cli("validate", argument)
    assert.deepEqual([code, stderr], [0, ""], argument)
    assert.match(stdout, /a\.wasm: valid/)
    assert.match(stdout, /folder\.wasm[\\/]b\.wasm: valid/)
    assert.match(stdout, /^2 of 2 modules valid$/m)
  }
  const args = [empty, join(parent, "nothing*.wasm"), "", gone, "gopher://127.0.0.1/x.wasm", good]
  const several = await cli("validate", ...args)
  // Some of them make no sense.
  assert.equal(several.code, 2)
  assert.match(several.stdout, /^1 of 6 modules valid; 5 could not be read$/m)
  assert.equal(several.stderr.match(/^error: /gm)?.length, 5)
  assert.equal((await cli("validate", empty, gone, good)).code, 1)
  const json = await cli("validate", "--json", ...args)
  assert.equal(json.code, 2)
  const { modules } = Schema.decodeSync(ValidateDocumentJson)(json.stdout)
  assert.deepEqual(modules.map(({ isValid, unread }) => [isValid, unread?.reason]), [
    [false, undefined],
    [false, undefined],
    [false, undefined],
    [false, "file"],
    [false, "url"],
    [true, undefined],
  ])
  for (const { isValid, unread } of modules) assert.equal(unread === undefined, isValid)
})

test("validate --json of one source that cannot be read is a document, too", async () => {
  const { code, stdout } = await cli("validate", "--json", gone)
  assert.equal(code, 1)
  const { modules } = Schema.decodeSync(ValidateDocumentJson)(stdout)
  assert.deepEqual(modules.map(({ source, unread }) => [source, unread?.reason]), [[gone, "file"]])
})

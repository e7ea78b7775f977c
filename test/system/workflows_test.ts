/**
 * What must not change unnoticed in the repository's workflows: their permissions, and the third-party actions they run.
 */
import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { root } from "../support/command.ts"

const folder = join(root, ".github/workflows")
const workflows = readdirSync(folder).map((name) =>
  [name, readFileSync(join(folder, name), "utf8")] as const
)

test("there are workflows", () => {
  assert.deepEqual(workflows.map(([name]) => name).sort(), ["ci.yml", "release.yml"])
})

for (const [name, text] of workflows) {
  test(`${name} may read, and no more; what publishes gets an identity`, () => {
    assert.match(text, /^permissions:\n {2}contents: read\n\n/m)
    const granted = [...text.matchAll(/^ +([\w-]+): write$/gm)].map(([, what]) => what)
    assert.deepEqual(granted, name === "release.yml" ? ["id-token", "id-token"] : [])
  })

  test(`${name} uses actions of a major version, and leaves no token behind`, () => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action = ""]) => action)
    assert.ok(used.length > 1)
    for (const action of used) {
      assert.match(action, /^(\.\/\.github\/workflows\/ci\.yml|[\w-]+\/[\w-]+@v\d+)$/)
    }
    const checkouts = used.filter((action) => action.startsWith("actions/checkout@")).length
    assert.equal(text.match(/persist-credentials: false/g)?.length, checkouts)
  })

  test(`${name} names no registry, no secret, and puts nothing of strangers into a command`, () => {
    assert.doesNotMatch(text, /registry|https?:|secrets\./)
    for (const [, command = ""] of text.matchAll(/run: (.*)$/gm)) {
      assert.doesNotMatch(command, /\$\{\{(?! *matrix\.)/)
    }
  })
}

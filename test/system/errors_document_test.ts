/**
 * `docs/errors.md` has every reason and every code, and no others; `docs/messages.md` has our current messages.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { compileStreaming } from "../../mod.ts"
import { messageCases } from "../support/message_cases.ts"

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8")

/** The members of a union of strings. */
const unionOf = (source: string, name: string): ReadonlyArray<string> => {
  const declared = new RegExp(
    `^export type ${name} =((?:\\s*\\|?\\s*"[\\w.-]+"|\\s*\\| \\w+)+)`,
    "m",
  )
    .exec(source)?.[1]
  assert.ok(declared !== undefined, name)
  return [...declared.matchAll(/"([\w.-]+)"/g)].flatMap(([, member]) => member ?? [])
}

const unions: ReadonlyArray<readonly [file: string, name: string, least: number]> = [
  ["src/errors.ts", "TypeErrorReason", 9],
  ["src/errors.ts", "CompileErrorReason", 5],
  ["src/errors.ts", "SourceErrorReason", 3],
  ["src/errors.ts", "RuntimeErrorReason", 2],
  ["src/http/load_error.ts", "LoadErrorReason", 12],
  ["src/adapters/adapter_error.ts", "AdapterErrorReason", 2],
  ["src/adapters/ready_module.ts", "ReadyModuleErrorReason", 4],
  ["src/http/variants/variant_error.ts", "VariantErrorReason", 2],
  ["src/types/declaration_error.ts", "DeclarationErrorReason", 3],
  ["src/policy/policy_error.ts", "PolicyRule", 19],
  ["src/diagnosis/diagnosis.ts", "DiagnosisReason", 48],
  ["src/binary/errors.ts", "MalformedCode", 28],
  ["src/binary/errors.ts", "InvalidCode", 17],
  ["src/binary/errors.ts", "InstructionCode", 27],
  ["src/binary/errors.ts", "LimitCode", 23],
]

/** The first words of the rows of tables. */
const rows = new Set(
  [...read("docs/errors.md").matchAll(/^\| `([\w.-]+)`/gm)].flatMap(([, word]) => word ?? []),
)

const known = new Set<string>()
for (const [file, name, least] of unions) {
  const members = unionOf(read(file), name)
  for (const member of members) known.add(member)
  test(`docs/errors.md has every ${name}`, () => {
    assert.ok(members.length >= least, `${members.length} were read`)
    assert.deepEqual(members.filter((member) => !rows.has(member)), [])
  })
}

test("docs/errors.md has no reason or code that there is not", () => {
  assert.deepEqual([...rows].filter((word) => !known.has(word)), [])
})

test("docs/messages.md has our messages as they are", async () => {
  const told = [...read("docs/messages.md").matchAll(/^(\S.*)\n {2}this library +(.*)$/gm)]
    .map(([, name, message]) => [name, message])
  const messages = await Promise.all(messageCases.map(async ({ bytes, name }) => {
    const response = new Response(bytes, { headers: { "content-type": "application/wasm" } })
    const error: unknown = await compileStreaming(response, { validation: "full" }).then(
      () => assert.fail("It was compiled"),
      (error) => error,
    )
    assert.ok(error instanceof Error)
    return [name, error.message]
  }))
  assert.deepEqual(told, messages)
})

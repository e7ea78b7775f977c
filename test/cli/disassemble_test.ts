/**
 * `disassemble`: functions found by index or name, shown as instructions; and the instructions around an error.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import { compileStreaming } from "../../mod.ts"
import { findFault } from "../../src/binary/mod.ts"
import { ModuleFunctions } from "../../src/cli/disassembly.ts"
import { plainStyle } from "../../src/cli/terminal/style.ts"
import { validateModule } from "../../src/cli/validate_module.ts"
import { faultLines, functionLines, stackText } from "../../src/cli/views/disassembly_lines.ts"
import { everything, hostileName, invalid, malformed } from "../support/modules/cli_modules.ts"
import {
  AT,
  body,
  build,
  code,
  custom,
  END,
  exported,
  exports,
  func,
  functions,
  I32,
  i32,
  types,
} from "../support/module_builder.ts"
import { matchSnapshot } from "../support/snapshots.ts"

const module = new ModuleFunctions(everything)

// deno-fmt-ignore
const sought: ReadonlyArray<readonly [text: string, kind: string, ...indices: ReadonlyArray<number>]> = [
  ["0", "found", 0], ["3", "found", 3], ["4", "none"], ["99999999999", "none"],
  ["add", "found", 1], ["sum", "found", 3], ["trap", "found", 2], [hostileName, "found", 2],
  ["nothing", "none"], ["", "several", 0, 1, 2, 3],
]
for (const [text, kind, ...indices] of sought) {
  test(`ModuleFunctions.find() finds ${JSON.stringify(text)}`, () => {
    const found = module.find(text)
    assert.equal(found.kind, kind)
    const functions = found.kind === "none" ? [] : found.functions
    assert.deepEqual(functions.map(({ index }) => index), indices)
  })
}

test("a function is shown with its type, its place and its instructions", () => {
  const lines = [...module.bodies()].flatMap((it) => [...functionLines(it, module, plainStyle)])
  for (const line of lines) assert.equal(/[\p{Cc}\p{Cf}\p{Zl}]/u.test(line), false, line)
  matchSnapshot("disassemble", `${lines.join("\n")}\n`)
})

test("an import has no body to be shown", () => {
  assert.match([...functionLines(module.at(0), module, plainStyle)].join("\n"), /an import$/)
})

const view = { around: 10, style: plainStyle, width: 80 }

test("a fault is shown with the instructions before it and the operands that it finds", () => {
  const fault = findFault(invalid)
  assert.ok(fault !== undefined)
  const lines = faultLines("invalid.wasm", fault, new ModuleFunctions(invalid), view)
  matchSnapshot("fault", `${lines.join("\n")}\n`)
  const few = faultLines("invalid.wasm", fault, new ModuleFunctions(invalid), {
    ...view,
    around: 1,
  })
  assert.equal(few.length, lines.length - 2)
})

// deno-fmt-ignore
const undecodable: ReadonlyArray<readonly [title: string, marked: string, at: number, ...bytes: ReadonlyArray<number>]> = [
  ["a block type", "block …", 1, 0x02, 0x41, END, END], ["a heap type", "ref.null …", 1, 0xd0, 0x41, 0x1a, END],
  ["a type of select", "select t …", 2, 0x1c, 0x01, 0x41, END], ["a catch clause", "try_table …", 3, 0x1f, 0x40, 0x01, 0x09, END, END],
  ["an integer", "i32.const …", 5, 0x41, 0xff, 0xff, 0xff, 0xff, 0xff, END], ["an opcode", "0xff …", 0, 0xff, END],
  ["an opcode after a prefix", "0xfc 0x7f …", 0, 0xfc, 0x7f, END],
]
for (const [title, marked, at, ...bytes] of undecodable) {
  test(`${title} that cannot be decoded is marked, and so is its instruction`, () => {
    const module = build(types(func([], [])), functions(0), code(body(0, 0x01, AT, bytes)))
    const fault = findFault(module.bytes)
    assert.equal(fault?.error.offset, module.at + at)
    const found = new ModuleFunctions(module.bytes)
    const [, bytesLine = "", markLine = "", ...rest] = faultLines("a", fault, found, view)
    const column = markLine.indexOf("^^")
    assert.equal(Number.parseInt(bytesLine.slice(column, column + 2), 16), bytes[at])
    assert.ok(
      rest.some((line) => line === ` > 0x${module.at.toString(16)}  ${marked}`),
      rest.join("\n"),
    )
    // The listing of the function ends at the same instruction.
    assert.ok(
      [...functionLines(found.at(0), found, plainStyle)].some((line) => line.endsWith(marked)),
    )
  })
}

test("a function that lacks its end shows what it finds there", () => {
  const bytes = build(types(func([], [I32])), functions(0), code(body(0, i32(1), i32(2)))).bytes
  const fault = findFault(bytes)
  assert.ok(fault !== undefined)
  const lines = faultLines("a", fault, new ModuleFunctions(bytes), view)
  assert.match(lines.at(-1) ?? "", /operand stack of its block: i32 i32$/)
})

test("a function is called by its name in the name section, in every line", async () => {
  const bytes = build(
    types(func([I32, I32], [I32])),
    functions(0),
    exports(exported('b"ad', 0, 0)),
    code(body(0, 0x6a, END)),
    custom("name", 1, 9, 1, 0, 6, ...new TextEncoder().encode("broken")),
  ).bytes
  const fault = findFault(bytes)
  assert.ok(fault !== undefined)
  const response = new Response(bytes, { headers: { "content-type": "application/wasm" } })
  const error: unknown = await compileStreaming(response, { validation: "full" }).then(
    () => assert.fail("It was compiled"),
    (error) => error,
  )
  assert.ok(error instanceof Error)
  const validated = await Effect.runPromise(validateModule("a", bytes, false))
  const lines = faultLines("a", fault, new ModuleFunctions(bytes), view)
  for (const text of [error.message, validated.fault?.message ?? "", lines[0] ?? ""]) {
    assert.match(text, /, in function 0 "broken", instruction 1 of the body$/)
  }
})

test("the stack is shown as far as a person reads it", () => {
  const at = (count: number, isUnreachable = false) =>
    stackText({
      functionIndex: 0,
      start: 0,
      end: 0,
      isUnreachable,
      operands: new Array(count).fill("i32"),
    })
  assert.deepEqual([at(0), at(2), at(0, true)], [
    "nothing",
    "i32 i32",
    "anything, as it is never reached",
  ])
  assert.equal(at(1, true), "anything, then i32")
  assert.equal(at(500).split(" ").length, 21)
})

test("what is no module has no functions, and a fault", () => {
  for (const bytes of [malformed, new Uint8Array(0), new TextEncoder().encode("<html>")]) {
    const broken = new ModuleFunctions(bytes)
    assert.equal(broken.count, 0)
    assert.equal(broken.hasBodies, false)
    assert.ok(broken.fault !== undefined)
    assert.deepEqual([...broken.bodies()], [])
  }
})

test("deep blocks and many locals do not make lines of any length", () => {
  const depth = 2_000
  const nested = [...new Array(depth).fill([0x02, 0x40]).flat(), ...new Array(depth).fill(END)]
  const bytes = build(
    types(func([], [])),
    functions(0),
    code(body(1, 0xa8, 0x46, I32, ...nested, END)),
  ).bytes
  const deep = new ModuleFunctions(bytes)
  const lines = [...deep.bodies()].flatMap((found) => [...functionLines(found, deep, plainStyle)])
  assert.ok(lines.length > 2 * depth)
  for (const line of lines) assert.ok(line.length < 200)
})

/**
 * Legitimate contents of a module are no evidence of damage; the diagnosis is the same for every split of the body into
 * chunks; and it never replaces the error.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming } from "../../mod.ts"
import { DamagedModules } from "./support/damaged_modules.ts"
import { random, seed } from "../support/random.ts"

type Bytes = Uint8Array<ArrayBuffer>

const hex = (value: string): Bytes =>
  Uint8Array.from(value.match(/[\da-f]{2}/gi) ?? [], (byte) => Number.parseInt(byte, 16))
const text = (value: string): Bytes => new TextEncoder().encode(value)
const join = (...parts: ReadonlyArray<Uint8Array | ReadonlyArray<number>>): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const times = (count: number, bytes: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from({ length: count }, () => bytes).flat()
const leb = (value: number): ReadonlyArray<number> =>
  value < 128 ? [value] : [value & 0x7f | 0x80, ...leb(value >> 7)]

const header = hex("0061736d01000000")
const start = join(header, hex("010401600000 03020100 0503010001"))
const code = hex("0a040102000b")
const unknown = hex("770100")
const emptyCustoms = (count: number): Bytes => join(header, times(count, [0, 1, 0]))
const dataOf = (content: ReadonlyArray<number>): ReadonlyArray<number> => {
  const payload = [1, 0, 0x41, 0, 0x0b, ...leb(content.length), ...content]
  return [11, ...leb(payload.length), ...payload]
}
const table = Array.from({ length: 4_096 }, (_, at) => ((at * at * 31 + at * 7) >> 4) & 255)
const custom = [0, 0x7b, 1, 0x78, ...Array(121).fill(0x79)]
const with7Bits = (fault: string): Bytes => join(start, hex(fault), code, times(3, custom))

const { large, small } = DamagedModules

// deno-fmt-ignore
const rows: ReadonlyArray<readonly [name: string, bytes: Bytes, reasons: ReadonlyArray<string>]> = [
  ["100 empty custom sections, then an unknown one", join(emptyCustoms(100), unknown), ["engine", "structure"]],
  ["7,000 of them", join(emptyCustoms(7_000), unknown), ["engine", "structure"]],
  ["10,000 of them, and a newline", join(emptyCustoms(10_000), [10]), ["trailing-bytes"]],
  ["7-bit bytes and a wrong kind of export", with7Bits("0705010161 0900"), ["engine", "structure"]],
  ["zeros of its own, then an unknown section", join(start, code, dataOf(times(20_000, [0])), unknown), ["engine", "structure"]],
  ["a table twice, then an unknown section", join(start, code, dataOf([...table, ...table]), unknown), ["engine", "structure"]],
  ["a table twice, then a byte", join(start, code, dataOf([...table, ...table]), [0xff]), ["trailing-bytes"]],
  ["U+FFFD of its own, then an unknown section", join(start, code, dataOf(times(4, [0xef, 0xbf, 0xbd])), unknown), ["engine", "structure"]],
  ["a section too large by one", join(header, hex("0105016000000302010 00a040102000b")), ["structure", "engine"]],
  ["a body without end, then others", join(header, hex("010401600000 0303020000 0a0b0203004100050041001a0b")), ["engine", "structure"]],
  ["a module and a byte", join(small, [0x78]), ["trailing-bytes"]],
  ["a module and ^Z", join(small, [0x1a]), ["trailing-bytes"]],
  ["a module and ff", join(small, times(300, [0xff])), ["trailing-bytes"]],
  ["a last section with a size too small", join(small, hex("000f0970726f647563657273010870726f6365737365642d62790101610131")), ["engine", "structure"]],
  ["a last section that is whole, and text", join(small, hex("000b04 6e616d65 01040101 0161"), text("done")), ["trailing-bytes"]],
  ["a last section with a wrong id", join(small, hex("f7050161 0d0a0d")), ["engine", "structure"]],
  ["a module, a newline and another", join(small, [10], small), ["trailing-bytes"]],
  ["a module and many cc", join(small, times(90_000, [0xcc])), ["trailing-bytes"]],
  ["a long C array", text(`#include <a.h>\nconst char a[] = {${"0, 97, 115, 109, 1, ".repeat(3_000)}`), ["byte-list"]],
  ["gzip behind an HTTP head", join(text("HTTP/1.1 200 OK\r\n\r\n"), hex("1f8b0800"), times(40_000, [1, 2])), ["prefixed-module"]],
  ["a module and a word", join(small, [0x61, 0x62, 0x63]), ["trailing-bytes"]],
]

const typed = { headers: { "content-type": "application/wasm" } }

const inChunks = (bytes: Bytes, sizeOf: () => number): ReadableStream<Uint8Array> => {
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close()
      const next = at + sizeOf()
      controller.enqueue(bytes.slice(at, next))
      at = next
    },
  })
}

const failureOf = async (
  body: Bytes | ReadableStream<Uint8Array>,
  validation: "full" | "structure",
): Promise<{ readonly reason: unknown; readonly message: unknown }> => {
  const error: unknown = await compileStreaming(new Response(body, typed), { validation }).then(
    () => assert.fail("It was compiled"),
    (error) => error,
  )
  assert.ok(error instanceof WebAssembly.CompileError, String(error))
  const { cause, message } = error
  return { reason: Reflect.get(Object(cause), "reason"), message }
}

for (const [name, bytes, reasons] of rows) {
  for (const validation of ["structure", "full"] as const) {
    test(`${name}: ${reasons.join(" or ")} [${validation}]`, async () => {
      const { message, reason } = await failureOf(bytes, validation)
      assert.ok(reasons.includes(String(reason)), `${reason}: ${message}`)
    })
  }
}

const { crlf, doubled, latin1, lf, lostByte, utf8, withCrLf, zeroed } = DamagedModules

test(`every split into chunks gives the same message (seed ${seed})`, async () => {
  const next = random(seed)
  const damaged = [
    ...rows.map(([, bytes]) => bytes),
    ...[crlf, utf8, latin1, zeroed, doubled, lostByte].map((damage) => damage(large)),
    lf(withCrLf),
    join(large.subarray(0, 3_000), [0xff, 0xff, 0xff], large.subarray(3_000)),
    large.slice(0, -5),
  ]
  for (const [index, bytes] of damaged.entries()) {
    // An engine's message depends on when it is called; full validation does not call it.
    const whole = await failureOf(bytes, "full")
    for (let round = 0; round < 3; round++) {
      const largest = 1 + next(round === 0 ? 700 : 30_000)
      const pieces = await failureOf(inChunks(bytes, () => 50 + next(largest)), "full")
      assert.deepEqual(pieces, whole, `case ${index}, chunks of up to ${50 + largest}`)
    }
  }
})

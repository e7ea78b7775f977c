/**
 * What the pipeline says of bodies that are not the module that was expected: a line a case, by default, with full validation,
 * with `sniff` and byte by byte.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming, type Wasm } from "../../mod.ts"
import { DamagedModules } from "../support/damaged_modules.ts"

type Bytes = Uint8Array<ArrayBuffer>

const text = (value: string): Bytes => new TextEncoder().encode(value)
const join = (...parts: ReadonlyArray<Uint8Array | ReadonlyArray<number>>): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const hex = (value: string): Bytes =>
  Uint8Array.from(value.match(/[\da-f]{2}/gi) ?? [], (byte) => Number.parseInt(byte, 16))
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const zeros = (size: number): Bytes => new Uint8Array(size)
const { large, small } = DamagedModules

/** A function `double`, exported. */
const module = small
const size = module.length

const compress = async (format: "gzip" | "deflate" | "deflate-raw", bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream(format)))
      .arrayBuffer(),
  )

type Row = readonly [
  name: string,
  bytes: Bytes | Promise<Bytes>,
  reason: Wasm.CompileErrorReason,
  says?: ReadonlyArray<string>,
]

// deno-fmt-ignore
const rows: ReadonlyArray<Row> = [
  // Around a module.
  ["a module and a newline", join(module, text("\n")), "trailing-bytes", [`whole at byte ${size}`]],
  ["a module and CR LF", join(module, text("\r\n")), "trailing-bytes", ["white space"]],
  ["a module and blanks", join(module, text("  ")), "trailing-bytes"],
  ["an empty module and a newline", join(hex("0061736d01000000"), text("\n")), "trailing-bytes", ["whole at byte 8"]],
  ["a module and a zero", join(module, [0]), "trailing-bytes", ["zeros"]],
  ["a module and a page of zeros", join(module, zeros(4_096)), "trailing-bytes", ["padding"]],
  ["a module and the last chunk", join(module, text("\r\n0\r\n\r\n")), "trailing-bytes", ["chunked"]],
  ["a module and another chunk", join(module, text("\r\n1f0\r\nabc")), "trailing-bytes", ["chunked"]],
  ["a module twice", join(module, module), "trailing-bytes", ["another module"]],
  ["a module and a script", join(module, text("<script src=\"/livereload.js\"></script>")), "trailing-bytes", ["markup"]],
  ["a module and a comment", join(module, text("\n<!-- served in 3 ms -->")), "trailing-bytes", ["markup"]],
  ["a module and a boundary", join(module, text("\r\n--x1y2--\r\n")), "trailing-bytes", ["multipart"]],
  ["a module and text", join(module, text("Connection closed")), "trailing-bytes", ["text"]],
  ["a module after an HTTP head", join(text("HTTP/1.0 200 OK\r\nserver: x\r\n\r\n"), module), "prefixed-module", ["HTTP"]],
  ["a module after a chunk size", join(text("2b\r\n"), module), "prefixed-module", ["chunk size"]],
  ["a module after a blank line", join(text("\n\n"), module), "prefixed-module", ["white space"]],
  ["a module after a warning", join(text("<b>Warning</b>: Undefined variable in <b>/a.php</b><br />\n"), module), "prefixed-module", ["script"]],
  ["a module after a mark", join([0xef, 0xbb, 0xbf], module), "bom-prefixed-module", ["byte order mark"]],
  ["a module in a pool", join(zeros(5_000), module), "prefixed-module", ["begins at byte 5000", "byteOffset"]],
  ["a module after other data", join(Array.from({ length: 3_000 }, (_, at) => at * 7 % 251), module), "prefixed-module", ["3000"]],

  // The end is missing.
  ["a header without its end", module.slice(0, 6), "truncated", ["6 bytes"]],
  ["functions without code", hex("0061736d01000000 0105016000017f 03020100"), "truncated", ["code section"]],
  ["a count of segments without segments", hex("0061736d01000000 0c0101"), "truncated", ["data section"]],
  ["half a module", module.slice(0, 30), "truncated", ["only 30 bytes arrived", "section is incomplete"]],
  ["nothing", zeros(0), "empty"],

  // Damage.
  ["all zeros", zeros(300), "zero-filled", ["all 300 bytes"]],
  ["zeros from the middle on", DamagedModules.zeroed(large), "zero-filled", ["damaged"]],
  ["the first byte is lost", module.slice(1), "missing-bytes", ["first byte"]],
  ["the zeros are lost", large.filter((byte) => byte !== 0), "missing-bytes", ["zero bytes"]],
  ["LF became CR LF", DamagedModules.crlf(large), "line-endings", ["CR LF"]],
  ["LF became CR LF in a small module", DamagedModules.crlf(hex("0061736d01000000 010a0260017e017e60017e00")), "line-endings"],
  ["decoded as UTF-8", DamagedModules.utf8(large), "decoded-as-text", ["ef bf bd"]],
  ["decoded as Latin-1", DamagedModules.latin1(large), "decoded-as-text", ["Latin-1"]],
  ["the highest bits are lost", large.map((byte) => byte & 0x7f), "decoded-as-text", ["highest bit"]],
  ["question marks for what is not ASCII", large.map((byte) => byte > 0x7f ? 0x3f : byte), "decoded-as-text", ["ASCII"]],
  ["decoded as code page 437", DamagedModules.cp437(large), "decoded-as-text", ["437"]],
  ["UTF-16, little-endian", DamagedModules.utf16(module, false), "decoded-as-text", ["UTF-16"]],
  ["UTF-16, big-endian", DamagedModules.utf16(module, true), "decoded-as-text", ["UTF-16"]],
  ["UTF-16 with a mark", join([0xff, 0xfe], DamagedModules.utf16(module, false)), "decoded-as-text", ["UTF-16"]],
  ["a sector twice", DamagedModules.doubled(large), "extra-bytes", ["repeated"]],
  ["CR LF became LF", DamagedModules.lf(DamagedModules.withCrLf), "line-endings", ["1 byte is missing"]],
  ["a byte is lost", DamagedModules.lostByte(DamagedModules.withCrLf), "missing-bytes", ["1 byte is missing in function"]],

  // Instead of a module.
  ["gzip", compress("gzip", module), "gzip"],
  ["zlib", compress("deflate", module), "zlib"],
  ["raw deflate", compress("deflate-raw", large), "deflate", ["raw deflate"]],
  ["Unity's marker", join(hex("6b8d00"), text("UnityWeb Compressed Content (brotli)"), [1, 2, 3, 4]), "brotli", ["Content-Encoding: br"]],
  ["LZMA", hex("5d0000800000010000000000000030"), "lzma"],
  ["gzip in Base64", compress("gzip", module).then((bytes) => text(base64(bytes))), "base64", ["gzip"]],
  ["Base64", text(base64(module)), "base64"],
  ["percent-encoding", text("%00asm%01%00%00%00%01%04"), "escaped", ["percent"]],
  ["a JSON string", text(JSON.stringify("\0asm\x01\0\0\0")), "escaped", ["JSON string"]],
  ["quoted-printable", text("=00asm=01=00=00=00=01=04"), "escaped", ["quoted-printable"]],
  ["an array in C", text("static const uint8_t code[64] = {\n 0x00, 0x61, 0x73, 0x6d, 0x01"), "hex", ["array"]],
  ["what xxd -i writes", text("unsigned char a_wasm[] = {\n  0x00, 0x61, 0x73, 0x6d"), "hex", ["array"]],
  ["an array in JavaScript", text("const wasm = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0"), "byte-list", ["array"]],
  ["JSON with Base64 inside", text(`{"data":"${base64(module)}"}`), "json", ["Base64"]],
  ["what a function returned", text(`{"statusCode":200,"isBase64Encoded":true,"body":"${base64(module)}"}`), "json", ["Base64", "isBase64Encoded"]],
  ["an empty object", text("{ }"), "json"],
  ["false", text("false"), "json"],
  ["a string in JSON", text('"Forbidden"'), "json"],
  ["a word", text("OK\n"), "text"],
  ["a number", text("500"), "text"],
  ["blanks", text("\n \n"), "text"],
  ["a page", text("<!DOCTYPE html><title>x</title>"), "html", ["an HTML page"]],
]

const typed = { headers: { "content-type": "application/wasm" } }

/** Chunks of a size, each in a turn of its own. */
const chunked = (bytes: Bytes, length: number): ReadableStream<Uint8Array> => {
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + length))
      at += length
    },
  })
}

const failureOf = async (compiled: Promise<unknown>): Promise<object> => {
  const error: unknown = await compiled.then(() => assert.fail("It was compiled"), (error) => error)
  const tagged: unknown = error instanceof Error ? error.cause : undefined
  assert.ok(typeof tagged === "object" && tagged !== null, `got ${error}`)
  return tagged
}

/** What may stand in a message: one line of printable characters. */
const safe = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u

const check = (failure: object, reason: string, says: ReadonlyArray<string>): void => {
  const message = String(Reflect.get(failure, "message"))
  assert.equal(Reflect.get(failure, "reason"), reason, message)
  assert.deepEqual(says.filter((words) => !message.includes(words)), [], message)
  assert.match(message, safe)
}

for (const [name, made, reason, says = []] of rows) {
  for (const validation of ["structure", "full"] as const) {
    test(`${name} is ${reason} [${validation}]`, async () => {
      const bytes = await made
      const compiled = compileStreaming(new Response(bytes, typed), { validation })
      check(await failureOf(compiled), reason, says)
    })
  }
  test(`${name} is ${reason} [in pieces]`, async () => {
    const bytes = await made
    const length = bytes.length < 200 ? 1 : 1_000
    check(
      await failureOf(compileStreaming(new Response(chunked(bytes, length), typed))),
      reason,
      says,
    )
  })
  test(`${name} is told with sniff too`, async () => {
    const bytes = await made
    const isModule = bytes.length >= 8 && bytes[0] === 0 && bytes[1] === 0x61 &&
      bytes[2] === 0x73 &&
      bytes[3] === 0x6d && bytes[4] === 1
    const failure = await failureOf(
      compileStreaming(new Response(chunked(bytes, 5_000)), { contentType: "sniff" }),
    )
    check(failure, isModule ? reason : "content-type", says)
  })
}

test("a module that is whole compiles", async () => {
  for (const bytes of [small, large]) {
    for (const validation of ["structure", "full"] as const) {
      await compileStreaming(new Response(bytes, typed), { validation })
      await compileStreaming(new Response(chunked(bytes, 100), typed), { validation })
    }
  }
})

test("a fault of its own is no damage", async () => {
  // Each byte of the small module, changed: never called damaged in transport.
  const damage = new Set([
    "decoded-as-text",
    "line-endings",
    "zero-filled",
    "missing-bytes",
    "extra-bytes",
  ])
  for (let at = 8; at < small.length; at++) {
    for (const value of [0x00, 0x01, 0x0a, 0x0d, 0x3f, 0x7f, 0x80, 0xbd, 0xff]) {
      const bytes = small.slice()
      if (bytes[at] === value) continue
      bytes[at] = value
      const reason = await compileStreaming(new Response(bytes, typed)).then(
        () => undefined,
        (error: unknown) =>
          error instanceof Error ? Reflect.get(Object(error.cause), "reason") : "",
      )
      assert.ok(!damage.has(String(reason)), `byte ${at} as ${value}: ${reason}`)
    }
  }
})

test("a body that stalls after a fault does not hold it up", async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(text("<!")),
    pull: () => new Promise(() => {}),
  })
  const failure = await failureOf(compileStreaming(new Response(body, typed)))
  assert.equal(Reflect.get(failure, "code"), "magic-mismatch")
})

/**
 * The pipeline's diagnosis of bodies that are not the expected module: a line per case, by default, with full validation,
 * with `sniff` and byte by byte.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming, type Wasm } from "../../mod.ts"
import { DamagedModules } from "./support/damaged_modules.ts"

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
  ["a module and a newline", join(module, text("\n")), "trailing-bytes", [`ends at byte ${size}; 1 extra byte follows: white space`]],
  ["a module and CR LF", join(module, text("\r\n")), "trailing-bytes", ["white space"]],
  ["a module and blanks", join(module, text("  ")), "trailing-bytes"],
  ["an empty module and a newline", join(hex("0061736d01000000"), text("\n")), "trailing-bytes", ["ends at byte 8;"]],
  ["a module and a zero", join(module, [0]), "trailing-bytes", ["1 zero byte follows"]],
  ["a module and a page of zeros", join(module, zeros(4_096)), "trailing-bytes", ["4096 zero bytes follow", "padding"]],
  ["a module and the last chunk", join(module, text("\r\n0\r\n\r\n")), "trailing-bytes", ["chunked"]],
  ["a module and another chunk", join(module, text("\r\n1f0\r\nabc")), "trailing-bytes", ["chunked"]],
  ["a module twice", join(module, module), "trailing-bytes", ["another module"]],
  ["a module and a script", join(module, text("<script src=\"/livereload.js\"></script>")), "trailing-bytes", ["markup"]],
  ["a module and a comment", join(module, text("\n<!-- served in 3 ms -->")), "trailing-bytes", ["markup"]],
  ["a module and a boundary", join(module, text("\r\n--x1y2--\r\n")), "trailing-bytes", ["multipart"]],
  ["a module and text", join(module, text("Connection closed")), "trailing-bytes", ["text"]],
  ["a module and ^Z", join(module, [0x1a]), "trailing-bytes", [`ends at byte ${size}`, "end-of-file mark"]],
  ["a module and a letter", join(module, text("x")), "trailing-bytes", ['1 extra byte follows: text ("x")']],
  ["a module and ff", join(module, [0xff]), "trailing-bytes", ["1 extra byte follows: ff"]],
  ["a module and letters", join(module, text("abc")), "trailing-bytes", ["3 extra bytes follow"]],
  ["a module and a run of ff", join(module, zeros(300).fill(0xff)), "trailing-bytes", ["300 extra bytes follow: each is ff"]],
  ["a module and a long run of cc", join(module, zeros(80_000).fill(0xcc)), "trailing-bytes", ["follow: each is cc"]],
  ["a module, lines and zeros", join(module, text("\r\n\r\n\0\0")), "trailing-bytes", ["6 extra bytes follow: white space and zeros"]],
  ["a module, a newline and another", join(module, text("\n"), module), "trailing-bytes", ["0a, then another module"]],
  ["a module, padding and another", join(module, zeros(9), module), "trailing-bytes", ["then another module"]],
  ["a module and noise", join(module, Array.from({ length: 37 }, (_, at) => (at * 73 + 119) & 255)), "trailing-bytes", ["37 extra bytes follow: 77 c0"]],
  ["a module and a page", join(module, text("<!doctype html><html></html>")), "trailing-bytes", ["markup"]],
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
  ["half a module", module.slice(0, 30), "truncated", ["it ends after 30 bytes", "section is incomplete"]],
  ["nothing", zeros(0), "empty"],

  // Damage.
  ["all zeros", zeros(300), "zero-filled", ["all 300 bytes"]],
  ["zeros from the middle on", DamagedModules.zeroed(large), "zero-filled", ["damaged"]],
  ["the first byte is lost", module.slice(1), "missing-bytes", ["first byte"]],
  ["the zeros are lost", large.filter((byte) => byte !== 0), "missing-bytes", ["zero bytes"]],
  ["LF became CR LF", DamagedModules.crlf(large), "line-endings", ["CR LF"]],
  ["LF became CR LF in a small module", DamagedModules.crlf(hex("0061736d01000000 010a0260017e017e60017e00")), "line-endings"],
  ["LF became CR LF, and the sizes of sections fit by chance", hex("0061736d01000000 01140260 0d0a 7f7f7f7f7f7f7f7f7f7f00 60037f7f7f00 0303020101 0705010161 0000 0d0a 07 0202000b02000b"), "line-endings"],
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

  // Bytes as text, in the formats of tools and languages.
  ["xxd", text("00000000: 0061 736d 0100 0000 0104 0160 0000 0302  .asm.......`....\n"), "hex", ["dump"]],
  ["xxd -e", text("00000000: 6d736100 00000001 60010401 02030000  .asm.......`....\n"), "hex", ["dump"]],
  ["xxd -b", text("00000000: 00000000 01100001 01110011 01101101 00000001 00000000  .asm..\n"), "hex", ["dump"]],
  ["hexdump -C", text("00000000  00 61 73 6d 01 00 00 00  01 04 01 60 00 00 03 02  |.asm.......`....|\n"), "hex", ["dump"]],
  ["hexdump", text("0000000 6100 6d73 0001 0000 0401 6001 0000 0203\n0000010\n"), "hex", ["dump"]],
  ["od", text("0000000 060400 066563 000001 000000 002001 060001\n"), "hex", ["dump"]],
  ["od -b", text("0000000 000 141 163 155 001 000 000 000\n"), "hex", ["dump"]],
  ["od -c", text("0000000  \\0   a   s   m 001  \\0  \\0  \\0\n"), "hex", ["dump"]],
  ["od -t x1", text("0000000 00 61 73 6d 01 00 00 00\n0000010\n"), "hex", ["dump"]],
  ["od -A n -t u1", text("   0  97 115 109   1   0   0   0\n"), "byte-list"],
  ["od -t d1", text("0000000    0   97  115  109    1    0    0    0\n"), "hex", ["dump"]],
  ["Format-Hex", text("\r\n           Path: C:\\a.wasm\r\n\r\n           00 01 02 03 04 05 06 07\r\n\r\n00000000   00 61 73 6D 01 00 00 00  .asm....\r\n"), "hex", ["dump"]],
  ["hexyl", text("┌────────┬─────────────────────────┐\n│00000000│ 00 61 73 6d 01 00 00 00 ┊ 01 04 │⋄asm•⋄⋄⋄┊\n"), "hex", ["dump"]],
  ["dashes", text("00-61-73-6D-01-00-00-00"), "hex"],
  ["gzip in hexadecimal", text("1f8b0800000000000003"), "hex", ["gzip"]],
  ["C with comments and an include", text(`/* ${"licence ".repeat(200)}*/\n#include <stdint.h>\n// a\nconst uint8_t wasm[] = {\n  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00,\n`), "hex", ["array"]],
  ["C of characters", text("#include \"a.h\"\nconst char wasm[] = {\n'\\x00', 'a', 's', 'm', 1, 0, 0, 0,\n"), "byte-list", ["array"]],
  ["C of a const char", text("const char wasm[24] = { 0, 97, 115, 109, 1, 0, 0, 0, 1, 4 };\nconst int wasm_len = 24;\n"), "byte-list", ["array"]],
  ["C with its size first", text("#ifndef A\n#define A\nstatic const size_t wasm_len = 24;\nalignas(8) static const unsigned char wasm[24] __attribute__((aligned(8))) = {\n  0x00, 0x61, 0x73, 0x6d, 0x01,"), "hex", ["array"]],
  ["a C string", text('unsigned char wasm[] =\n  "\\x00\\x61\\x73\\x6d\\x01\\x00\\x00\\x00"\n  "\\x01";\n'), "escaped", ["string"]],
  ["C strings that are joined", text('const unsigned char wasm[] = "\\x00" "asm\\x01\\x00";\n'), "escaped", ["string"]],
  ["an octal C string", text('static char w[] = "\\000asm\\001\\000\\000\\000";'), "escaped", ["string"]],
  ["C++", text("#pragma once\n#include <array>\nnamespace a {\nconstexpr std::array<std::uint8_t, 24> wasm = {{\n    0x00, 0x61, 0x73, 0x6d,"), "hex", ["array"]],
  ["Go", text("// Code generated by go-bindata. DO NOT EDIT.\npackage main\n\nimport (\n\t\"fmt\"\n)\n\nvar wasm = []byte{0x00, 0x61, 0x73, 0x6d, 0x01, 0x00}\n"), "hex", ["array"]],
  ["Go, a string", text('package a\n\nconst wasm = "\\x00asm\\x01\\x00\\x00\\x00"\n'), "escaped", ["string"]],
  ["Rust", text("pub static WASM: &[u8] = &[0x00, 0x61, 0x73, 0x6d, 0x01];\n"), "hex", ["array"]],
  ["Rust, of a size", text("#![allow(dead_code)]\npub const WASM: [u8; 24] = [\n    0, 97, 115, 109, 1, 0, 0, 0,\n"), "byte-list", ["array"]],
  ["Rust, a byte string", text("pub static WASM: &'static [u8] = b\"\\x00asm\\x01\\0\\0\\0\";"), "escaped", ["string"]],
  ["Rust, a Vec", text("let wasm: Vec<u8> = vec![0x00u8, 0x61, 0x73, 0x6d, 0x01, 0x00];"), "hex", ["array"]],
  ["Zig", text("pub const wasm = [_]u8{ 0x00, 0x61, 0x73, 0x6d, 0x01, 0x00 };"), "hex", ["array"]],
  ["Java", text("package a;\npublic final class A {\n  static final byte[] WASM = { (byte) 0x00, (byte) 0x61, (byte) 0x73, (byte) 0x6d, (byte) 0x01 };\n}\n"), "hex", ["array"]],
  ["C#", text("namespace A;\ninternal static class W {\n  public static ReadonlyArray<byte> Wasm = new byte[] { 0x00, 0x61, 0x73, 0x6d, 0x01, 0x00 };\n}\n"), "hex", ["array"]],
  ["Kotlin", text("package a\nval wasm = byteArrayOf(0, 97, 115, 109, 1, 0, 0, 0, -128)\n"), "byte-list", ["array"]],
  ["Swift", text("import Foundation\nlet wasm: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01]\n"), "hex", ["array"]],
  ["bytes in Python", text("b'\\x00asm\\x01\\x00\\x00\\x00\\x01\\x04'"), "escaped"],
  ["Python", text('# made by a script\nimport base64\nWASM = b"\\x00asm\\x01\\x00\\x00\\x00"\n'), "escaped", ["string"]],
  ["a bytearray in Python", text("bytearray(b'\\x00asm\\x01\\x00\\x00\\x00')"), "escaped"],
  ["an array in Python", text("array('B', [0, 97, 115, 109, 1, 0, 0, 0])"), "byte-list", ["printed"]],
  ["fromhex in Python", text('wasm = bytes.fromhex("0061736d01000000")\n'), "hex", ["source"]],
  ["PHP", text('<?php\n$wasm = "\\x00asm\\x01\\x00\\x00\\x00";\n'), "escaped", ["string"]],
  ["Base64 in JavaScript", text(`export default "${base64(module)}"`), "base64", ["source"]],
  ["Base64 in TypeScript", text(`// made by a build\nexport const wasm: string =\n  "${base64(module)}";\n`), "base64", ["source"]],
  ["Buffer.from", text(`module.exports = Buffer.from('${base64(module)}', 'base64')\n`), "base64", ["source"]],
  ["PEM", text(`-----BEGIN WASM-----\n${base64(module)}\n-----END WASM-----\n`), "base64", ["PEM"]],
  ["a MIME part", text(`Content-Type: application/wasm\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(module)}\r\n`), "base64", ["header fields"]],
  ["a MIME part in quoted-printable", text("MIME-Version: 1.0\nContent-Type: application/wasm;\n name=a.wasm\n\n=00asm=01=00=00=00"), "escaped", ["quoted-printable", "header fields"]],
  ["Base64 behind an HTTP head", text(`HTTP/1.1 200 OK\r\nserver: x\r\n\r\n${base64(module)}`), "base64", ["header fields"]],
  ["Base64 of Base64", text(base64(text(base64(module)))), "base64", ["encoded twice"]],
  ["Base64 for URLs, of gzip", compress("gzip", large).then((bytes) => text(base64(bytes).replaceAll("+", "-").replaceAll("/", "_"))), "base64", ["gzip"]],
  ["gzip as a list", compress("gzip", module).then((bytes) => text(`[${bytes}]`)), "byte-list", ["gzip"]],
  ["Base64 of raw deflate", compress("deflate-raw", large).then((bytes) => text(base64(bytes))), "base64", ["deflate"]],
  ["console.log of a Uint8Array", text("Uint8Array(24) [\n   0, 97, 115, 109,  1,  0,  0,\n   0,  1"), "byte-list", ["printed"]],
  ["console.log on Bun", text("Uint8Array(8) [ 0, 97, 115, 109, 1, 0, 0, 0 ]\n"), "byte-list", ["printed"]],
  ["a printed Buffer", text("<Buffer 00 61 73 6d 01 00 00 00 01 04 ... 14 more bytes>"), "hex", ["printed"]],
  ["a printed ArrayBuffer", text("ArrayBuffer {\n  [Uint8Contents]: <00 61 73 6d 01 00 00 00>,\n  byteLength: 8\n}\n"), "hex", ["printed"]],
  ["a printed Buffer of something else", text("<Buffer 68 69>"), "stringified-object"],
  ["a list in JSON", text('{"ok":true,"data":[0,97,115,109,1,0,0,0,1]}'), "json", ["list of numbers"]],
  ["percent-encoding of all", text("%00%61%73%6d%01%00%00%00"), "escaped", ["percent"]],
  ["a data: URL in percent-encoding", text("data:application/wasm,%00asm%01%00%00%00"), "escaped", ["percent"]],
  ["\\x by itself", text("\\x00\\x61\\x73\\x6d\\x01\\x00"), "escaped"],
  ["bytea of PostgreSQL", text("\\x0061736d01000000"), "hex"],

  // Sources and texts that only mention a module.
  ["glue that compares the magic number", text("const magic = [0x00, 0x61, 0x73, 0x6d];\nexport const isWasm = (bytes) => magic.every((byte, at) => bytes[at] === byte);\n"), "javascript"],
  ["a test for a feature", text(`export const simd = async () => WebAssembly.validate(new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,123]))\n`), "javascript"],
  ["a test for a feature, by a variable", text(`const test = new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,123]);\n${"export const ok = 1;\n".repeat(30)}`), "javascript"],
  ["an engine's words", text("CompileError: expected magic word 00 61 73 6d, found 3c 21 64 6f @+0\n"), "text"],
  ["a certificate", text(`-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2Fyb2wgaXMgaGVyZSBub3c=\n-----END CERTIFICATE-----\n`), "text"],
  ["an e-mail", text("Subject: your build\nFrom: a@example.com\n\nIt has failed.\n"), "text"],
  ["other numbers", text("Uint8Array(4) [ 1, 2, 3, 4 ]\n"), "text"],
  ["a C source", text("#include <stdio.h>\nint main(void) { return 0; }\n"), "text"],
  ["Base64 of something else", text("SGVsbG8gd29ybGQsIHRoaXMgaXMgbm90IGEgbW9kdWxl"), "text"],

  // Before a packed module.
  ["gzip after a mark", compress("gzip", module).then((bytes) => join([0xef, 0xbb, 0xbf], bytes)), "bom-prefixed-module", ["gzip"]],
  ["gzip after an HTTP head", compress("gzip", module).then((bytes) => join(text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"), bytes)), "prefixed-module", ["HTTP", "gzip"]],
  ["gzip after a chunk size", compress("gzip", module).then((bytes) => join(text("1f40\r\n"), bytes)), "prefixed-module", ["chunk size", "gzip"]],
  ["gzip after a warning", compress("gzip", module).then((bytes) => join(text("Warning: x\n"), bytes)), "prefixed-module", ["script", "gzip"]],
  ["zlib after an HTTP head", compress("deflate", module).then((bytes) => join(text("HTTP/1.0 200 OK\n\n"), bytes)), "prefixed-module", ["HTTP", "zlib"]],
  ["raw deflate after a chunk size", compress("deflate-raw", large).then((bytes) => join(text("c0a\r\n"), bytes)), "prefixed-module", ["chunk size", "deflate"]],
  ["Zstandard that is stored, after an HTTP head", join(text("HTTP/1.1 200 OK\r\n\r\n"), hex("28b52ffd202b590100"), module), "prefixed-module", ["HTTP", "Zstandard"]],
  ["Zstandard after a mark", join([0xef, 0xbb, 0xbf, 0x28, 0xb5, 0x2f, 0xfd, 4, 0, 0, 0]), "bom-prefixed-module", ["Zstandard"]],
  ["gzip that was decoded as UTF-8", compress("gzip", large).then((bytes) => DamagedModules.utf8(bytes)), "decoded-as-text", ["gzip", "ef bf bd"]],
  ["gzip that was decoded as Latin-1", compress("gzip", large).then((bytes) => DamagedModules.latin1(bytes)), "decoded-as-text", ["gzip", "Latin-1"]],
  ["gzip that was decoded as code page 437", compress("gzip", large).then((bytes) => DamagedModules.cp437(bytes)), "decoded-as-text", ["gzip", "437"]],
  ["Zstandard that was decoded as UTF-8", join([0x28, 0xef, 0xbf, 0xbd, 0x2f, 0xef, 0xbf, 0xbd, 4, 0, 0xef, 0xbf, 0xbd]), "decoded-as-text", ["Zstandard"]],

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

/** A body in chunks of a size, each in a turn of its own. */
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

/** What a message may contain: one line of printable characters. */
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

/** A small module in Brotli: compressed, and in an uncompressed block. */
const brotli = hex(
  "1b2a00f805226f776cff432972a4da24eb52925c282a03bed8ec77050c97df5f8b6437067a33999c01",
)
const stored = join(
  hex("0b1580"),
  hex("0061736d0100000001060160017f017f03020100070a0106646f75626c6500000a09010700200020006a0b"),
  [3],
)

// deno-fmt-ignore
const brotliRows: ReadonlyArray<Row> = [
  ["Brotli", brotli, "brotli"],
  ["Brotli that holds the module as it is", stored, "brotli"],
  ["Brotli in Base64", text(base64(brotli)), "base64", ["Brotli"]],
  ["Brotli in Base64, in PEM", text(`-----BEGIN A-----\n${base64(brotli)}\n-----END A-----\n`), "base64", ["Brotli"]],
  ["Brotli after an HTTP head", join(text("HTTP/1.1 200 OK\r\n\r\n"), brotli), "prefixed-module", ["HTTP", "Brotli"]],
  ["stored Brotli after a mark", join([0xef, 0xbb, 0xbf], stored), "bom-prefixed-module", ["Brotli"]],
]

// Not all browsers can decompress it.
const skip = !("process" in globalThis)
for (const [name, made, reason, says] of brotliRows) {
  test(`${name} is ${reason}`, { skip }, async () => {
    check(await failureOf(compileStreaming(new Response(await made, typed))), reason, says ?? [])
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

/** A module with every section that can be the last one. */
const full = hex(
  "0061736d01000000 010401600000 03020100 040401700001 0503010001 0606017f0041000b 07050101610000 080100" +
    "0907010041000b0100 0c0101 0a040102000b 0b070100 41000b0161 000501610d0a0d",
)

test("a byte of any value after a module is told as that, unless a section may begin with it", async () => {
  for (const validation of ["structure", "full"] as const) {
    for (let byte = 0; byte < 256; byte++) {
      const failure = await failureOf(
        compileStreaming(new Response(join(module, [byte]), typed), { validation }),
      )
      // The data section may follow the code section.
      const reason = byte === 0x0b ? "truncated" : "trailing-bytes"
      check(failure, reason, reason === "truncated" ? [] : [`ends at byte ${size}; 1 `])
    }
  }
})

test("a module that is cut is never one with something after it", async () => {
  for (const whole of [full, large.subarray(0, 600), large.subarray(0, -1)]) {
    for (let end = 9; end < whole.length; end += end < 700 ? 1 : 97) {
      const outcome = await compileStreaming(new Response(whole.slice(0, end), typed)).then(
        () => "",
        (error: unknown) =>
          error instanceof Error ? Reflect.get(Object(error.cause), "reason") : "",
      )
      // A single zero byte could be the id of a custom section, but is more often padding.
      const isZero = whole === full && end === 75
      assert.equal(outcome === "trailing-bytes", isZero, `${end} bytes`)
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

/**
 * What is recognised, a line per case; and properties of any bytes: no exception, one safe line, no contradiction between
 * the results for a beginning and for the whole.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { DecodeError, ModuleDecoder } from "../../src/binary/mod.ts"
import {
  diagnose,
  type Diagnosis,
  type DiagnosisReason,
  type Evidence,
  type Stop,
} from "../../src/diagnosis/mod.ts"

type Bytes = Uint8Array<ArrayBuffer>
type Hints = Omit<Partial<Evidence>, "head">
type Case = readonly [
  name: string,
  head: Bytes,
  reason: DiagnosisReason | undefined,
  hints?: Hints | undefined,
  what?: RegExp | undefined,
  advice?: RegExp | undefined,
]

const hex = (text: string): Bytes =>
  Uint8Array.from(
    text.split(" ").filter((byte) => byte !== ""),
    (byte) => Number.parseInt(byte, 16),
  )
const text = (value: string): Bytes => new TextEncoder().encode(value)
const join = (...parts: ReadonlyArray<Uint8Array>): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const utf16 = (value: string, big = false): Bytes =>
  Uint8Array.from(
    [...value].flatMap((character) => {
      const code = character.charCodeAt(0)
      return big ? [code >> 8, code & 0xff] : [code & 0xff, code >> 8]
    }),
  )
const zeros = (size: number): Bytes => new Uint8Array(size)
/** Bytes that are in no format, and no text. */
const noise = hex("c3 28 00 a5 99 fe 07 13 88 e1 00 42 d0 0b fa 91")

const header = hex("00 61 73 6d 01 00 00 00")
const bom = hex("ef bb bf")
/** Type, function, memory (a LEB128 of two bytes), export and code section: with an LF, and with non-ASCII bytes. */
const module = join(
  header,
  hex("01 04 01 60 00 00"),
  hex("03 02 01 00"),
  hex("05 05 01 01 01 80 02"),
  hex("07 05 01 01 66 00 00"),
  hex("0a 04 01 02 00 0b"),
)
const withCrLf = Uint8Array.from(
  [...module].flatMap((byte) => byte === 0x0a ? [0x0d, 0x0a] : [byte]),
)
const replaced = text(new TextDecoder().decode(module))
const latin1 = text(String.fromCharCode(...module))
/** The header, then a first section that is too large for the head, with its size damaged by a text decoder. */
const replacedSize = join(
  header,
  hex("01 ef bf bd 02 ef bf bd 01 60 00 00"),
  text("`\0\0".repeat(400)),
)
const base64 = "AGFzbQEAAAABBAFgAAADAgEACgQBAgAL"
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${
  "4d".repeat(32)
}\nsize 123456\n`
const wasm: Hints = { contentType: "application/wasm", url: "https://a.test/module.wasm" }

// deno-fmt-ignore
const cases: ReadonlyArray<Case> = [
  ["a module", module, undefined],
  ["the header of a module", header, undefined],
  ["the header of a module with more to come", header, undefined, { ended: false }],
  ["a module that came whole", header, undefined, { declaredSize: 8 }],
  ["a module longer than declared", module, undefined, { declaredSize: 8 }],
  ["a module, the rest to come", header, undefined, { ended: false, declaredSize: 900 }],
  ["a module at a URL that ends in .br", header, undefined, { url: "/a.wasm.br" }],
  ["a module with a section yet unknown", join(header, hex("0e 01 00"), text("\u00e9")), undefined],
  ["a module with U+FFFD in a name", join(header, hex("00 04 03 ef bf bd")), undefined],
  ["a module with Latin-1 letters in a name", join(header, hex("00 03 02 c3 a9 00 02 01 41")), undefined],
  ["a module with CR LF in a custom section", join(header, hex("00 04 01 41 0d 0a 00 02 01 41")), undefined],
  ["nothing, and more to come", zeros(0), undefined, { ended: false }],
  ["noise", noise, undefined, wasm],
  ["zeros", zeros(100), "zero-filled"],

  ["nothing", zeros(0), "empty"],
  ["nothing of what was declared", zeros(0), "empty", { declaredSize: 70 }, /0 of 70 bytes/],
  ["one byte of the magic number", hex("00"), "truncated", {}, /ends after 1 byte of a module's header/],
  ["half a header", hex("00 61 73 6d 01 00"), "truncated", {}, /it ends after 6 bytes of a module's header \(00 61 73 6d 01 00\)/],
  ["half a header of a component", hex("00 61 73 6d 0d 00"), "truncated"],
  ["a module cut short", module, "truncated", { declaredSize: 900 }, /: it ends after 38 of 900 bytes$/],
  ["a long module cut short", join(module, zeros(2_000)), "truncated", { size: 5_000, declaredSize: 9_000 }, /: it ends after 5000 of 9000 bytes/],
  ["a long module that ends in zeros", join(module, zeros(2_000)), "trailing-bytes", { wholeAt: module.length }, /^is a complete module that ends at byte 38; 2000 zero bytes follow$/],
  ["something cut short", noise, "truncated", { declaredSize: 17 }, /^is cut short: it ends after 16 of 17 bytes$/],
  ["a component", hex("00 61 73 6d 0d 00 01 00"), "component", wasm, /component/, /jco/],
  ["a component of an older version", hex("00 61 73 6d 0a 00 01 00 07"), "component"],
  ["version 2", hex("00 61 73 6d 02 00 00 00"), "version", wasm, /its version is 2 \(02 00 00 00\)/],
  ["the experimental version", hex("00 61 73 6d 0d 00 00 00"), "version", wasm, /experimental version 13/],
  ["version 1, big-endian", hex("00 61 73 6d 00 00 00 01"), "version"],
  ["an impossible version", hex("00 61 73 6d ff ff ff ff"), "version", wasm, /is 4294967295/],
  ["a module after a byte order mark", join(bom, module), "bom-prefixed-module"],
  ["a module after a blank line", join(text("\r\n"), module), "prefixed-module", wasm, /has 2 bytes before the module.*"\\r\\n"/],
  ["a module after a warning", join(text("Warning: x\n"), module), "prefixed-module"],
  ["a module with CR LF for LF", withCrLf, "line-endings"],
  ["a module with U+FFFD for bytes", replaced, "decoded-as-text", wasm, /ef bf bd/],
  ["a module with U+FFFD in a size", replacedSize, "decoded-as-text", wasm, /at byte 9 /],
  ["a module as Latin-1 in UTF-8", latin1, "decoded-as-text", wasm, /Latin-1/],
  ["a module in UTF-16", join(hex("ff fe"), utf16("\0asm\x01\0\0\0")), "decoded-as-text", wasm, /UTF-16/],
  ["a module in Base64", text(base64), "base64"],
  ["a module in Base64, quoted", text(`"${base64}"`), "base64"],
  ["a module as a data: URL", text(`data:application/wasm;base64,${base64}`), "base64"],
  ["a module in hexadecimal", text("0061736d01000000"), "hex"],
  ["a module in hexadecimal, spaced", text("00 61 73 6D 01 00 00 00"), "hex"],
  ["a module as a C array", text("{ 0x00, 0x61, 0x73, 0x6d, 0x01"), "hex"],
  ["a module as a dump", text("00000000: 0061 736d 0100 0000  .asm....\n"), "hex"],
  ["a module as a list", text("0,97,115,109,1,0,0,0"), "byte-list"],
  ["a module as JSON", text("[0, 97, 115, 109, 1, 0, 0, 0]"), "byte-list"],
  ["a module as a Buffer in JSON", text('{"type":"Buffer","data":[0,97,115,109,1,0,0,0]}'), "byte-list"],
  ["a module as a Uint8Array in JSON", text('{"0":0,"1":97,"2":115,"3":109,"4":1}'), "byte-list"],

  ["HTML", text("<!doctype html><title>Not found</title>"), "html", wasm, /it is an HTML page \("<!doctype html><title>Not found<\/title>"\)$/, /path/],
  ["HTML, in capitals", text("<!DOCTYPE HTML PUBLIC>"), "html"],
  ["HTML without a doctype", text("<html lang=en>"), "html"],
  ["HTML from its head", text("<HEAD><title>"), "html"],
  ["HTML after a comment", text("\n <!-- saved --> <!-- > -->\n<html>"), "html"],
  ["HTML after a byte order mark", join(bom, text("\n<!doctype html>")), "html", wasm, /"<!doctype/],
  ["HTML in Latin-1", join(text("<html><title>Schl"), hex("fc"), text("ssel")), "html"],
  ["HTML in UTF-16", join(hex("ff fe"), utf16("<!doctype html>")), "html"],
  ["HTML in big-endian UTF-16 without a mark", utf16("<!doctype html>", true), "html"],
  ["HTML of a comment", text(`<!-- ${"-".repeat(2_000)} -->`), "html"],
  ["XHTML", text('<?xml version="1.0"?>\n<!DOCTYPE html><html>'), "html"],
  ["a fragment of HTML", text("<h1>403 Forbidden</h1>"), "html"],
  ["a warning of PHP, then a module", join(text("<br />\n<b>Warning</b>: x"), module), "prefixed-module", wasm, /the output of a script/],
  ["XML", text('<?xml version="1.0"?><Error><Code>NoSuchKey</Code>'), "xml", wasm, /NoSuchKey/],
  ["XML that has a title", text('<?xml version="1.0"?><title>x</title>'), "xml"],
  ["XML without a declaration", text("<Error><Code>AccessDenied</Code>"), "xml"],
  ["SVG", text('<svg xmlns="http://www.w3.org/2000/svg">'), "xml", wasm, /it is an SVG image/],
  ["SVG after a comment", text("<!-- x --><svg >"), "xml"],
  ["JSON", text('{"error":"not found"}'), "json", wasm, /it is JSON \('\{"error":"not found"\}'\)$/],
  ["JSON, spaced", text('\n{\n  "error": 1 }'), "json"],
  ["an empty JSON object", text("{}"), "json"],
  ["an array in JSON", text('[{"a":1}]'), "json"],
  ["an empty array in JSON", text("[ ]\n"), "json"],
  ["a number in an array in JSON", text("[12.5]"), "json"],
  ["numbers in JSON", text("[1, 2]"), "json"],
  ["a string in JSON", text('"not \\"found\\""'), "json"],
  ["null in JSON", text("null\n"), "json"],
  ["an array turned into a string", text("[object ArrayBuffer]"), "stringified-object", wasm, undefined, /await/],
  ["undefined turned into a string", text("undefined"), "stringified-object"],
  ["a Git LFS pointer", text(pointer), "git-lfs-pointer", wasm, /of 123456 bytes/, /git lfs pull/],
  ["a Git LFS pointer, cut", text(pointer.slice(0, 30)), "git-lfs-pointer"],
  ["parts of a form", text('--x1\r\nContent-Disposition: form-data; name="f"\r\n\r\n\0asm\x01\0\0\0'), "multipart"],
  ["text", text("Not found"), "text", wasm, /it is plain text \("Not found"\)$/],
  ["a number", text("404"), "text"],
  ["text of other letters", text("Не найдено"), "text"],
  ["text with a cut character", text("Не найдено").subarray(0, 6), "text"],
  ["white space", text("\n\n"), "text"],
  ["a log", text("[2026-11-01] [error] not here"), "text"],
  ["a date", text("[2026-11-01]"), "text"],
  ["English that begins with import", text("import failed: no such file"), "text"],
  ["English that begins with function", text("function not found"), "text"],
  ["English that begins with export", text("export of this file is forbidden"), "text"],
  ["English that begins with for", text("for (some) reason it is not here"), "text"],
  ["a URL without a scheme", text("//cdn.test/a.wasm"), "text"],
  ["a style sheet", text("/* theme */ body { color: red }"), "text"],
  ["PHP", text("<?php echo 1;"), "text"],
  ["text in UTF-16", join(hex("ff fe"), utf16("Not found")), "utf16"],
  ["control characters", text("Not\x01found"), undefined],
  ["Latin-1 letters", join(text("Nicht verf"), hex("fc"), text("gbar")), undefined],

  ["WebAssembly text", text("(module\n  (func))"), "wasm-text", wasm, /it is WebAssembly in the text/],
  ["the smallest WebAssembly text", text("(module)\n"), "wasm-text", wasm, /looks like/],
  ["the beginning of WebAssembly text", text("(module"), "wasm-text", wasm, /looks like/],
  ["two modules in the text format", text("(module) (module)"), "wasm-text", wasm, /it is WebAssembly/],
  ["a component in the text format", text("(component $c)"), "wasm-text"],
  ["WebAssembly text after comments", text(";; licence\n(; a (; b ;) c ;)\n (module)"), "wasm-text"],
  ["WebAssembly text of comments", text(";; licence\n;; more"), "wasm-text", wasm, /looks like/],
  ["a field in the text format", text("(func $f (result i32))"), "wasm-text"],
  ["a script of the text format", text("(assert_return (invoke \"f\"))"), "wasm-text"],
  ["an annotation in the text format", text("(@custom \"a\" \"b\")"), "wasm-text"],
  ["other lists", text("(define (f x) x)"), "text"],

  ["JavaScript in strict mode", text('"use strict";\nvar a'), "javascript"],
  ["glue of Emscripten", text("var Module = typeof Module != 'undefined' ? Module : {};"), "javascript"],
  ["glue of Emscripten, as a factory", text("\n(function() {\n  var _script"), "javascript"],
  ["glue of Emscripten, new", text("var Module = (() => {"), "javascript"],
  ["glue of Emscripten, newer", text("async function Module(moduleArg = {}) {"), "javascript"],
  ["glue of wasm-bindgen", text("let wasm;\n\nconst cachedTextDecoder"), "javascript"],
  ["glue of wasm-bindgen, for bundlers", text('import * as wasm from "./a_bg.wasm"'), "javascript"],
  ["glue of Go", text("// Copyright 2018 The Go Authors.\n\n\"use strict\";"), "javascript"],
  ["a default import", text("import init from './a.js'"), "javascript"],
  ["a bundler's URL", text('export default "/assets/a.wasm"'), "javascript", wasm, undefined, /URL of the \.wasm file/],
  ["a bundler's URL, CommonJS", text('module.exports = __webpack_public_path__ + "a.wasm"'), "javascript"],
  ["an arrow function", text("(module) => module.exports"), "javascript"],
  ["an arrow function at once", text("(()=>{var e"), "javascript"],
  ["a licence", text("/*! For license information */\n"), "javascript"],
  ["a licence, cut", text("/** @license\n"), "javascript"],
  ["a line comment", text("// made by a tool\n"), "javascript"],
  ["a chunk of webpack", text("self.webpackChunk = self.webpackChunk || []"), "javascript"],
  ["a script of Node", text("#!/usr/bin/env node\nmain()"), "javascript"],
  ["JavaScript by its type", text("a.b.c()"), "javascript", { contentType: "text/javascript; charset=utf-8" }],
  ["JavaScript by its URL", text("a.b.c()"), "javascript", { url: "https://a.test/a.mjs?x=1" }],
  ["a script of a shell", text("#!/bin/sh\nexit 1"), "script"],
  ["JavaScript in noise", join(text("var Module = 1;"), noise), undefined],

  ["gzip", hex("1f 8b 08 00 00 00 00 00 00 03"), "gzip", wasm, /gzip \(it begins with 1f 8b\)/, /Content-Encoding: gzip/],
  ["a package of npm", hex("1f 8b 08 00"), "gzip", { url: "/a-1.0.0.tgz" }, undefined, /Unpack it/],
  ["Brotli by its URL", hex("a1 50 0b 00 8f"), "brotli", { url: "/a.wasm.br?v=1" }, /looks like .*\.br/, /Content-Encoding: br/],
  ["Brotli by its type", hex("a1 50 0b 00 8f"), "brotli", { contentType: "application/x-br" }, /looks like/],
  ["Brotli that nothing tells", hex("a1 50 0b 00 8f"), undefined, wasm],
  ["text at a URL that ends in .br", text("Not found"), "text", { url: "/a.wasm.br" }],
  ["Zstandard", hex("28 b5 2f fd 04"), "zstd"],
  ["xz", hex("fd 37 7a 58 5a 00"), "xz"],
  ["bzip2", hex("42 5a 68 39 31 41 59 26 53 59"), "bzip2"],
  ["LZ4", hex("04 22 4d 18"), "lz4"],
  ["zlib", hex("78 9c 63 60"), "zlib", wasm, /looks like/],
  ["zlib, hardly compressed", hex("78 5e 63 80"), "zlib"],
  ["text that begins like zlib", text("x^2 + y^2"), "text"],
  ["ZIP", text("PK\x03\x04\x14\0"), "zip"],
  ["ZIP, empty", text("PK\x05\x06"), "zip"],
  ["text that begins like ZIP", text("PKI is missing"), "text"],
  ["7z", hex("37 7a bc af 27 1c"), "7z"],
  ["RAR", text("Rar!\x1a\x07\x01\0"), "rar"],
  ["tar", join(text("a.wasm"), zeros(251), text("ustar\0")), "tar", wasm, /at byte 257/],
  ["tar with a module inside", join(text("a.wasm"), zeros(251), text("ustar\0"), zeros(249), module), "tar"],
  ["a module of Wasmtime", hex("7f 45 4c 46 02 01 01 c8"), "precompiled", wasm, /Wasmtime/],
  ["a module of WAMR", hex("00 61 6f 74 03 00 00 00"), "precompiled", wasm, /WAMR/],
  ["a package of Wasmer", text("\0webc003"), "webc"],
  ["ELF", hex("7f 45 4c 46 02 01 01 00"), "native-executable", wasm, /ELF/, /wasm32/],
  ["Mach-O, 32 bits, big-endian", hex("fe ed fa ce"), "native-executable", wasm, /Mach-O/],
  ["Mach-O, 64 bits, big-endian", hex("fe ed fa cf"), "native-executable", wasm, /Mach-O/],
  ["Mach-O, 32 bits", hex("ce fa ed fe"), "native-executable", wasm, /Mach-O/],
  ["Mach-O, 64 bits", hex("cf fa ed fe 07 00 00 01"), "native-executable", wasm, /Mach-O/],
  ["Mach-O, fat", hex("ca fe ba be 00 00 00 02"), "native-executable", wasm, /several/],
  ["Mach-O, fat with 64 bits", hex("ca fe ba bf 00 00 00 02"), "native-executable", wasm, /several/],
  ["Mach-O, fat, little-endian", hex("be ba fe ca 02 00 00 00"), "native-executable", wasm, /several/],
  ["Mach-O, fat with 64 bits, little-endian", hex("bf ba fe ca 02 00 00 00"), "native-executable"],
  ["Java", hex("ca fe ba be 00 00 00 34"), "java-class"],
  ["PE", hex("4d 5a 90 00 03 00 00 00"), "native-executable", wasm, /Windows/],
  ["text that begins like PE", text("MZ is missing"), "text"],
  ["LLVM bitcode", hex("42 43 c0 de 35 14"), "llvm-bitcode"],
  ["LLVM bitcode, wrapped", hex("de c0 17 0b 00 00 00 00"), "llvm-bitcode"],
  ["an archive of objects", text("!<arch>\n/ "), "object-archive"],
  ["a thin archive of objects", text("!<thin>\n"), "object-archive"],
  ["PDF", text("%PDF-1.7\n"), "pdf"],
  ["PNG", hex("89 50 4e 47 0d 0a 1a 0a 00 00"), "image"],
  ["JPEG", hex("ff d8 ff e0"), "image"],
  ["GIF", text("GIF89a"), "image"],
  ["WebP", join(text("RIFF"), hex("24 a0 00 00"), text("WEBP")), "image"],
  ["an icon", hex("00 00 01 00 02 00 10 10 00 00"), "image"],
]

/** The offset at which a decoder stops. */
const stopOf = (head: Uint8Array, ended: boolean): Stop | undefined => {
  const decoder = new ModuleDecoder({ unknown: "defer" })
  try {
    decoder.push(head)
    if (ended) decoder.finish()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const { code, offset, section } = error
    const isAtEnd = ended && offset === head.length && code === "unexpected-end"
    return { offset, section, isAside: false, isAtEnd }
  }
  const { unknown } = decoder
  return unknown && { offset: unknown.offset, section: undefined, isAside: true, isAtEnd: false }
}

const evidenceOf = ([, head, , hints]: Case): Evidence => {
  const ended = hints?.ended ?? true
  return { head, ended, stop: stopOf(head, ended), ...hints }
}

/** What a message may contain: one line of printable characters. */
const safe = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u

const checkForm = (diagnosis: Diagnosis): void => {
  for (const sentence of [diagnosis.what, diagnosis.advice]) assert.match(sentence, safe)
  assert.match(diagnosis.what, /^(?:is|has|was) .*[^.]$/u)
  assert.match(diagnosis.advice, /^\p{Lu}.*[^.]$/u)
  assert.ok(diagnosis.what.length < 250, diagnosis.what)
}

for (const row of cases) {
  const [name, , reason, , what, advice] = row
  test(`diagnose() ${reason === undefined ? "is silent on" : "recognises"} ${name}`, () => {
    const diagnosis = diagnose(evidenceOf(row))
    assert.equal(diagnosis?.reason, reason, `${diagnosis?.reason}: ${diagnosis?.what}`)
    if (diagnosis === undefined) return
    checkForm(diagnosis)
    if (what !== undefined) assert.match(diagnosis.what, what)
    if (advice !== undefined) assert.match(diagnosis.advice, advice)
  })
}

/** Vague reasons: more bytes may turn them into any other reason for text. */
const vague: ReadonlySet<string> = new Set(["text", "utf16"])
/** Reasons, and those that more bytes may turn them into. */
const refined: ReadonlySet<string> = new Set([
  "json byte-list", // [0, 97, then 115, 109
  "xml html", // an XML declaration, then XHTML
  "native-executable precompiled", // ELF, then a runtime's mark in it
  "html xml", // a comment, then SVG
  "html prefixed-module", // a warning, then a module
  "javascript text", // a comment, then a style sheet
  "wasm-text javascript", // (module), then =>
  "javascript undefined", // text, then bytes that are none
])

test("diagnose() does not contradict itself when more bytes come", () => {
  for (const row of cases) {
    const [name, head, reason] = row
    const { contentType, url } = evidenceOf(row)
    for (let size = 0; size <= Math.min(head.length, 1_024); size++) {
      const early = diagnose({ head: head.subarray(0, size), ended: false, contentType, url })
        ?.reason
      if (early === undefined || early === reason || vague.has(early)) continue
      const turn = `${early} ${reason}`
      assert.ok(refined.has(turn), `${name}: ${turn} after ${size} of ${head.length} bytes`)
    }
  }
})

test("diagnose() calls no beginning of a module anything but truncated", () => {
  for (let size = 0; size <= module.length; size++) {
    const head = module.subarray(0, size)
    assert.equal(diagnose({ head, ended: false, declaredSize: module.length, ...wasm }), undefined)
    const cut = diagnose({ head, ended: true, declaredSize: module.length, ...wasm })?.reason
    assert.equal(cut, size === 0 ? "empty" : size === module.length ? undefined : "truncated")
  }
})

test("diagnose() escapes hostile characters", () => {
  const hostile = "\x1b[31m\r\n\u202e\u2066\u200b\u2028\u0085\ufeff\u{e0041}\u3164\u00ad"
  for (
    const start of [
      "<html>",
      "<?xml ?>",
      '{"',
      "(module ",
      "var a=",
      "version https://git-lfs",
      "Not ",
      "#!",
    ]
  ) {
    const diagnosis = diagnose({ head: text(`${start}${hostile}`), ended: true })
    assert.ok(diagnosis !== undefined, start)
    checkForm(diagnosis)
    assert.match(diagnosis.what, /\\u\{1b\}\[31m\\r\\n\\u\{202e\}\\u\{2066\}/)
  }
})

/** Mulberry32. */
const randomFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

test("diagnose() takes any bytes whatever", () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  const random = randomFrom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const numbers = [undefined, 0, 1, 8, 5_000, -1, Number.NaN, Number.POSITIVE_INFINITY]
  const names = ["", ".br", "http://[", "?#", "a.js", "\u202e", "application/br", "text/javascript"]
  for (let round = 0; round < 2_000; round++) {
    const start = cases[below(cases.length)]?.[1] ?? header
    const bytes = Uint8Array.from({ length: below(40) }, () => below(256))
    const head = join(start.subarray(0, below(start.length + 1)), bytes, start.subarray(below(40)))
    if (head.length > 0 && round % 2 === 0) head[below(head.length)] = below(256)
    const evidence: Evidence = {
      head,
      ended: random() < 0.5,
      size: numbers[below(numbers.length)],
      declaredSize: numbers[below(numbers.length)],
      contentType: names[below(names.length)] ?? null,
      url: names[below(names.length)],
    }
    try {
      const diagnosis = diagnose(evidence)
      if (diagnosis !== undefined) checkForm(diagnosis)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      assert.fail(`Seed ${seed}, round ${round}, head [${[...head].join()}]: ${detail}`)
    }
  }
})

test("diagnose() is silent on a good header, whatever follows", () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  const random = randomFrom(seed)
  for (let round = 0; round < 1_000; round++) {
    const body = Uint8Array.from({ length: 200 }, () => Math.floor(random() * 256))
    const head = join(header, body)
    assert.equal(
      diagnose({ head, ended: true, ...wasm }),
      undefined,
      `Seed ${seed}: ${[...head].join()}`,
    )
  }
})

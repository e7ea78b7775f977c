/**
 * Arguments that stand for several modules: folders, globs, and errors in listing them.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as PlatformError from "effect/PlatformError"
import { severalSources } from "../../src/cli/several.ts"

const denied = (path: string): PlatformError.PlatformError =>
  PlatformError.systemError({
    _tag: "PermissionDenied",
    module: "FileSystem",
    method: "readDirectory",
    pathOrDescriptor: path,
    cause: Object.assign(new Error("denied"), { code: "EACCES", path }),
  })

const infoOf = (type: FileSystem.File.Type): FileSystem.File.Info => ({
  type,
  mtime: Option.none(),
  atime: Option.none(),
  birthtime: Option.none(),
  dev: 0n,
  ino: Option.none(),
  mode: 0,
  nlink: Option.none(),
  uid: Option.none(),
  gid: Option.none(),
  rdev: Option.none(),
  size: ByteSize.zero,
  blksize: Option.none(),
  blocks: Option.none(),
})

/** What is on the disk; a folder without entries cannot be read. */
const disk: Readonly<Record<string, ReadonlyArray<readonly [name: string, FileSystem.File.Type]>>> =
  {
    out: [
      ["a.wasm", "File"],
      ["deep", "Directory"],
      ["locked", "Directory"],
      ["locked2", "Unknown"],
      ["odd.wasm", "Directory"],
      ["up", "SymbolicLink"],
      ["up.wasm", "SymbolicLink"],
      ["link.wasm", "SymbolicLink"],
      [".git", "Directory"],
      ["notes.txt", "File"],
      ["gone.wasm", "Unknown"],
    ],
    "out/deep": [["b.wasm", "Unknown"], ["self", "Unknown"]],
    "out/odd.wasm": [["c.wasm", "File"]],
    "out/.git": [["d.wasm", "File"]],
    empty: [["notes.txt", "File"]],
    ".": [["data:a.wasm", "File"], ["c:.wasm", "File"], ["10:80", "Directory"]],
    "10:80": [["b.wasm", "File"]],
  }
/** Folders, also those behind links: a program that followed these would not come to an end. */
const folders: ReadonlySet<string> = new Set(
  [...Object.keys(disk), "out/locked", "out/locked2", "out/up", "out/up.wasm", "out/deep/self"],
)
const links: ReadonlySet<string> = new Set(["out/deep/self"])

const layer = FileSystem.layerNoop({
  exists: (path) => Effect.succeed(folders.has(path)),
  stat: (path) => Effect.succeed(infoOf(folders.has(path) ? "Directory" : "File")),
  lstat: (path) =>
    Effect.succeed(
      infoOf(links.has(path) ? "SymbolicLink" : folders.has(path) ? "Directory" : "File"),
    ),
  readDirectoryEntries: (path) => {
    const entries = disk[path]
    return entries === undefined
      ? Effect.fail(denied(path))
      : Effect.succeed(entries.map(([name, type]) => ({ name, type })))
  },
  glob: (pattern) =>
    Effect.succeed(pattern === "o*" ? ["out/deep", "out/a.wasm"] : pattern === "?" ? ["-"] : []),
})

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [title: string, args: ReadonlyArray<string>, sources: ReadonlyArray<string>, errors: ReadonlyArray<RegExp>]> = [
  ["a folder with links, and with two folders in it that may not be read", ["out"],
    ["out/a.wasm", "out/gone.wasm", "out/link.wasm", "out/deep/b.wasm", "out/odd.wasm/c.wasm"],
    [/^Cannot list out\/locked: permission denied/, /^Cannot list out\/locked2: permission denied/]],
  ["a folder that may be read", ["out/deep"], ["out/deep/b.wasm"], []],
  ["paths like URLs", ["."], ["./data:a.wasm", "c:.wasm", "./10:80/b.wasm"], []],
  ["a file named like standard input", ["?"], ["./-"], []],
  ["a folder that is hidden, but named", ["out/.git"], ["out/.git/d.wasm"], []],
  ["a glob, with a folder among its matches", ["o*"], ["out/a.wasm", "out/deep/b.wasm"], []],
  ["a folder that may not be read", ["out/locked"], [], [/^Cannot list out\/locked: permission denied/]],
  ["a file twice", ["out/a.wasm", "out/a.wasm"], ["out/a.wasm"], []],
  ["nothing that is there", ["none.wasm", "-", "https://example.org/*.wasm"], ["none.wasm", "-", "https://example.org/*.wasm"], []],
  ["a folder without modules", ["empty"], [], [/^There is no module in empty/]],
  ["a glob without files", ["none/*.wasm"], [], [/^No file matches none\/\*\.wasm$/]],
]
for (const [title, args, sources, errors] of cases) {
  test(`several: ${title}`, async () => {
    const listed = await Effect.runPromise(Effect.provide(severalSources(args), layer))
    const good = listed.filter(({ error }) => error === undefined)
    assert.deepEqual(good.map(({ argument }) => argument).sort(), [...sources].sort())
    const told = listed.flatMap(({ error }) => error === undefined ? [] : [error.message])
    assert.equal(told.length, errors.length)
    for (const [index, pattern] of errors.entries()) assert.match(told[index] ?? "", pattern)
  })
}

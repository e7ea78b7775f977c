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

const tree: ReadonlyArray<string> = ["out/a.wasm", "out/deep/b.wasm", "out/odd.wasm/c.wasm"]
const folders: ReadonlySet<string> = new Set(["out", "out/deep", "out/locked", "out/odd.wasm"])

/** A disk with an unreadable folder, which globs skip. */
const disk = FileSystem.layerNoop({
  exists: (path) => Effect.succeed(folders.has(path) || tree.includes(path)),
  stat: (path) =>
    folders.has(path)
      ? Effect.succeed(infoOf("Directory"))
      : tree.includes(path)
      ? Effect.succeed(infoOf("File"))
      : Effect.fail(denied(path)),
  readDirectory: (path) => path === "out" ? Effect.fail(denied("out/locked")) : Effect.succeed([]),
  glob: (pattern) => {
    const start = pattern.replace(/\*.*$/, "")
    return Effect.succeed([...tree, "out/odd.wasm"].filter((path) => path.startsWith(start)))
  },
})

// deno-fmt-ignore
const cases: ReadonlyArray<readonly [title: string, args: ReadonlyArray<string>, sources: ReadonlyArray<string>, errors: ReadonlyArray<RegExp>]> = [
  ["a folder, with one in it that may not be read", ["out"], tree, [/^Cannot list out\/locked: permission denied/]],
  ["a folder that may be read", ["out/deep"], ["out/deep/b.wasm"], []],
  ["a glob", ["out/deep/*.wasm"], ["out/deep/b.wasm"], []],
  ["a file twice", ["out/a.wasm", "out/a.wasm"], ["out/a.wasm"], []],
  ["nothing that is there", ["none.wasm", "-", "https://example.org/*.wasm"], ["none.wasm", "-", "https://example.org/*.wasm"], []],
  ["a folder without modules", ["out/locked"], [], [/^There is no module in out\/locked/]],
  ["a glob without files", ["none/*.wasm"], [], [/^No file matches none\/\*\.wasm$/]],
]
for (const [title, args, sources, errors] of cases) {
  test(`several: ${title}`, async () => {
    const listed = await Effect.runPromise(Effect.provide(severalSources(args), disk))
    const good = listed.filter(({ error }) => error === undefined)
    assert.deepEqual(good.map(({ argument }) => argument).sort(), [...sources].sort())
    const told = listed.flatMap(({ error }) => error === undefined ? [] : [error.message])
    assert.equal(told.length, errors.length)
    for (const [index, pattern] of errors.entries()) assert.match(told[index] ?? "", pattern)
  })
}

/**
 * The export section: each entry is a unique name, a kind and an index.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#export-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { FEATURE_MUTABLE_GLOBALS } from "../features.ts"
import { EXTERNAL_FUNC, EXTERNAL_GLOBAL } from "../types.ts"
import { hex } from "../value_types.ts"
import { shortU32 } from "./short_forms.ts"

/** The names of the kinds of exports. */
const KINDS = ["function", "table", "memory", "global", "tag"] as const
/** The properties with their counts. Building these names anew for each export would take half of its time. */
const COUNTS = ["functionCount", "tableCount", "memoryCount", "globalCount", "tagCount"] as const

/**
 * Passes exports of functions and immutable globals, with names in ASCII; moves the cursor.
 *
 * @param count the number of exports that remain
 * @returns the number of exports passed
 */
export const passExportEntries = (c: DecodeContext, count: number): number => {
  const { exportNames, reader: r, sink, spaces } = c
  const { base, bytes, stop } = r
  const view = viewOf(bytes)
  const { functionCount, globalCount } = spaces
  let at = r.pos
  let passed = 0
  while (passed < count && at < stop) {
    const size = shortU32(bytes, at, stop)
    const nameStart = at + (size & 3)
    const nameEnd = nameStart + (size >>> 2)
    if (size === 0 || nameEnd >= stop || size >>> 2 > r.longestName) break
    const kind = bytes[nameEnd] ?? 0
    const short = shortU32(bytes, nameEnd + 1, stop)
    const index = short >>> 2
    if (short === 0) break
    if (kind === EXTERNAL_GLOBAL) {
      if (index >= globalCount || spaces.isGlobalMutable(index)) break
    } else if (kind !== EXTERNAL_FUNC || index >= functionCount) break
    // A duplicate name is not added, and is left to `readExportEntry`.
    if (!exportNames.stage(view, nameStart, nameEnd) || !exportNames.addStaged()) break
    if (kind === EXTERNAL_FUNC) {
      spaces.declareFunction(index)
      spaces.functionNames.add(index, bytes, nameStart, nameEnd)
    }
    sink?.export?.(kind, index, bytes, nameStart, nameEnd, base + at)
    at = nameEnd + 1 + (short & 3)
    passed++
  }
  r.pos = at
  return passed
}

/** A view from which names are hashed, four bytes at a time. */
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Reads one export. */
export const readExportEntry = (c: DecodeContext): void => {
  const { exportNames, reader: r, sink, spaces } = c
  const at = r.pos
  r.readUncheckedName("export name")
  if (r.short) return
  const { nameEnd, nameStart } = r
  if (!exportNames.stage(viewOf(r.bytes), nameStart, nameEnd)) r.checkName("export name")
  const kindAt = r.pos
  const kind = r.readByte()
  if (r.short) return
  const what = KINDS[kind]
  const space = COUNTS[kind]
  if (what === undefined || space === undefined) {
    const message = `Unknown export kind ${hex(kind)}`
    r.unknown("malformed-export-kind", kindAt, "export kind", message)
    return
  }
  const count = spaces[space]
  const indexAt = r.pos
  const index = r.readU32()
  if (index >= count) r.failIndex(what, indexAt, index, count)
  if (r.short) return
  if (!exportNames.addStaged()) {
    r.fail("duplicate-export-name", at, "Another export has the same name")
  }
  if (kind === EXTERNAL_FUNC) {
    spaces.declareFunction(index)
    spaces.functionNames.add(index, r.bytes, nameStart, nameEnd)
  }
  if (kind === EXTERNAL_GLOBAL && spaces.isGlobalMutable(index)) {
    c.features |= FEATURE_MUTABLE_GLOBALS
  }
  sink?.export?.(kind, index, r.bytes, nameStart, nameEnd, r.base + at)
}

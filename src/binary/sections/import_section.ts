/**
 * The import section: each entry is two names and a type. Imports are the first entries of their spaces.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#import-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import {
  EXTERNAL_FUNC,
  EXTERNAL_GLOBAL,
  EXTERNAL_MEMORY,
  EXTERNAL_TABLE,
  EXTERNAL_TAG,
  type ValueType,
} from "../types.ts"
import {
  addMemory,
  addTable,
  hex,
  readFunctionTypeIndex,
  readMemoryType,
  readTableType,
} from "../value_types.ts"
import { addGlobal, readGlobalType } from "./global_section.ts"
import { checkMemoryCount } from "./memory_section.ts"
import { checkTableCount } from "./table_section.ts"
import { addTag, readTagType } from "./tag_section.ts"

/** Reads one import. */
export const readImportEntry = (c: DecodeContext): void => {
  const { reader: r, sink, spaces } = c
  const start = r.pos
  r.readName("module name")
  const moduleStart = r.nameStart
  const moduleEnd = r.nameEnd
  r.readName("import name")
  const nameStart = r.nameStart
  const nameEnd = r.nameEnd
  const at = r.pos
  const kind = r.readByte()
  if (r.short) return
  let type: ValueType
  switch (kind) {
    case EXTERNAL_FUNC:
      type = readFunctionTypeIndex(c)
      if (r.short) return
      spaces.addFunction(type)
      spaces.importedFunctionCount++
      break
    case EXTERNAL_TABLE:
      type = readTableType(c)
      checkTableCount(c, at, 1)
      if (r.short) return
      addTable(c, type)
      spaces.importedTableCount++
      break
    case EXTERNAL_MEMORY:
      readMemoryType(c)
      checkMemoryCount(c, at, 1)
      if (r.short) return
      addMemory(c)
      spaces.importedMemoryCount++
      break
    case EXTERNAL_GLOBAL:
      type = readGlobalType(c)
      if (r.short) return
      addGlobal(c, type, true)
      spaces.importedGlobalCount++
      break
    case EXTERNAL_TAG:
      type = readTagType(c)
      if (r.short) return
      addTag(c, type)
      spaces.importedTagCount++
      break
    default: {
      const message = `Unknown import kind ${hex(kind)}`
      r.unknown("malformed-import-kind", at, "import kind", message)
      return
    }
  }
  sink?.import?.(kind, r.bytes, moduleStart, moduleEnd, nameStart, nameEnd, r.base + start)
}

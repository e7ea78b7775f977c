/**
 * Dispatch by section id: decodes the count at a section's start, and its entries.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#sections
 * @module
 */
import { counted } from "../counted.ts"
import type { DecodeContext } from "../context.ts"
import {
  SECTION_CODE,
  SECTION_DATA,
  SECTION_DATA_COUNT,
  SECTION_ELEMENT,
  SECTION_EXPORT,
  SECTION_FUNCTION,
  SECTION_GLOBAL,
  SECTION_IMPORT,
  SECTION_MEMORY,
  SECTION_START,
  SECTION_TABLE,
  SECTION_TAG,
  SECTION_TYPE,
} from "../types.ts"
import { readDataCountEntry } from "./data_count_section.ts"
import { passDataEntries, readDataEntry } from "./data_section.ts"
import { passElementParts, readElementEntry } from "./element_section.ts"
import { passExportEntries, readExportEntry } from "./export_section.ts"
import { passFunctionEntries, readFunctionEntry } from "./function_section.ts"
import { passGlobalEntries, readGlobalEntry } from "./global_section.ts"
import { readImportEntry } from "./import_section.ts"
import { checkMemoryCount, readMemoryEntry } from "./memory_section.ts"
import { readStartEntry } from "./start_section.ts"
import { checkTableCount, readTableEntry } from "./table_section.ts"
import { readTagEntry } from "./tag_section.ts"
import { passTypeEntries, readTypeEntry } from "./type_section.ts"

/** Reads the count of entries that a section starts with, and checks it. */
export const readSectionCount = (c: DecodeContext, id: number): number => {
  const { limits, reader: r, spaces } = c
  const at = r.pos
  switch (id) {
    case SECTION_TYPE:
      return r.readCount(limits.recursionGroups, "limit-recursion-groups", "recursion groups")
    case SECTION_IMPORT:
      return r.readCount(limits.imports, "limit-imports", "imports")
    case SECTION_FUNCTION:
      return r.readCount(limits.functions, "limit-functions", "functions")
    case SECTION_TABLE: {
      const count = r.readCount(limits.tables, "limit-tables", "tables")
      checkTableCount(c, at, count)
      return count
    }
    case SECTION_MEMORY: {
      const count = r.readCount(limits.memories, "limit-memories", "memories")
      checkMemoryCount(c, at, count)
      return count
    }
    case SECTION_TAG:
      return r.readCount(limits.tags, "limit-tags", "tags")
    case SECTION_GLOBAL:
      return r.readCount(limits.globals, "limit-globals", "globals")
    case SECTION_EXPORT:
      return r.readCount(limits.exports, "limit-exports", "exports")
    case SECTION_ELEMENT:
      return r.readCount(Infinity, "limit-element-entries", "element segments")
    case SECTION_CODE: {
      const count = r.readU32()
      if (count !== spaces.functionCount - spaces.importedFunctionCount) {
        const declared = spaces.functionCount - spaces.importedFunctionCount
        const message = `The function section declares ${
          counted(declared, "function")
        }, but the code section has ${counted(count, "body")}`
        r.fail("function-code-mismatch", at, message)
      }
      return count
    }
    case SECTION_DATA: {
      const count = r.readCount(limits.dataSegments, "limit-data-segments", "data segments")
      if (spaces.dataCount >= 0 && count !== spaces.dataCount) {
        const message =
          `The data count section declares ${spaces.dataCount}, but the data section has ${
            counted(count, "segment")
          }`
        r.fail("data-count-mismatch", at, message)
      }
      return count
    }
    default:
      return 0
  }
}

/**
 * Passes entries in the commonest form, in the sections that may have many of them; see
 * `short_forms.ts`. Moves the cursor, and subtracts the parts passed from `pendingParts`.
 *
 * @param count the number of entries that remain
 * @returns the number of complete entries passed
 */
export const passSectionEntries = (c: DecodeContext, id: number, count: number): number => {
  switch (id) {
    case SECTION_TYPE:
      return passTypeEntries(c, count)
    case SECTION_FUNCTION:
      return passFunctionEntries(c, count)
    case SECTION_GLOBAL:
      return passGlobalEntries(c, count)
    case SECTION_EXPORT:
      return passExportEntries(c, count)
    case SECTION_ELEMENT:
      return passElementParts(c)
    case SECTION_DATA:
      return passDataEntries(c, count)
    default:
      return 0
  }
}

/** Reads an entry of a section, or the next part of one. */
export const readSectionEntry = (c: DecodeContext, id: number): void => {
  switch (id) {
    case SECTION_TYPE:
      readTypeEntry(c)
      break
    case SECTION_IMPORT:
      readImportEntry(c)
      break
    case SECTION_FUNCTION:
      readFunctionEntry(c)
      break
    case SECTION_TABLE:
      readTableEntry(c)
      break
    case SECTION_MEMORY:
      readMemoryEntry(c)
      break
    case SECTION_GLOBAL:
      readGlobalEntry(c)
      break
    case SECTION_EXPORT:
      readExportEntry(c)
      break
    case SECTION_START:
      readStartEntry(c)
      break
    case SECTION_ELEMENT:
      readElementEntry(c)
      break
    case SECTION_DATA:
      readDataEntry(c)
      break
    case SECTION_DATA_COUNT:
      readDataCountEntry(c)
      break
    case SECTION_TAG:
      readTagEntry(c)
      break
  }
}

/**
 * Bulk operations on memories and tables, and wide arithmetic, with prefix 0xfc.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#memory-instructions
 * @see https://github.com/WebAssembly/wide-arithmetic
 *
 * @module
 */
import { counted } from "../counted.ts"
import {
  DATA_DROP,
  ELEM_DROP,
  I64_ADD128,
  I64_MUL_WIDE_S,
  I64_MUL_WIDE_U,
  I64_SUB128,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_INIT,
  TABLE_COPY,
  TABLE_FILL,
  TABLE_GROW,
  TABLE_INIT,
  TABLE_SIZE,
} from "../opcodes.ts"
import { I32, I64, type ValueType } from "../types.ts"
import type { BodyState } from "./body_state.ts"
import { readTable, tableAddress } from "./call_instructions.ts"
import { memoryAddress } from "./signature_instructions.ts"

/** Checks an instruction with prefix 0xfc that has no signature. */
export const checkBulk = (s: BodyState, opcode: number): void => {
  switch (opcode) {
    case MEMORY_INIT: {
      readData(s)
      const address = readMemory(s)
      popThree(s, address, I32, I32)
      break
    }
    case DATA_DROP:
      readData(s)
      break
    case MEMORY_COPY: {
      const to = readMemory(s)
      const from = readMemory(s)
      popThree(s, to, from, smaller(to, from))
      break
    }
    case MEMORY_FILL: {
      const address = readMemory(s)
      popThree(s, address, I32, address)
      break
    }
    case TABLE_INIT: {
      const segment = readElement(s)
      const table = readTable(s)
      checkElements(s, s.spaces.elementType(segment), s.spaces.tableType(table))
      popThree(s, tableAddress(s, table), I32, I32)
      break
    }
    case ELEM_DROP:
      readElement(s)
      break
    case TABLE_COPY: {
      const to = readTable(s)
      const from = readTable(s)
      checkElements(s, s.spaces.tableType(from), s.spaces.tableType(to))
      const toAddress = tableAddress(s, to)
      const fromAddress = tableAddress(s, from)
      popThree(s, toAddress, fromAddress, smaller(toAddress, fromAddress))
      break
    }
    case I64_ADD128:
    case I64_SUB128:
      popThree(s, I64, I64, I64)
      s.pop(I64)
      pushWide(s)
      break
    case I64_MUL_WIDE_S:
    case I64_MUL_WIDE_U:
      s.pop(I64)
      s.pop(I64)
      pushWide(s)
      break
    case TABLE_GROW: {
      const table = readTable(s)
      const address = tableAddress(s, table)
      s.pop(address)
      s.pop(s.spaces.tableType(table))
      s.push(address)
      break
    }
    case TABLE_SIZE:
      s.push(tableAddress(s, readTable(s)))
      break
    case TABLE_FILL: {
      const table = readTable(s)
      const address = tableAddress(s, table)
      popThree(s, address, s.spaces.tableType(table), address)
      break
    }
  }
}

/** The type of the length of a copy: i64 only if both address types are. */
const smaller = (a: ValueType, b: ValueType): ValueType => a === I64 && b === I64 ? I64 : I32

const popThree = (s: BodyState, first: ValueType, second: ValueType, third: ValueType): void => {
  s.pop(third)
  s.pop(second)
  s.pop(first)
}

const readMemory = (s: BodyState): ValueType => memoryAddress(s, s.r.readU32())

/** Reads the index of a data segment. Their number must be known before the code section. */
export const readData = (s: BodyState): void => {
  const index = s.r.readU32()
  const count = s.spaces.dataCount
  if (count < 0) s.fail("data-count-required", "needs a data count section")
  else if (index >= count) {
    s.fail(
      "unknown-data-segment",
      `uses data segment ${index}, but the module has ${counted(count, "data segment")}`,
    )
  }
}

/** Reads the index of an element segment. */
export const readElement = (s: BodyState): number => {
  const index = s.r.readU32()
  const count = s.spaces.elementCount
  if (index >= count) {
    const message = `uses element segment ${index}, but the module has ${
      counted(count, "element segment")
    }`
    s.fail("unknown-element-segment", message)
  }
  return index
}

/** Checks that elements of type `from` can be copied to a table or array of type `to`. */
export const checkElements = (s: BodyState, from: ValueType, to: ValueType): void => {
  if (s.r.short || s.types.isSubtype(from, to)) return
  s.fail("type-mismatch", `copies elements of type ${s.textOf(from)} to ${s.textOf(to)}`)
}

/** Pushes the halves of a 128-bit number. */
const pushWide = (s: BodyState): void => {
  s.push(I64)
  s.push(I64)
}

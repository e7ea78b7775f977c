/**
 * Calls: direct, through tables, through references; and tail calls.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#valid-call
 * @module
 */
import {
  CALL,
  CALL_INDIRECT,
  CALL_REF,
  RETURN_CALL,
  RETURN_CALL_INDIRECT,
  RETURN_CALL_REF,
} from "../opcodes.ts"
import { FUNCREF, heapTypeOfId, I32, I64, refNull, type ValueType } from "../types.ts"
import type { BodyState } from "./body_state.ts"

/** Checks a call. */
export const checkCall = (s: BodyState, opcode: number): void => {
  switch (opcode) {
    case CALL:
      call(s, readFunctionType(s))
      break
    case CALL_INDIRECT:
      call(s, readIndirect(s))
      break
    case RETURN_CALL:
      tailCall(s, readFunctionType(s))
      break
    case RETURN_CALL_INDIRECT:
      tailCall(s, readIndirect(s))
      break
    case CALL_REF:
      call(s, readReferenceCall(s))
      break
    case RETURN_CALL_REF:
      tailCall(s, readReferenceCall(s))
      break
  }
}

const call = (s: BodyState, id: number): void => {
  if (s.r.short) return
  s.popParameters(~id)
  s.pushResults(~id)
}

/** Checks a tail call: the callee's results become the function's, so they must match. */
const tailCall = (s: BodyState, id: number): void => {
  if (s.r.short) return
  const { types } = s
  s.popParameters(~id)
  const count = types.resultCount(id)
  s.work += count
  let isMatch = s.labelCount(0) === count
  for (let i = 0; isMatch && i < count; i++) {
    isMatch = types.isSubtype(types.resultType(id, i), s.labelValue(0, i))
  }
  if (!isMatch) {
    const theirs = s.textOfTypes(count, (i) => types.resultType(id, i))
    const ours = s.textOfTypes(s.labelCount(0), (i) => s.labelValue(0, i))
    s.fail(
      "type-mismatch",
      `calls a function that returns ${theirs}, but the caller returns ${ours}`,
    )
  }
  s.setUnreachable()
}

const readFunctionType = (s: BodyState): number => {
  const index = s.r.readU32()
  if (index < s.spaces.functionCount) return s.spaces.functionTypeId(index)
  return s.failIndex("function", index, s.spaces.functionCount)
}

/** Reads the index of a function type; returns its id. */
const readFunctionTypeId = (s: BodyState): number => {
  const index = s.r.readU32()
  if (index >= s.types.count) {
    return s.failIndex("type", index, s.types.count)
  }
  const id = s.types.idOf(index)
  if (!s.types.isFunction(id)) {
    s.fail("unexpected-type-form", `needs a function type, but type ${index} is none`)
  }
  return id
}

const readIndirect = (s: BodyState): number => {
  const id = readFunctionTypeId(s)
  const table = readTable(s)
  const type = s.spaces.tableType(table)
  if (!s.types.isSubtype(type, FUNCREF)) {
    s.fail(
      "type-mismatch",
      `needs a table of functions, but table ${table} holds ${s.textOf(type)}`,
    )
  }
  s.pop(tableAddress(s, table))
  return id
}

const readReferenceCall = (s: BodyState): number => {
  const id = readFunctionTypeId(s)
  if (!s.r.short) s.pop(refNull(heapTypeOfId(id)))
  return id
}

/** Reads the index of a table. */
export const readTable = (s: BodyState): number => {
  const table = s.r.readU32()
  if (table >= s.spaces.tableCount) {
    s.failIndex("table", table, s.spaces.tableCount)
  }
  return table
}

/** The type of a table's indices. */
export const tableAddress = (s: BodyState, table: number): ValueType =>
  s.spaces.isTable64(table) ? I64 : I32

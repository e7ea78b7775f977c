/**
 * Variable, parametric and reference instructions, and the table and memory instructions of one byte.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#variable-instructions
 * @module
 */
import { counted } from "../counted.ts"
import {
  DROP,
  GLOBAL_GET,
  GLOBAL_SET,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  MEMORY_GROW,
  MEMORY_SIZE,
  REF_AS_NON_NULL,
  REF_EQ,
  REF_FUNC,
  REF_IS_NULL,
  REF_NULL,
  SELECT,
  SELECT_T,
  TABLE_GET,
  TABLE_SET,
} from "../opcodes.ts"
import {
  BOTTOM,
  HEAP_EQ,
  heapTypeOfId,
  I32,
  isReference,
  NULLABLE,
  ref,
  refNull,
  type ValueType,
} from "../types.ts"
import { readHeapType, readValueType } from "../value_types.ts"
import type { BodyState } from "./body_state.ts"
import { readTable, tableAddress } from "./call_instructions.ts"
import { memoryAddress } from "./signature_instructions.ts"

const EQREF: ValueType = refNull(HEAP_EQ)

/** Checks one of these instructions. */
export const checkVariable = (s: BodyState, opcode: number): void => {
  switch (opcode) {
    case DROP:
      s.popAny()
      break
    case SELECT:
      checkSelect(s)
      break
    case SELECT_T:
      checkTypedSelect(s)
      break
    case LOCAL_GET: {
      const index = readLocal(s)
      if (!s.r.short && !s.locals.isSet(index)) {
        s.fail("uninitialized-local", `reads local ${index} before it is set`)
      }
      s.push(s.locals.declaredType(index))
      break
    }
    case LOCAL_SET: {
      const index = readLocal(s)
      s.pop(s.locals.declaredType(index))
      if (!s.r.short) s.locals.set(index)
      break
    }
    case LOCAL_TEE: {
      const index = readLocal(s)
      const type = s.locals.declaredType(index)
      s.pop(type)
      if (!s.r.short) s.locals.set(index)
      s.push(type)
      break
    }
    case GLOBAL_GET:
      s.push(s.spaces.globalType(readGlobal(s)))
      break
    case GLOBAL_SET: {
      const index = readGlobal(s)
      if (!s.r.short && !s.spaces.isGlobalMutable(index)) {
        s.fail("immutable-global", `sets global ${index}, which is immutable`)
      }
      s.pop(s.spaces.globalType(index))
      break
    }
    case TABLE_GET: {
      const table = readTable(s)
      s.pop(tableAddress(s, table))
      s.push(s.spaces.tableType(table))
      break
    }
    case TABLE_SET: {
      const table = readTable(s)
      s.pop(s.spaces.tableType(table))
      s.pop(tableAddress(s, table))
      break
    }
    case MEMORY_SIZE:
      s.push(memoryAddress(s, s.r.readU32()))
      break
    case MEMORY_GROW: {
      const address = memoryAddress(s, s.r.readU32())
      s.pop(address)
      s.push(address)
      break
    }
    case REF_NULL:
      s.push(refNull(readHeapType(s.c)))
      break
    case REF_IS_NULL:
      s.popReference()
      s.push(I32)
      break
    case REF_FUNC:
      checkRefFunc(s)
      break
    case REF_EQ:
      s.pop(EQREF)
      s.pop(EQREF)
      s.push(I32)
      break
    case REF_AS_NON_NULL:
      s.push(s.popReference() & ~NULLABLE)
      break
  }
}

const readLocal = (s: BodyState): number => {
  const index = s.r.readU32()
  if (index >= s.locals.count) {
    s.fail(
      "unknown-local",
      `uses local ${index}, but the function has ${counted(s.locals.count, "local")}`,
    )
  }
  return index
}

const readGlobal = (s: BodyState): number => {
  const index = s.r.readU32()
  if (index >= s.spaces.globalCount) {
    s.failIndex("global", index, s.spaces.globalCount)
  }
  return index
}

/** Checks a `select` without a type, which takes only numbers and vectors. */
const checkSelect = (s: BodyState): void => {
  s.pop(I32)
  const second = s.popAny()
  const first = s.popAny()
  const type = first === BOTTOM ? second : first
  if (isReference(first) || isReference(second)) {
    const found = isReference(second) ? second : first
    s.fail("type-mismatch", `without a type takes no references, but found ${s.textOf(found)}`)
  }
  if (second !== BOTTOM && second !== type) {
    s.fail("type-mismatch", `expects ${s.textOf(type)} but found ${s.textOf(second)}`)
  }
  s.push(type)
}

const checkTypedSelect = (s: BodyState): void => {
  const count = s.r.readU32()
  if (count !== 1) s.fail("invalid-result-arity", `must have one type but has ${count}`)
  const type = readValueType(s.c)
  s.pop(I32)
  s.pop(type)
  s.pop(type)
  s.push(type)
}

const checkRefFunc = (s: BodyState): void => {
  const index = s.r.readU32()
  if (s.r.short) return
  if (index >= s.spaces.functionCount) {
    s.failIndex("function", index, s.spaces.functionCount)
  } else if (!s.spaces.isDeclared(index)) {
    s.fail(
      "undeclared-function",
      `refers to function ${index}, which no export, global or element segment declares`,
    )
  }
  s.push(ref(heapTypeOfId(s.spaces.functionTypeId(index))))
}

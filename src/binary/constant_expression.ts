/**
 * Constant expressions: initialisers of globals and tables, offsets and elements of segments. They
 * are decoded and typed in one pass. An expression is a part of its entry, so it is never suspended.
 *
 * Invariant: an attempt that falls short leaves nothing behind but its operands, which the next attempt
 * discards, and functions declared and features noted, which it declares and notes again.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions
 * @module
 */
import type { DecodeContext } from "./context.ts"
import { FEATURE_EXTENDED_CONST, FEATURE_GC, FEATURE_SIMD } from "./features.ts"
import {
  ANY_CONVERT_EXTERN,
  ARRAY_NEW,
  ARRAY_NEW_DEFAULT,
  ARRAY_NEW_FIXED,
  END,
  EXTERN_CONVERT_ANY,
  F32_CONST,
  F64_CONST,
  GLOBAL_GET,
  I32_ADD,
  I32_CONST,
  I32_MUL,
  I32_SUB,
  I64_ADD,
  I64_CONST,
  I64_MUL,
  I64_SUB,
  PREFIX_AGGREGATE,
  PREFIX_VECTOR,
  REF_FUNC,
  REF_I31,
  REF_NULL,
  STRUCT_NEW,
  STRUCT_NEW_DEFAULT,
} from "./opcodes.ts"
import {
  F32,
  F64,
  HEAP_ANY,
  HEAP_EXTERN,
  HEAP_I31,
  heapTypeOfId,
  I16,
  I32,
  I64,
  I8,
  isNullable,
  KIND_ARRAY,
  KIND_STRUCT,
  NULLABLE,
  ref,
  REFERENCE,
  referenceTo,
  refNull,
  V128,
  type ValueType,
} from "./types.ts"
import { hex, readHeapType, readTypeIndex } from "./value_types.ts"

/** Reads an expression and checks that it is constant and of type `expected`. */
export const readConstantExpression = (c: DecodeContext, expected: ValueType): void => {
  const r = c.reader
  c.operands.length = 0
  for (;;) {
    const at = r.pos
    const opcode = r.readByte()
    if (r.short) return
    switch (opcode) {
      case END:
        checkResult(c, at, expected)
        return
      case GLOBAL_GET:
        readGlobalGet(c)
        break
      case I32_CONST:
        r.skipS32()
        c.operands.push(I32)
        break
      case I64_CONST:
        r.skipS64()
        c.operands.push(I64)
        break
      case F32_CONST:
        r.skip(4)
        c.operands.push(F32)
        break
      case F64_CONST:
        r.skip(8)
        c.operands.push(F64)
        break
      case I32_ADD:
      case I32_SUB:
      case I32_MUL:
        readArithmetic(c, at, I32)
        break
      case I64_ADD:
      case I64_SUB:
      case I64_MUL:
        readArithmetic(c, at, I64)
        break
      case REF_NULL:
        c.operands.push(refNull(readHeapType(c)))
        break
      case REF_FUNC:
        readRefFunc(c)
        break
      case PREFIX_AGGREGATE:
        readAggregate(c, at)
        break
      case PREFIX_VECTOR:
        if (r.readU32() !== 12) failNotConstant(c, at, opcode)
        r.skip(16)
        c.operands.push(V128)
        c.features |= FEATURE_SIMD
        break
      default:
        failNotConstant(c, at, opcode)
    }
    if (r.short) return
  }
}

/**
 * Rejects an instruction that is not constant. Future versions may make it constant, as they did
 * arithmetic, or may define an opcode that is free today. So both count as unknown, not as wrong.
 */
const failNotConstant = (c: DecodeContext, at: number, opcode: number): void => {
  const what = "constant instruction"
  if (isOpcode(opcode)) {
    const message = `Instruction ${hex(opcode)} is not allowed in a constant expression`
    c.reader.unknown("constant-expression-required", at, what, message)
  } else if (c.validatesBodies) {
    c.reader.unknown("unsupported", at, what, `Unknown instruction ${hex(opcode)}`)
  } else c.reader.unknown("illegal-opcode", at, what, `Unknown opcode ${hex(opcode)}`)
}

/** Whether a byte starts an instruction of the specification, of legacy exceptions, or of threads. */
const isOpcode = (byte: number): boolean => {
  if (byte <= 0x1f) return byte !== 0x16 && byte !== 0x17 && byte !== 0x1d && byte !== 0x1e
  if (byte <= 0xc4) return byte !== 0x27
  return (byte >= 0xd0 && byte <= 0xd6) || (byte >= 0xfb && byte <= 0xfe)
}

const checkResult = (c: DecodeContext, at: number, expected: ValueType): void => {
  const { operands, reader, spaces } = c
  const types = spaces.types
  const count = operands.length
  if (count === 1 && types.isSubtype(operands.at(0), expected)) return
  const found: Array<string> = []
  for (let i = 0; i < count && i < 4; i++) found.push(types.textOf(operands.at(i)))
  if (count > 4) found.push("...")
  const message = `The constant expression must leave [${types.textOf(expected)}], but leaves [` +
    `${found.join(" ")}]`
  reader.fail("type-mismatch", at, message)
}

/** Pops an operand, which must match `expected`. */
const popOperand = (c: DecodeContext, at: number, expected: ValueType): ValueType => {
  const { operands, reader, spaces } = c
  if (reader.short) return expected
  const count = operands.length
  if (count === 0) {
    const text = spaces.types.textOf(expected)
    reader.fail("type-mismatch", at, `The instruction expects [${text}] but finds []`)
    return expected
  }
  const type = operands.at(count - 1)
  operands.length = count - 1
  if (!spaces.types.isSubtype(type, expected)) {
    const text = spaces.types.textOf(expected)
    const found = spaces.types.textOf(type)
    reader.fail(
      "type-mismatch",
      at,
      `The instruction expects [${text}] but finds [${found}]`,
    )
  }
  return type
}

const readGlobalGet = (c: DecodeContext): void => {
  const { reader: r, spaces } = c
  const at = r.pos
  const index = r.readU32()
  if (index >= spaces.globalCount) {
    r.fail(
      "unknown-global",
      at,
      `There is no global ${index}: the number of globals is ${spaces.globalCount}`,
    )
  } else if (spaces.isGlobalMutable(index)) {
    const message = `Global ${index} is mutable, which is not allowed in a constant expression`
    r.fail("constant-expression-required", at, message)
  }
  if (r.short) return
  // Before garbage collection only imported globals were constant.
  if (index >= spaces.importedGlobalCount) c.features |= FEATURE_GC
  c.operands.push(spaces.globalType(index))
}

const readArithmetic = (c: DecodeContext, at: number, type: ValueType): void => {
  popOperand(c, at, type)
  popOperand(c, at, type)
  c.operands.push(type)
  c.features |= FEATURE_EXTENDED_CONST
}

const readRefFunc = (c: DecodeContext): void => {
  const index = readFunctionIndex(c)
  if (c.reader.short) return
  c.spaces.declareFunction(index)
  c.operands.push(REFERENCE | heapTypeOfId(c.spaces.functionTypeId(index)))
}

/** Reads the index of a function. */
export const readFunctionIndex = (c: DecodeContext): number => {
  const r = c.reader
  const at = r.pos
  const index = r.readU32()
  if (index >= c.spaces.functionCount) {
    r.failIndex("function", at, index, c.spaces.functionCount)
  }
  return index
}

/** Reads an instruction of garbage collection, after its prefix. */
const readAggregate = (c: DecodeContext, at: number): void => {
  const r = c.reader
  const opcode = r.readU32()
  if (r.short) return
  switch (opcode) {
    case STRUCT_NEW:
      readStructNew(c, at, false)
      break
    case STRUCT_NEW_DEFAULT:
      readStructNew(c, at, true)
      break
    case ARRAY_NEW:
      readArrayNew(c, at, false)
      break
    case ARRAY_NEW_DEFAULT:
      readArrayNew(c, at, true)
      break
    case ARRAY_NEW_FIXED:
      readArrayNewFixed(c, at)
      break
    case ANY_CONVERT_EXTERN:
      readConvert(c, at, HEAP_EXTERN, HEAP_ANY)
      break
    case EXTERN_CONVERT_ANY:
      readConvert(c, at, HEAP_ANY, HEAP_EXTERN)
      break
    case REF_I31:
      popOperand(c, at, I32)
      c.operands.push(ref(HEAP_I31))
      break
    default:
      failNotConstant(c, at, 0xfb)
  }
  c.features |= FEATURE_GC
}

/** Reads the index of a struct or array type; returns its id, or -1 if the attempt is short. */
const readAggregateType = (c: DecodeContext, kind: number, what: string): number => {
  const { reader: r, spaces } = c
  const at = r.pos
  const index = readTypeIndex(c)
  if (r.short) return -1
  const id = spaces.types.idOf(index)
  if (spaces.types.kind(id) !== kind) {
    r.fail("unexpected-type-form", at, `Type ${index} is not ${what} type`)
    return -1
  }
  return id
}

/** The type of a field's value on the stack, where packed types are i32. */
const unpacked = (type: ValueType): ValueType => type === I8 || type === I16 ? I32 : type

const readStructNew = (c: DecodeContext, at: number, isDefault: boolean): void => {
  const types = c.spaces.types
  const id = readAggregateType(c, KIND_STRUCT, "a struct")
  if (id < 0) return
  if (isDefault) checkDefaultable(c, at, id)
  else {
    for (let i = types.fieldCount(id) - 1; i >= 0; i--) {
      popOperand(c, at, unpacked(types.fieldType(id, i)))
    }
  }
  c.operands.push(REFERENCE | heapTypeOfId(id))
}

const readArrayNew = (c: DecodeContext, at: number, isDefault: boolean): void => {
  const types = c.spaces.types
  const id = readAggregateType(c, KIND_ARRAY, "an array")
  if (id < 0) return
  popOperand(c, at, I32)
  if (isDefault) checkDefaultable(c, at, id)
  else popOperand(c, at, unpacked(types.fieldType(id, 0)))
  c.operands.push(REFERENCE | heapTypeOfId(id))
}

const readArrayNewFixed = (c: DecodeContext, at: number): void => {
  const { reader: r, spaces } = c
  const id = readAggregateType(c, KIND_ARRAY, "an array")
  const countAt = r.pos
  const count = r.readU32()
  if (id < 0 || r.short) return
  if (count > c.limits.arrayNewFixed) {
    const message = `array.new_fixed has ${count} operands, the maximum is ` +
      `${c.limits.arrayNewFixed}`
    r.fail("limit-array-new-fixed", countAt, message)
  }
  const type = unpacked(spaces.types.fieldType(id, 0))
  // Popping fails when the stack is empty, so an excessive count does not make a long loop.
  for (let i = 0; i < count; i++) popOperand(c, at, type)
  c.operands.push(REFERENCE | heapTypeOfId(id))
}

const checkDefaultable = (c: DecodeContext, at: number, id: number): void => {
  const { types } = c.spaces
  const field = types.lastWithoutDefault(id)
  if (field < 0) return
  const text = types.textOf(types.fieldType(id, field))
  c.reader.fail("type-mismatch", at, `Type ${text} has no default value`)
}

const readConvert = (c: DecodeContext, at: number, from: number, to: number): void => {
  const type = popOperand(c, at, REFERENCE | NULLABLE | from)
  c.operands.push(referenceTo(to, isNullable(type)))
}

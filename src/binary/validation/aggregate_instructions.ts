/**
 * Structs, arrays, casts and conversions of references: the instructions with prefix 0xfb.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#aggregate-instructions
 * @module
 */
import {
  ANY_CONVERT_EXTERN,
  ARRAY_COPY,
  ARRAY_FILL,
  ARRAY_GET,
  ARRAY_GET_S,
  ARRAY_GET_U,
  ARRAY_INIT_DATA,
  ARRAY_INIT_ELEM,
  ARRAY_LEN,
  ARRAY_NEW,
  ARRAY_NEW_DATA,
  ARRAY_NEW_DEFAULT,
  ARRAY_NEW_ELEM,
  ARRAY_NEW_FIXED,
  ARRAY_SET,
  BR_ON_CAST,
  BR_ON_CAST_FAIL,
  EXTERN_CONVERT_ANY,
  I31_GET_S,
  I31_GET_U,
  REF_CAST,
  REF_CAST_NULL,
  REF_I31,
  REF_TEST,
  REF_TEST_NULL,
  STRUCT_GET,
  STRUCT_GET_S,
  STRUCT_GET_U,
  STRUCT_NEW,
  STRUCT_NEW_DEFAULT,
  STRUCT_SET,
} from "../opcodes.ts"
import {
  HEAP_ANY,
  HEAP_ARRAY,
  HEAP_EXN,
  HEAP_EXTERN,
  HEAP_FUNC,
  HEAP_I31,
  HEAP_NOEXN,
  HEAP_NOEXTERN,
  HEAP_NOFUNC,
  type HeapType,
  heapTypeOfId,
  I16,
  I32,
  I8,
  isConcrete,
  isNullable,
  isReference,
  KIND_ARRAY,
  KIND_STRUCT,
  ref,
  referenceTo,
  refNull,
  typeIdOf,
  type ValueType,
} from "../types.ts"
import { readHeapType } from "../value_types.ts"
import type { BodyState } from "./body_state.ts"
import { checkElements, readData, readElement } from "./bulk_instructions.ts"
import { checkCastBranch } from "./control_instructions.ts"

const ANYREF: ValueType = refNull(HEAP_ANY)
const ARRAYREF: ValueType = refNull(HEAP_ARRAY)
const EXTERNREF: ValueType = refNull(HEAP_EXTERN)
const I31REF: ValueType = refNull(HEAP_I31)

/** Checks an instruction with prefix 0xfb. */
export const checkAggregate = (s: BodyState, opcode: number): void => {
  switch (opcode) {
    case STRUCT_NEW:
    case STRUCT_NEW_DEFAULT:
      checkStructNew(s, opcode === STRUCT_NEW_DEFAULT)
      break
    case STRUCT_GET:
    case STRUCT_GET_S:
    case STRUCT_GET_U:
      checkStructGet(s, opcode !== STRUCT_GET)
      break
    case STRUCT_SET:
      checkStructSet(s)
      break
    case ARRAY_NEW:
    case ARRAY_NEW_DEFAULT:
      checkArrayNew(s, opcode === ARRAY_NEW_DEFAULT)
      break
    case ARRAY_NEW_FIXED:
      checkArrayNewFixed(s)
      break
    case ARRAY_NEW_DATA: {
      const id = readArray(s)
      readData(s)
      checkNumeric(s, id)
      s.pop(I32)
      s.pop(I32)
      pushAggregate(s, id)
      break
    }
    case ARRAY_NEW_ELEM: {
      const id = readArray(s)
      checkElements(s, s.spaces.elementType(readElement(s)), s.types.fieldType(id, 0))
      s.pop(I32)
      s.pop(I32)
      pushAggregate(s, id)
      break
    }
    case ARRAY_GET:
    case ARRAY_GET_S:
    case ARRAY_GET_U: {
      const id = readArray(s)
      const type = s.types.fieldType(id, 0)
      checkSign(s, type, opcode !== ARRAY_GET)
      s.pop(I32)
      popAggregate(s, id)
      s.push(unpacked(type))
      break
    }
    case ARRAY_SET: {
      const id = readMutableArray(s)
      s.pop(unpacked(s.types.fieldType(id, 0)))
      s.pop(I32)
      popAggregate(s, id)
      break
    }
    case ARRAY_LEN:
      s.pop(ARRAYREF)
      s.push(I32)
      break
    case ARRAY_FILL: {
      const id = readMutableArray(s)
      s.pop(I32)
      s.pop(unpacked(s.types.fieldType(id, 0)))
      s.pop(I32)
      popAggregate(s, id)
      break
    }
    case ARRAY_COPY:
      checkArrayCopy(s)
      break
    case ARRAY_INIT_DATA: {
      const id = readMutableArray(s)
      readData(s)
      checkNumeric(s, id)
      popThreeNumbers(s)
      popAggregate(s, id)
      break
    }
    case ARRAY_INIT_ELEM: {
      const id = readMutableArray(s)
      checkElements(s, s.spaces.elementType(readElement(s)), s.types.fieldType(id, 0))
      popThreeNumbers(s)
      popAggregate(s, id)
      break
    }
    case REF_TEST:
    case REF_TEST_NULL:
      s.pop(refNull(topOf(s, readHeapType(s.c))))
      s.push(I32)
      break
    case REF_CAST:
    case REF_CAST_NULL: {
      const heap = readHeapType(s.c)
      s.pop(refNull(topOf(s, heap)))
      s.push(referenceTo(heap, opcode === REF_CAST_NULL))
      break
    }
    case BR_ON_CAST:
    case BR_ON_CAST_FAIL:
      checkCastBranch(s, opcode === BR_ON_CAST_FAIL)
      break
    case ANY_CONVERT_EXTERN:
      s.push(referenceTo(HEAP_ANY, isNullable(s.pop(EXTERNREF))))
      break
    case EXTERN_CONVERT_ANY:
      s.push(referenceTo(HEAP_EXTERN, isNullable(s.pop(ANYREF))))
      break
    case REF_I31:
      s.pop(I32)
      s.push(ref(HEAP_I31))
      break
    case I31_GET_S:
    case I31_GET_U:
      s.pop(I31REF)
      s.push(I32)
      break
  }
}

/** The type of a field's value on the stack, where packed types are i32. */
const unpacked = (type: ValueType): ValueType => type === I8 || type === I16 ? I32 : type

/** The top type of a heap type's hierarchy. */
const topOf = (s: BodyState, heap: HeapType): HeapType => {
  if (isConcrete(heap)) return s.types.isFunction(typeIdOf(heap)) ? HEAP_FUNC : HEAP_ANY
  switch (heap) {
    case HEAP_FUNC:
    case HEAP_NOFUNC:
      return HEAP_FUNC
    case HEAP_EXTERN:
    case HEAP_NOEXTERN:
      return HEAP_EXTERN
    case HEAP_EXN:
    case HEAP_NOEXN:
      return HEAP_EXN
    default:
      return HEAP_ANY
  }
}

const pushAggregate = (s: BodyState, id: number): void => {
  s.push(ref(heapTypeOfId(id)))
}

const popAggregate = (s: BodyState, id: number): void => {
  s.pop(refNull(heapTypeOfId(id)))
}

const popThreeNumbers = (s: BodyState): void => {
  s.pop(I32)
  s.pop(I32)
  s.pop(I32)
}

/** Reads the index of a type, which must be of the given kind; returns its id. */
const readAggregate = (s: BodyState, kind: number, what: string): number => {
  const index = s.r.readU32()
  if (index >= s.types.count) {
    return s.failIndex("type", index, s.types.count)
  }
  const id = s.types.idOf(index)
  if (s.types.kind(id) !== kind) {
    s.fail("unexpected-type-form", `needs ${what} type, but type ${index} is none`)
  }
  return id
}

const readArray = (s: BodyState): number => readAggregate(s, KIND_ARRAY, "an array")

const readMutableArray = (s: BodyState): number => {
  const id = readArray(s)
  checkMutableArray(s, id)
  return id
}

const checkMutableArray = (s: BodyState, id: number): void => {
  if (s.r.short || s.types.isFieldMutable(id, 0)) return
  s.fail("immutable-array", "writes to an array of immutable elements")
}

const checkNumeric = (s: BodyState, id: number): void => {
  const type = s.types.fieldType(id, 0)
  if (s.r.short || !isReference(type)) return
  s.fail("not-numeric-array", `reads bytes into an array of ${s.textOf(type)}`)
}

/** Checks that packed fields are read with `_s` or `_u`, and other fields without. */
const checkSign = (s: BodyState, type: ValueType, isSigned: boolean): void => {
  const isPacked = type === I8 || type === I16
  if (s.r.short || isPacked === isSigned) return
  const what = isPacked
    ? "a packed field without _s or _u"
    : "a field with a sign that is not packed"
  s.fail("packed-field", `reads ${what}`)
}

const checkDefaultable = (s: BodyState, id: number): void => {
  const field = s.r.short ? -1 : s.types.lastWithoutDefault(id)
  if (field < 0) return
  const type = s.textOf(s.types.fieldType(id, field))
  s.fail("type-mismatch", `needs a default value, but ${type} has none`)
}

const checkStructNew = (s: BodyState, isDefault: boolean): void => {
  const id = readAggregate(s, KIND_STRUCT, "a struct")
  if (isDefault) checkDefaultable(s, id)
  else {
    for (let i = s.types.fieldCount(id) - 1; i >= 0 && !s.isExhausted; i--) {
      s.pop(unpacked(s.types.fieldType(id, i)))
      s.work++
    }
  }
  pushAggregate(s, id)
}

/** Reads a field's index. */
const readField = (s: BodyState, id: number): number => {
  const field = s.r.readU32()
  const count = s.types.fieldCount(id)
  if (field >= count) {
    s.fail("unknown-field", `uses field ${field}, but the struct has ${count}`)
  }
  return field
}

const checkStructGet = (s: BodyState, isSigned: boolean): void => {
  const id = readAggregate(s, KIND_STRUCT, "a struct")
  const type = s.types.fieldType(id, readField(s, id))
  checkSign(s, type, isSigned)
  popAggregate(s, id)
  s.push(unpacked(type))
}

const checkStructSet = (s: BodyState): void => {
  const id = readAggregate(s, KIND_STRUCT, "a struct")
  const field = readField(s, id)
  if (!s.r.short && !s.types.isFieldMutable(id, field)) {
    s.fail("immutable-field", `sets field ${field}, which is immutable`)
  }
  s.pop(unpacked(s.types.fieldType(id, field)))
  popAggregate(s, id)
}

const checkArrayNew = (s: BodyState, isDefault: boolean): void => {
  const id = readArray(s)
  const type = s.types.fieldType(id, 0)
  s.pop(I32)
  if (isDefault) checkDefaultable(s, id)
  else s.pop(unpacked(type))
  pushAggregate(s, id)
}

const checkArrayNewFixed = (s: BodyState): void => {
  const id = readArray(s)
  const count = s.r.readU32()
  const maximum = s.c.limits.arrayNewFixed
  if (count > maximum) {
    s.fail("limit-array-new-fixed", `has ${count} operands, the maximum is ${maximum}`)
  }
  const type = unpacked(s.types.fieldType(id, 0))
  // Without limits, unreachable code could pop four billion operands from an empty stack.
  for (let i = 0; i < count && !s.isExhausted; i++) {
    s.pop(type)
    s.work++
  }
  pushAggregate(s, id)
}

const checkArrayCopy = (s: BodyState): void => {
  const to = readMutableArray(s)
  const from = readArray(s)
  const { types } = s
  const toType = types.fieldType(to, 0)
  const fromType = types.fieldType(from, 0)
  if (!s.r.short && !types.isSubtype(fromType, toType)) {
    s.fail("type-mismatch", `copies elements of type ${s.textOf(fromType)} to ${s.textOf(toType)}`)
  }
  s.pop(I32)
  s.pop(I32)
  popAggregate(s, from)
  s.pop(I32)
  popAggregate(s, to)
}

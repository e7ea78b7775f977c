/**
 * Instructions as parts for the module builder, named similarly to the text format: constants if
 * they have no immediates, functions if they have some. Indices are numbers, or bytes for unusual
 * encodings of an index.
 *
 * @see https://webassembly.github.io/spec/core/binary/instructions.html
 */
import { END, type Part, u, vec } from "./module_builder.ts"

/** An unsigned index, or its bytes. */
const x = (index: Part): Part => typeof index === "number" && index > 0x7f ? u(index) : index

/** The block type `[] -> []`. */
export const EMPTY = 0x40

// Control
export const UNREACHABLE = 0x00
export const NOP = 0x01
export const ELSE = 0x05
export const RETURN = 0x0f
export const block = (type: Part, ...body: ReadonlyArray<Part>): Part => [0x02, type, body, END]
export const loop = (type: Part, ...body: ReadonlyArray<Part>): Part => [0x03, type, body, END]
export const ifThen = (type: Part, ...body: ReadonlyArray<Part>): Part => [0x04, type, body, END]
export const ifElse = (type: Part, then: ReadonlyArray<Part>, other: ReadonlyArray<Part>): Part => {
  return [0x04, type, then, ELSE, other, END]
}
export const br = (label: Part): Part => [0x0c, x(label)]
export const brIf = (label: Part): Part => [0x0d, x(label)]
/** `br_table` with its labels, the default last. */
export const brTable = (...labels: ReadonlyArray<number>): Part => {
  return [0x0e, u(labels.length - 1), labels.map(u)]
}

// Calls
export const call = (f: Part): Part => [0x10, x(f)]
export const callIndirect = (type: Part, table: Part): Part => [0x11, x(type), x(table)]
export const returnCall = (f: Part): Part => [0x12, x(f)]
export const returnCallIndirect = (type: Part, table: Part): Part => [0x13, x(type), x(table)]
export const callRef = (type: Part): Part => [0x14, x(type)]
export const returnCallRef = (type: Part): Part => [0x15, x(type)]

// Exceptions
export const throwTag = (tag: Part): Part => [0x08, x(tag)]
export const THROW_REF = 0x0a
export const tryTable = (
  type: Part,
  clauses: ReadonlyArray<Part>,
  ...body: ReadonlyArray<Part>
): Part => {
  return [0x1f, type, vec(...clauses), body, END]
}
export const catchTag = (tag: Part, label: Part): Part => [0, x(tag), x(label)]
export const catchRef = (tag: Part, label: Part): Part => [1, x(tag), x(label)]
export const catchAll = (label: Part): Part => [2, x(label)]
export const catchAllRef = (label: Part): Part => [3, x(label)]

// Legacy exceptions
/** `try` without its `end`: one of the helpers below, `END` or `delegate` follows. */
export const legacyTry = (type: Part, ...body: ReadonlyArray<Part>): Part => [0x06, type, body]
export const legacyCatch = (tag: Part, ...body: ReadonlyArray<Part>): Part => [0x07, x(tag), body]
export const legacyCatchAll = (...body: ReadonlyArray<Part>): Part => [0x19, body]
export const rethrow = (label: Part): Part => [0x09, x(label)]
export const delegate = (label: Part): Part => [0x18, x(label)]

// Parametric and variables
export const DROP = 0x1a
export const SELECT = 0x1b
export const selectTyped = (...types: ReadonlyArray<Part>): Part => [0x1c, vec(...types)]
export const localGet = (local: Part): Part => [0x20, x(local)]
export const localSet = (local: Part): Part => [0x21, x(local)]
export const localTee = (local: Part): Part => [0x22, x(local)]
export const globalGet = (global: Part): Part => [0x23, x(global)]
export const globalSet = (global: Part): Part => [0x24, x(global)]

// Tables
export const tableGet = (table: Part): Part => [0x25, x(table)]
export const tableSet = (table: Part): Part => [0x26, x(table)]
export const tableInit = (segment: Part, table: Part): Part => [0xfc, 12, x(segment), x(table)]
export const elemDrop = (segment: Part): Part => [0xfc, 13, x(segment)]
export const tableCopy = (to: Part, from: Part): Part => [0xfc, 14, x(to), x(from)]
export const tableGrow = (table: Part): Part => [0xfc, 15, x(table)]
export const tableSize = (table: Part): Part => [0xfc, 16, x(table)]
export const tableFill = (table: Part): Part => [0xfc, 17, x(table)]

// Memories
/** A memory argument: the alignment's exponent, the offset, and the memory if it is not 0. */
export const memarg = (align: number, offset: number | bigint = 0, memory = 0): Part => {
  return memory === 0 ? [align, u(offset)] : [align | 0x40, u(memory), u(offset)]
}
/** A load or store by its opcode, which is a byte or a prefix and a number. */
export const access = (
  opcode: Part,
  align: number,
  offset: number | bigint = 0,
  memory = 0,
): Part => [opcode, memarg(align, offset, memory)]
export const I32_LOAD = 0x28
export const I64_LOAD = 0x29
export const I32_LOAD8_U = 0x2d
export const I32_STORE = 0x36
export const I64_STORE = 0x37
export const memorySize = (memory: Part): Part => [0x3f, x(memory)]
export const memoryGrow = (memory: Part): Part => [0x40, x(memory)]
export const memoryInit = (segment: Part, memory: Part): Part => [0xfc, 8, x(segment), x(memory)]
export const dataDrop = (segment: Part): Part => [0xfc, 9, x(segment)]
export const memoryCopy = (to: Part, from: Part): Part => [0xfc, 10, x(to), x(from)]
export const memoryFill = (memory: Part): Part => [0xfc, 11, x(memory)]

// Numbers
export const I32_0: Part = [0x41, 0]
export const I64_0: Part = [0x42, 0]
export const F32_0: Part = [0x43, 0, 0, 0, 0]
export const F64_0: Part = [0x44, 0, 0, 0, 0, 0, 0, 0, 0]
export const V128_0: Part = [0xfd, 12, Array(16).fill(0)]
export const I32_EQZ = 0x45
export const I64_EQZ = 0x50
export const I32_ADD = 0x6a
export const I64_ADD = 0x7c
export const F64_ADD = 0xa0
export const I32_WRAP_I64 = 0xa7
/** An instruction of the prefix 0xFD. */
export const simd = (opcode: number, ...rest: ReadonlyArray<Part>): Part => [0xfd, u(opcode), rest]
/** An instruction of the prefix 0xFE. */
export const atomic = (
  opcode: number,
  ...rest: ReadonlyArray<Part>
): Part => [0xfe, u(opcode), rest]

// References
/** `ref.null`, of an abstract heap type's byte or a type index. */
export const refNullOf = (heap: Part): Part => [0xd0, heap]
export const REF_IS_NULL = 0xd1
export const refFunc = (f: Part): Part => [0xd2, x(f)]
export const REF_EQ = 0xd3
export const REF_AS_NON_NULL = 0xd4
export const brOnNull = (label: Part): Part => [0xd5, x(label)]
export const brOnNonNull = (label: Part): Part => [0xd6, x(label)]

// Structs and arrays
const gc = (opcode: number, ...rest: ReadonlyArray<Part>): Part => [0xfb, opcode, rest.map(x)]
export const structNew = (type: Part): Part => gc(0, type)
export const structNewDefault = (type: Part): Part => gc(1, type)
export const structGet = (type: Part, field: Part): Part => gc(2, type, field)
export const structGetS = (type: Part, field: Part): Part => gc(3, type, field)
export const structGetU = (type: Part, field: Part): Part => gc(4, type, field)
export const structSet = (type: Part, field: Part): Part => gc(5, type, field)
export const arrayNew = (type: Part): Part => gc(6, type)
export const arrayNewDefault = (type: Part): Part => gc(7, type)
export const arrayNewFixed = (type: Part, count: number): Part => gc(8, type, u(count))
export const arrayNewData = (type: Part, segment: Part): Part => gc(9, type, segment)
export const arrayNewElem = (type: Part, segment: Part): Part => gc(10, type, segment)
export const arrayGet = (type: Part): Part => gc(11, type)
export const arrayGetS = (type: Part): Part => gc(12, type)
export const arrayGetU = (type: Part): Part => gc(13, type)
export const arraySet = (type: Part): Part => gc(14, type)
export const ARRAY_LEN: Part = gc(15)
export const arrayFill = (type: Part): Part => gc(16, type)
export const arrayCopy = (to: Part, from: Part): Part => gc(17, to, from)
export const arrayInitData = (type: Part, segment: Part): Part => gc(18, type, segment)
export const arrayInitElem = (type: Part, segment: Part): Part => gc(19, type, segment)

// Casts, conversions, i31
export const refTest = (heap: Part): Part => gc(20, heap)
export const refTestNull = (heap: Part): Part => gc(21, heap)
export const refCast = (heap: Part): Part => gc(22, heap)
export const refCastNull = (heap: Part): Part => gc(23, heap)
/** In the flags of `br_on_cast`: the first type is nullable. */
export const FROM_NULL = 1
/** In the flags of `br_on_cast`: the second type is nullable. */
export const TO_NULL = 2
export const brOnCast = (flags: Part, label: Part, from: Part, to: Part): Part => {
  return gc(24, flags, label, from, to)
}
export const brOnCastFail = (flags: Part, label: Part, from: Part, to: Part): Part => {
  return gc(25, flags, label, from, to)
}
export const ANY_CONVERT_EXTERN: Part = gc(26)
export const EXTERN_CONVERT_ANY: Part = gc(27)
export const REF_I31: Part = gc(28)
export const I31_GET_S: Part = gc(29)
export const I31_GET_U: Part = gc(30)

/** An index in more bytes than it needs: `padded(1, 3)` is 81 80 00. */
export const padded = (value: number, size: number): Part => {
  const bytes = Array.from({ length: size }, (_, i) => 0x80 | (Math.floor(value / 128 ** i) & 0x7f))
  return bytes.map((byte, i) => (i === size - 1 ? byte & 0x7f : byte))
}

/**
 * Decodes value types, reference types, limits, table types and memory types, which several sections
 * share.
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html
 * @module
 */
import type { DecodeContext } from "./context.ts"
import {
  FEATURE_EXCEPTIONS,
  FEATURE_FUNCTION_REFERENCES,
  FEATURE_GC,
  FEATURE_MEMORY64,
  FEATURE_MULTI_MEMORY,
  FEATURE_REFERENCE_TYPES,
  FEATURE_SIMD,
  FEATURE_TABLE64,
  FEATURE_THREADS,
} from "./features.ts"
import {
  BOTTOM,
  FUNCREF,
  HEAP_EXN,
  HEAP_EXTERN,
  HEAP_FUNC,
  HEAP_NOEXN,
  HEAP_NOEXTERN,
  HEAP_NOFUNC,
  type HeapType,
  I16,
  I32,
  I64,
  I8,
  isAbstractHeapType,
  LIMITS_64,
  LIMITS_MAXIMUM,
  LIMITS_SHARED,
  MUTABLE,
  ref,
  refNull,
  V128,
  type ValueType,
} from "./types.ts"

const REF_NULL_PREFIX = 0x63
const REF_PREFIX = 0x64
const TABLE_WITH_INITIALIZER = 0x40

/** The most pages of a 32-bit memory. A 64-bit one may have 2^48, which is 2^16 in the upper half. */
const MAXIMUM_PAGES_32 = 65_536
const MAXIMUM_PAGES_64_HIGH = 65_536

const TABLE_FLAGS = LIMITS_MAXIMUM | LIMITS_64
const MEMORY_FLAGS = LIMITS_MAXIMUM | LIMITS_SHARED | LIMITS_64

const noteHeapType = (c: DecodeContext, heap: number): void => {
  if (heap === HEAP_FUNC || heap === HEAP_EXTERN) c.features |= FEATURE_REFERENCE_TYPES
  else if (heap === HEAP_EXN || heap === HEAP_NOEXN) c.features |= FEATURE_EXCEPTIONS
  else if (heap !== HEAP_NOFUNC && heap !== HEAP_NOEXTERN) c.features |= FEATURE_GC
}

const noType = (c: DecodeContext, index: number): string =>
  `There is no type ${index}: the number of types is ${c.spaces.types.visibleCount}`

/** Reads a type index and checks that it exists. */
export const readTypeIndex = (c: DecodeContext): number => {
  const r = c.reader
  const at = r.pos
  const index = r.readU32()
  if (index >= c.spaces.types.visibleCount) {
    return r.fail("unknown-type", at, noType(c, index))
  }
  return index
}

/** Reads the index of a function type. */
export const readFunctionTypeIndex = (c: DecodeContext): number => {
  const at = c.reader.pos
  const index = readTypeIndex(c)
  if (!c.reader.short && !c.spaces.types.isFunction(c.spaces.types.idOf(index))) {
    return c.reader.fail("unexpected-type-form", at, `Type ${index} is not a function type`)
  }
  return index
}

/** Reads a heap type: a byte for an abstract one, or a type index as a signed 33-bit integer. */
export const readHeapType = (c: DecodeContext): HeapType => {
  const r = c.reader
  const at = r.pos
  const byte = r.peekByte()
  if (r.short) return BOTTOM
  if (byte >= 0x40 && byte < 0x80) {
    if (!isAbstractHeapType(byte)) {
      return r.unknown("malformed-heap-type", at, "heap type", `Unknown heap type ${hex(byte)}`)
    }
    r.pos++
    noteHeapType(c, byte)
    return byte
  }
  const index = r.readS33()
  if (index < 0) return r.unknown("malformed-heap-type", at, "heap type", "Unknown heap type")
  if (index >= c.spaces.types.visibleCount) {
    return r.fail("unknown-type", at, noType(c, index))
  }
  if (r.short) return BOTTOM
  c.features |= FEATURE_FUNCTION_REFERENCES
  return c.spaces.types.heapTypeOfIndex(index)
}

/** Reads a value type. */
export const readValueType = (c: DecodeContext): ValueType => {
  const r = c.reader
  const at = r.pos
  const byte = r.readByte()
  if (byte >= V128 && byte <= I32) {
    if (byte === V128) c.features |= FEATURE_SIMD
    return byte
  }
  if (isAbstractHeapType(byte)) {
    noteHeapType(c, byte)
    return refNull(byte)
  }
  if (byte === REF_NULL_PREFIX) return refNull(readHeapType(c))
  if (byte === REF_PREFIX) {
    c.features |= FEATURE_FUNCTION_REFERENCES
    return ref(readHeapType(c))
  }
  return r.unknown("malformed-value-type", at, "value type", `Unknown value type ${hex(byte)}`)
}

/** Reads a reference type. */
export const readReferenceType = (c: DecodeContext): ValueType => {
  const r = c.reader
  const at = r.pos
  const byte = r.peekByte()
  if (byte === HEAP_FUNC) {
    // As old as tables, so it does not indicate the reference types proposal.
    r.pos++
    return FUNCREF
  }
  if (isAbstractHeapType(byte) || byte === REF_NULL_PREFIX || byte === REF_PREFIX) {
    return readValueType(c)
  }
  const message = `Unknown reference type ${hex(byte)}`
  return r.unknown("malformed-reference-type", at, "reference type", message)
}

/** Reads a storage type and its mutability; returns the word of a field. */
export const readFieldType = (c: DecodeContext): ValueType => {
  const r = c.reader
  const byte = r.peekByte()
  let storage: ValueType
  if (byte === I8 || byte === I16) {
    r.pos++
    storage = byte
  } else storage = readValueType(c)
  return readMutability(c) ? storage | MUTABLE : storage
}

/** Reads the mutability of a global or a field. */
export const readMutability = (c: DecodeContext): boolean => {
  const r = c.reader
  const at = r.pos
  const byte = r.readByte()
  if (byte > 1) {
    r.unknown(
      "malformed-mutability",
      at,
      "mutability",
      `Mutability must be 0x0 or 0x1, not ${hex(byte)}`,
    )
  }
  return byte === 1
}

const readLimits = (c: DecodeContext, knownFlags: number, isMemory: boolean): void => {
  const r = c.reader
  const last = c.lastLimits
  const at = r.pos
  const flags = r.readByte()
  if ((flags & ~knownFlags) !== 0) {
    r.unknown("malformed-limits-flags", at, "limits flags", `Unknown limits flags ${hex(flags)}`)
  }
  last.flags = flags
  const minimumAt = r.pos
  r.readU64()
  last.minimumLow = r.low
  last.minimumHigh = r.high
  checkSize(c, minimumAt, flags, isMemory)
  if (!isMemory && r.high * 2 ** 32 + r.low > c.limits.tableSize) {
    r.fail(
      "limit-table-size",
      minimumAt,
      `A table size of ${r.high * 2 ** 32 + r.low} exceeds the maximum of ${c.limits.tableSize}`,
    )
  }
  last.maximumLow = 0
  last.maximumHigh = 0
  if ((flags & LIMITS_MAXIMUM) !== 0) {
    const maximumAt = r.pos
    r.readU64()
    last.maximumLow = r.low
    last.maximumHigh = r.high
    checkSize(c, maximumAt, flags, isMemory)
    const isAbove = last.minimumHigh > r.high ||
      (last.minimumHigh === r.high && last.minimumLow > r.low)
    if (isAbove) {
      r.fail(
        "minimum-above-maximum",
        at,
        `The minimum size ${last.minimumHigh * 2 ** 32 + last.minimumLow} exceeds the maximum ${
          r.high * 2 ** 32 + r.low
        }`,
      )
    }
  } else if ((flags & LIMITS_SHARED) !== 0) {
    r.fail("shared-memory-without-maximum", at, "A shared memory must have a maximum size")
  }
  if (r.short) return
  if ((flags & LIMITS_64) !== 0) c.features |= isMemory ? FEATURE_MEMORY64 : FEATURE_TABLE64
  if ((flags & LIMITS_SHARED) !== 0) c.features |= FEATURE_THREADS
}

/** Checks the size just read against the range of its index type. */
const checkSize = (c: DecodeContext, at: number, flags: number, isMemory: boolean): void => {
  const r = c.reader
  const is64 = (flags & LIMITS_64) !== 0
  if (!isMemory) {
    if (!is64 && r.high > 0) r.fail("table-size", at, "A table size exceeds the maximum of 2^32-1")
    return
  }
  if (!is64) {
    if (r.high > 0 || r.low > MAXIMUM_PAGES_32) {
      r.fail(
        "memory-size",
        at,
        `A memory size of ${r.high * 2 ** 32 + r.low} pages exceeds the maximum of 65536 (4 GiB)`,
      )
    }
    return
  }
  if (r.high > MAXIMUM_PAGES_64_HIGH || (r.high === MAXIMUM_PAGES_64_HIGH && r.low > 0)) {
    r.fail("memory-size", at, "A memory size exceeds the maximum of 2^48 pages")
  }
  if (r.high * 2 ** 32 + r.low > c.limits.memory64Pages) {
    const message = `A memory size of ${
      r.high * 2 ** 32 + r.low
    } pages exceeds the maximum of ${c.limits.memory64Pages}`
    r.fail("limit-memory-pages", at, message)
  }
}

/** Reads a table type; returns its element type, and keeps its limits for {@link addTable}. */
export const readTableType = (c: DecodeContext): ValueType => {
  const type = readReferenceType(c)
  readLimits(c, TABLE_FLAGS, false)
  return type
}

/**
 * Reads the two bytes that introduce a table with an initialiser, if they are there.
 *
 * @returns whether an initialiser follows the table type
 */
export const readTableForm = (c: DecodeContext): boolean => {
  const r = c.reader
  if (r.peekByte() !== TABLE_WITH_INITIALIZER) return false
  r.pos++
  const at = r.pos
  if (r.readByte() !== 0) {
    r.unknown("malformed-table-form", at, "table form", "Unknown table form: expected a zero byte")
  }
  return true
}

/** Adds the table whose limits were read last. */
export const addTable = (c: DecodeContext, type: ValueType): void => {
  if (type !== FUNCREF || c.spaces.tableCount > 0) c.features |= FEATURE_REFERENCE_TYPES
  c.spaces.addTable(type)
  c.spaces.tableLimits.push(c.lastLimits)
}

/** Reads a memory type, and keeps its limits for {@link addMemory}. */
export const readMemoryType = (c: DecodeContext): void => {
  readLimits(c, MEMORY_FLAGS, true)
}

/** Adds the memory whose limits were read last. */
export const addMemory = (c: DecodeContext): void => {
  if (c.spaces.memoryCount > 0) c.features |= FEATURE_MULTI_MEMORY
  c.spaces.memoryLimits.push(c.lastLimits)
}

/** The type of a memory's addresses or a table's indices. */
export const addressType = (is64: boolean): ValueType => is64 ? I64 : I32

/** A byte in hexadecimal: `0x7b`. */
export const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`

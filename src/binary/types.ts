/**
 * Value types as int32, and the numeric constants of the binary format.
 *
 * A number type is its byte. A reference type is a word of flags and a payload: a heap type's byte,
 * or the canonical id of a defined type (see `type_space.ts`). Invariant: two value types are the
 * same if and only if their words are equal.
 *
 * ```
 * bit 30    a reference
 * bit 29    it may be null
 * bit 28    the payload is a type id, not a byte
 * bit 27    (fields only) mutable
 * bits 0-26 payload
 * ```
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html
 * @module
 */

/** A value type, or a storage type, as an int32. */
export type ValueType = number
/** The heap type of a reference: a byte, or a type id with {@link CONCRETE}. */
export type HeapType = number

/** The bottom type, a subtype of every value type: the type of operands in unreachable code. */
export const BOTTOM = 0
export const I32 = 0x7f
export const I64 = 0x7e
export const F32 = 0x7d
export const F64 = 0x7c
export const V128 = 0x7b
/** The packed types, which are storage types of fields only. */
export const I8 = 0x78
export const I16 = 0x77

/** Flag of a reference type. */
export const REFERENCE = 0x4000_0000
/** Flag of a reference type that admits null. */
export const NULLABLE = 0x2000_0000
/** Flag of a heap type whose payload is a type id. */
export const CONCRETE = 0x1000_0000
/** Flag of a mutable field, next to its storage type. */
export const MUTABLE = 0x0800_0000
/** The payload of a heap type. */
export const PAYLOAD = 0x07ff_ffff

export const HEAP_NOEXN = 0x74
export const HEAP_NOFUNC = 0x73
export const HEAP_NOEXTERN = 0x72
export const HEAP_NONE = 0x71
export const HEAP_FUNC = 0x70
export const HEAP_EXTERN = 0x6f
export const HEAP_ANY = 0x6e
export const HEAP_EQ = 0x6d
export const HEAP_I31 = 0x6c
export const HEAP_STRUCT = 0x6b
export const HEAP_ARRAY = 0x6a
export const HEAP_EXN = 0x69

/** `(ref null func)`. */
export const FUNCREF = 0x6000_0070
/** `(ref func)`: the type of element segments that list functions. */
export const REF_FUNC = 0x4000_0070
/** `(ref null extern)`. */
export const EXTERNREF = 0x6000_006f

/** Kinds of composite types. */
export const KIND_FUNC = 0
export const KIND_STRUCT = 1
export const KIND_ARRAY = 2

/** Kinds of imports and exports. */
export const EXTERNAL_FUNC = 0
export const EXTERNAL_TABLE = 1
export const EXTERNAL_MEMORY = 2
export const EXTERNAL_GLOBAL = 3
export const EXTERNAL_TAG = 4

/** Bits of the flags of table and memory types. */
export const LIMITS_MAXIMUM = 1
export const LIMITS_SHARED = 2
export const LIMITS_64 = 4

export const SECTION_CUSTOM = 0
export const SECTION_TYPE = 1
export const SECTION_IMPORT = 2
export const SECTION_FUNCTION = 3
export const SECTION_TABLE = 4
export const SECTION_MEMORY = 5
export const SECTION_GLOBAL = 6
export const SECTION_EXPORT = 7
export const SECTION_START = 8
export const SECTION_ELEMENT = 9
export const SECTION_CODE = 10
export const SECTION_DATA = 11
export const SECTION_DATA_COUNT = 12
export const SECTION_TAG = 13

const SECTION_NAMES: ReadonlyArray<string> = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
]

/** The name of a section id, or `undefined` for an id outside of the specification. */
export const sectionName = (id: number): string | undefined => SECTION_NAMES[id]

/** The names of abstract heap types, from `HEAP_EXN` up. */
const HEAP_NAMES: ReadonlyArray<string> = [
  "exn",
  "array",
  "struct",
  "i31",
  "eq",
  "any",
  "extern",
  "func",
  "none",
  "noextern",
  "nofunc",
  "noexn",
]

/** The name of an abstract heap type, or `undefined` for any other byte. */
export const heapTypeName = (byte: number): string | undefined => HEAP_NAMES[byte - HEAP_EXN]

const BOTTOM_SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ["none", "null"],
  ["nofunc", "nullfunc"],
  ["noextern", "nullextern"],
  ["noexn", "nullexn"],
])

/** The part before `ref` in a heap type's shorthand. The bottom types are irregular: `nullref`, not `noneref`. */
export const referenceShorthand = (name: string): string =>
  name.startsWith("no") ? BOTTOM_SHORTHANDS.get(name) ?? name : name

/** The names of number, vector and packed types, from `I16` up. */
const NUMBER_NAMES: ReadonlyArray<string> = [
  "i16",
  "i8",
  "?",
  "?",
  "v128",
  "f64",
  "f32",
  "i64",
  "i32",
]

/** The name of a type that is not a reference. */
export const numberTypeName = (type: ValueType): string =>
  type === BOTTOM ? "bot" : NUMBER_NAMES[type - I16] ?? "?"

/** Whether `byte` is an abstract heap type of the specification (0x69 to 0x74). */
export const isAbstractHeapType = (byte: number): boolean => byte >= HEAP_EXN && byte <= HEAP_NOEXN

/** Whether a value type is a reference. */
export const isReference = (type: ValueType): boolean => (type & REFERENCE) !== 0

/** Whether a reference type admits null. */
export const isNullable = (type: ValueType): boolean => (type & NULLABLE) !== 0

/** Whether a value type has a default value, as all do but references that do not admit null. */
export const isDefaultable = (type: ValueType): boolean =>
  (type & (REFERENCE | NULLABLE)) !== REFERENCE

/** The heap type of a reference type. */
export const heapTypeOf = (type: ValueType): HeapType => type & (CONCRETE | PAYLOAD)

/** The reference type to a heap type. */
export const referenceTo = (heap: HeapType, nullable: boolean): ValueType =>
  nullable ? REFERENCE | NULLABLE | heap : REFERENCE | heap

/** The type `(ref null heap)`. */
export const refNull = (heap: HeapType): ValueType => referenceTo(heap, true)

/** The type `(ref heap)`. */
export const ref = (heap: HeapType): ValueType => referenceTo(heap, false)

/** Whether a heap type (or reference type) is that of a defined type. */
export const isConcrete = (heap: HeapType): boolean => (heap & CONCRETE) !== 0

/** The canonical id of a concrete heap type (or reference type). */
export const typeIdOf = (heap: HeapType): number => heap & PAYLOAD

/** The heap type of a canonical type id. */
export const heapTypeOfId = (id: number): HeapType => CONCRETE | id

/**
 * The opcodes that the code refers to, by their names in the text format; of prefixed opcodes, the part after the prefix.
 * The complete table, with types, is `validation/instruction_set.ts`; a test keeps the two consistent.
 *
 * @see https://webassembly.github.io/spec/core/appendix/index-instructions.html
 * @module
 */

/** The prefix of the opcodes of structs, arrays and casts. */
export const PREFIX_AGGREGATE = 0xfb
/** The prefix of the opcodes of vectors. */
export const PREFIX_VECTOR = 0xfd

// Opcodes of one byte

export const UNREACHABLE = 0x00
export const BLOCK = 0x02
export const LOOP = 0x03
export const IF = 0x04
export const ELSE = 0x05
export const TRY = 0x06
export const CATCH = 0x07
export const THROW = 0x08
export const RETHROW = 0x09
export const THROW_REF = 0x0a
export const END = 0x0b
export const BR = 0x0c
export const BR_IF = 0x0d
export const BR_TABLE = 0x0e
export const RETURN = 0x0f
export const CALL = 0x10
export const CALL_INDIRECT = 0x11
export const RETURN_CALL = 0x12
export const RETURN_CALL_INDIRECT = 0x13
export const CALL_REF = 0x14
export const RETURN_CALL_REF = 0x15
export const DELEGATE = 0x18
export const CATCH_ALL = 0x19
export const DROP = 0x1a
export const SELECT = 0x1b
export const SELECT_T = 0x1c
export const TRY_TABLE = 0x1f
export const LOCAL_GET = 0x20
export const LOCAL_SET = 0x21
export const LOCAL_TEE = 0x22
export const GLOBAL_GET = 0x23
export const GLOBAL_SET = 0x24
export const TABLE_GET = 0x25
export const TABLE_SET = 0x26
export const MEMORY_SIZE = 0x3f
export const MEMORY_GROW = 0x40
export const I32_CONST = 0x41
export const I64_CONST = 0x42
export const F32_CONST = 0x43
export const F64_CONST = 0x44
export const I32_ADD = 0x6a
export const I32_SUB = 0x6b
export const I32_MUL = 0x6c
export const I64_ADD = 0x7c
export const I64_SUB = 0x7d
export const I64_MUL = 0x7e
export const REF_NULL = 0xd0
export const REF_IS_NULL = 0xd1
export const REF_FUNC = 0xd2
export const REF_EQ = 0xd3
export const REF_AS_NON_NULL = 0xd4
export const BR_ON_NULL = 0xd5
export const BR_ON_NON_NULL = 0xd6

// After the prefix 0xfb

export const STRUCT_NEW = 0x00
export const STRUCT_NEW_DEFAULT = 0x01
export const STRUCT_GET = 0x02
export const STRUCT_GET_S = 0x03
export const STRUCT_GET_U = 0x04
export const STRUCT_SET = 0x05
export const ARRAY_NEW = 0x06
export const ARRAY_NEW_DEFAULT = 0x07
export const ARRAY_NEW_FIXED = 0x08
export const ARRAY_NEW_DATA = 0x09
export const ARRAY_NEW_ELEM = 0x0a
export const ARRAY_GET = 0x0b
export const ARRAY_GET_S = 0x0c
export const ARRAY_GET_U = 0x0d
export const ARRAY_SET = 0x0e
export const ARRAY_LEN = 0x0f
export const ARRAY_FILL = 0x10
export const ARRAY_COPY = 0x11
export const ARRAY_INIT_DATA = 0x12
export const ARRAY_INIT_ELEM = 0x13
export const REF_TEST = 0x14
export const REF_TEST_NULL = 0x15
export const REF_CAST = 0x16
export const REF_CAST_NULL = 0x17
export const BR_ON_CAST = 0x18
export const BR_ON_CAST_FAIL = 0x19
export const ANY_CONVERT_EXTERN = 0x1a
export const EXTERN_CONVERT_ANY = 0x1b
export const REF_I31 = 0x1c
export const I31_GET_S = 0x1d
export const I31_GET_U = 0x1e

// After the prefix 0xfc

export const MEMORY_INIT = 0x08
export const DATA_DROP = 0x09
export const MEMORY_COPY = 0x0a
export const MEMORY_FILL = 0x0b
export const TABLE_INIT = 0x0c
export const ELEM_DROP = 0x0d
export const TABLE_COPY = 0x0e
export const TABLE_GROW = 0x0f
export const TABLE_SIZE = 0x10
export const TABLE_FILL = 0x11
export const I64_ADD128 = 0x13
export const I64_SUB128 = 0x14
export const I64_MUL_WIDE_S = 0x15
export const I64_MUL_WIDE_U = 0x16

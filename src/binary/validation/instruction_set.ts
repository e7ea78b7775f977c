/**
 * Every instruction of WebAssembly 3.0, threads, wide arithmetic and legacy exceptions, in the order of
 * opcodes, one readable row each. The rows are the only source of information about instructions; the
 * validator uses a packed form, which `instruction_words.ts` makes of them.
 *
 * A row is an opcode (without its prefix, if it has one), name in the text format, signature, immediates,
 * and the feature that introduced it. A signature names operands and results; `addr` is the address
 * type of the memory. An instruction whose types depend on more than that is `custom`, and has a
 * function that checks it.
 *
 * @see https://webassembly.github.io/spec/core/appendix/index-instructions.html,
 * https://webassembly.github.io/threads/core/ and
 * https://webassembly.github.io/exception-handling/legacy/exceptions/
 *
 * @module
 */
import {
  FEATURE_BULK_MEMORY as BULK_MEMORY,
  FEATURE_EXCEPTIONS as EXCEPTIONS,
  FEATURE_FUNCTION_REFERENCES as FUNCTION_REFERENCES,
  FEATURE_GC as GC,
  FEATURE_LEGACY_EXCEPTIONS as LEGACY_EXCEPTIONS,
  FEATURE_REFERENCE_TYPES as REFERENCE_TYPES,
  FEATURE_RELAXED_SIMD as RELAXED_SIMD,
  FEATURE_SATURATING as SATURATING,
  FEATURE_SIGN_EXTENSION as SIGN_EXTENSION,
  FEATURE_SIMD as SIMD,
  FEATURE_TAIL_CALLS as TAIL_CALLS,
  FEATURE_THREADS as THREADS,
  FEATURE_WIDE_ARITHMETIC as WIDE_ARITHMETIC,
} from "../features.ts"

/** The forms of immediates in the binary format; this one is for instructions without any. */
export const FORM_NONE = 0
/** A block type. */
export const FORM_BLOCK_TYPE = 1
/** One index, such as that of a label, a function or a type. */
export const FORM_INDEX = 2
/** Two indices, or an index and a count. */
export const FORM_TWO_INDICES = 3
/** A vector of labels and one more label. */
export const FORM_LABELS = 4
/** A vector of value types. */
export const FORM_VALUE_TYPES = 5
/** A block type and a vector of catch clauses. */
export const FORM_CATCHES = 6
/** A heap type. */
export const FORM_HEAP_TYPE = 7
/** Flags, a label and two heap types. */
export const FORM_CAST_BRANCH = 8
/** Signed integers. */
export const FORM_S32 = 9
export const FORM_S64 = 10
/** Bytes: 4, 8, 16. */
export const FORM_BYTES_4 = 11
export const FORM_BYTES_8 = 12
export const FORM_BYTES_16 = 13
/** Sixteen lane indices into two vectors. */
export const FORM_SHUFFLE = 14
/** A lane index. */
export const FORM_LANE = 15
/** Alignment and offset. */
export const FORM_MEMORY = 16
/** Alignment, offset and a lane index. */
export const FORM_MEMORY_LANE = 17
/** Alignment, which must be the natural one, and offset. */
export const FORM_ATOMIC = 18
/** A zero byte. */
export const FORM_FENCE = 19

/** A description of an instruction's immediates. */
export interface Immediates {
  /** One of the `FORM_` numbers. */
  readonly form: number
  /** The natural alignment in bytes; 0 if no memory is accessed. */
  readonly alignment: number
  /** The number of lanes; 0 if there is no lane index. */
  readonly lanes: number
}

/** One instruction. */
export interface Instruction {
  /** The opcode, or the part of it after the prefix. */
  readonly opcode: number
  /** The name in the text format. */
  readonly name: string
  /** Operands and results, such as `"i32 i32 -> i32"`; empty if it is `custom`. */
  readonly signature: string
  /** Its immediates. */
  readonly immediates: Immediates
  /** The bit of the feature that introduced it; 0 for the first version. */
  readonly feature: number
}

/** The instructions with the same prefix. */
export interface InstructionPage {
  /** The prefix; 0 for opcodes of one byte. */
  readonly prefix: number
  /** The instructions in the order of opcodes. */
  readonly instructions: ReadonlyArray<Instruction>
}

const custom = ""

const immediates = (form: number, alignment = 0, lanes = 0): Immediates => ({
  form,
  alignment,
  lanes,
})

const none = immediates(FORM_NONE)
const blockType = immediates(FORM_BLOCK_TYPE)
const label = immediates(FORM_INDEX)
const labels = immediates(FORM_LABELS)
const valueTypes = immediates(FORM_VALUE_TYPES)
const catches = immediates(FORM_CATCHES)
const heapType = immediates(FORM_HEAP_TYPE)
const castBranch = immediates(FORM_CAST_BRANCH)
const functionIndex = immediates(FORM_INDEX)
const typeIndex = immediates(FORM_INDEX)
const tableIndex = immediates(FORM_INDEX)
const memoryIndex = immediates(FORM_INDEX)
const globalIndex = immediates(FORM_INDEX)
const localIndex = immediates(FORM_INDEX)
const tagIndex = immediates(FORM_INDEX)
const dataIndex = immediates(FORM_INDEX)
const elementIndex = immediates(FORM_INDEX)
const typeField = immediates(FORM_TWO_INDICES)
const typeCount = immediates(FORM_TWO_INDICES)
const typeSegment = immediates(FORM_TWO_INDICES)
const typeTable = immediates(FORM_TWO_INDICES)
const twoTypes = immediates(FORM_TWO_INDICES)
const twoTables = immediates(FORM_TWO_INDICES)
const twoMemories = immediates(FORM_TWO_INDICES)
const segmentMemory = immediates(FORM_TWO_INDICES)
const segmentTable = immediates(FORM_TWO_INDICES)
const s32 = immediates(FORM_S32)
const s64 = immediates(FORM_S64)
const f32 = immediates(FORM_BYTES_4)
const f64 = immediates(FORM_BYTES_8)
const v128 = immediates(FORM_BYTES_16)
const shuffle = immediates(FORM_SHUFFLE)
const fence = immediates(FORM_FENCE)
const lane = (lanes: number): Immediates => immediates(FORM_LANE, 0, lanes)
const memory = (alignment: number): Immediates => immediates(FORM_MEMORY, alignment)
const memoryLane = (alignment: number, lanes: number): Immediates =>
  immediates(FORM_MEMORY_LANE, alignment, lanes)
const atomic = (alignment: number): Immediates => immediates(FORM_ATOMIC, alignment)

const op = (
  opcode: number,
  name: string,
  signature: string,
  its: Immediates = none,
  feature = 0,
): Instruction => ({ opcode, name, signature, immediates: its, feature })

/** Instructions of one byte. */
const CORE: ReadonlyArray<Instruction> = [
  op(0x00, "unreachable", custom),
  op(0x01, "nop", "->"),
  op(0x02, "block", custom, blockType),
  op(0x03, "loop", custom, blockType),
  op(0x04, "if", custom, blockType),
  op(0x05, "else", custom),
  op(0x06, "try", custom, blockType, LEGACY_EXCEPTIONS),
  op(0x07, "catch", custom, tagIndex, LEGACY_EXCEPTIONS),
  op(0x08, "throw", custom, tagIndex, EXCEPTIONS),
  op(0x09, "rethrow", custom, label, LEGACY_EXCEPTIONS),
  op(0x0a, "throw_ref", custom, none, EXCEPTIONS),
  op(0x0b, "end", custom),
  op(0x0c, "br", custom, label),
  op(0x0d, "br_if", custom, label),
  op(0x0e, "br_table", custom, labels),
  op(0x0f, "return", custom),
  op(0x10, "call", custom, functionIndex),
  op(0x11, "call_indirect", custom, typeTable),
  op(0x12, "return_call", custom, functionIndex, TAIL_CALLS),
  op(0x13, "return_call_indirect", custom, typeTable, TAIL_CALLS),
  op(0x14, "call_ref", custom, typeIndex, FUNCTION_REFERENCES),
  op(0x15, "return_call_ref", custom, typeIndex, FUNCTION_REFERENCES),
  op(0x18, "delegate", custom, label, LEGACY_EXCEPTIONS),
  op(0x19, "catch_all", custom, none, LEGACY_EXCEPTIONS),
  op(0x1a, "drop", custom),
  op(0x1b, "select", custom),
  op(0x1c, "select t", custom, valueTypes, REFERENCE_TYPES),
  op(0x1f, "try_table", custom, catches, EXCEPTIONS),
  op(0x20, "local.get", custom, localIndex),
  op(0x21, "local.set", custom, localIndex),
  op(0x22, "local.tee", custom, localIndex),
  op(0x23, "global.get", custom, globalIndex),
  op(0x24, "global.set", custom, globalIndex),
  op(0x25, "table.get", custom, tableIndex, REFERENCE_TYPES),
  op(0x26, "table.set", custom, tableIndex, REFERENCE_TYPES),
  op(0x28, "i32.load", "addr -> i32", memory(4)),
  op(0x29, "i64.load", "addr -> i64", memory(8)),
  op(0x2a, "f32.load", "addr -> f32", memory(4)),
  op(0x2b, "f64.load", "addr -> f64", memory(8)),
  op(0x2c, "i32.load8_s", "addr -> i32", memory(1)),
  op(0x2d, "i32.load8_u", "addr -> i32", memory(1)),
  op(0x2e, "i32.load16_s", "addr -> i32", memory(2)),
  op(0x2f, "i32.load16_u", "addr -> i32", memory(2)),
  op(0x30, "i64.load8_s", "addr -> i64", memory(1)),
  op(0x31, "i64.load8_u", "addr -> i64", memory(1)),
  op(0x32, "i64.load16_s", "addr -> i64", memory(2)),
  op(0x33, "i64.load16_u", "addr -> i64", memory(2)),
  op(0x34, "i64.load32_s", "addr -> i64", memory(4)),
  op(0x35, "i64.load32_u", "addr -> i64", memory(4)),
  op(0x36, "i32.store", "addr i32 ->", memory(4)),
  op(0x37, "i64.store", "addr i64 ->", memory(8)),
  op(0x38, "f32.store", "addr f32 ->", memory(4)),
  op(0x39, "f64.store", "addr f64 ->", memory(8)),
  op(0x3a, "i32.store8", "addr i32 ->", memory(1)),
  op(0x3b, "i32.store16", "addr i32 ->", memory(2)),
  op(0x3c, "i64.store8", "addr i64 ->", memory(1)),
  op(0x3d, "i64.store16", "addr i64 ->", memory(2)),
  op(0x3e, "i64.store32", "addr i64 ->", memory(4)),
  op(0x3f, "memory.size", custom, memoryIndex),
  op(0x40, "memory.grow", custom, memoryIndex),
  op(0x41, "i32.const", "-> i32", s32),
  op(0x42, "i64.const", "-> i64", s64),
  op(0x43, "f32.const", "-> f32", f32),
  op(0x44, "f64.const", "-> f64", f64),
  op(0x45, "i32.eqz", "i32 -> i32"),
  op(0x46, "i32.eq", "i32 i32 -> i32"),
  op(0x47, "i32.ne", "i32 i32 -> i32"),
  op(0x48, "i32.lt_s", "i32 i32 -> i32"),
  op(0x49, "i32.lt_u", "i32 i32 -> i32"),
  op(0x4a, "i32.gt_s", "i32 i32 -> i32"),
  op(0x4b, "i32.gt_u", "i32 i32 -> i32"),
  op(0x4c, "i32.le_s", "i32 i32 -> i32"),
  op(0x4d, "i32.le_u", "i32 i32 -> i32"),
  op(0x4e, "i32.ge_s", "i32 i32 -> i32"),
  op(0x4f, "i32.ge_u", "i32 i32 -> i32"),
  op(0x50, "i64.eqz", "i64 -> i32"),
  op(0x51, "i64.eq", "i64 i64 -> i32"),
  op(0x52, "i64.ne", "i64 i64 -> i32"),
  op(0x53, "i64.lt_s", "i64 i64 -> i32"),
  op(0x54, "i64.lt_u", "i64 i64 -> i32"),
  op(0x55, "i64.gt_s", "i64 i64 -> i32"),
  op(0x56, "i64.gt_u", "i64 i64 -> i32"),
  op(0x57, "i64.le_s", "i64 i64 -> i32"),
  op(0x58, "i64.le_u", "i64 i64 -> i32"),
  op(0x59, "i64.ge_s", "i64 i64 -> i32"),
  op(0x5a, "i64.ge_u", "i64 i64 -> i32"),
  op(0x5b, "f32.eq", "f32 f32 -> i32"),
  op(0x5c, "f32.ne", "f32 f32 -> i32"),
  op(0x5d, "f32.lt", "f32 f32 -> i32"),
  op(0x5e, "f32.gt", "f32 f32 -> i32"),
  op(0x5f, "f32.le", "f32 f32 -> i32"),
  op(0x60, "f32.ge", "f32 f32 -> i32"),
  op(0x61, "f64.eq", "f64 f64 -> i32"),
  op(0x62, "f64.ne", "f64 f64 -> i32"),
  op(0x63, "f64.lt", "f64 f64 -> i32"),
  op(0x64, "f64.gt", "f64 f64 -> i32"),
  op(0x65, "f64.le", "f64 f64 -> i32"),
  op(0x66, "f64.ge", "f64 f64 -> i32"),
  op(0x67, "i32.clz", "i32 -> i32"),
  op(0x68, "i32.ctz", "i32 -> i32"),
  op(0x69, "i32.popcnt", "i32 -> i32"),
  op(0x6a, "i32.add", "i32 i32 -> i32"),
  op(0x6b, "i32.sub", "i32 i32 -> i32"),
  op(0x6c, "i32.mul", "i32 i32 -> i32"),
  op(0x6d, "i32.div_s", "i32 i32 -> i32"),
  op(0x6e, "i32.div_u", "i32 i32 -> i32"),
  op(0x6f, "i32.rem_s", "i32 i32 -> i32"),
  op(0x70, "i32.rem_u", "i32 i32 -> i32"),
  op(0x71, "i32.and", "i32 i32 -> i32"),
  op(0x72, "i32.or", "i32 i32 -> i32"),
  op(0x73, "i32.xor", "i32 i32 -> i32"),
  op(0x74, "i32.shl", "i32 i32 -> i32"),
  op(0x75, "i32.shr_s", "i32 i32 -> i32"),
  op(0x76, "i32.shr_u", "i32 i32 -> i32"),
  op(0x77, "i32.rotl", "i32 i32 -> i32"),
  op(0x78, "i32.rotr", "i32 i32 -> i32"),
  op(0x79, "i64.clz", "i64 -> i64"),
  op(0x7a, "i64.ctz", "i64 -> i64"),
  op(0x7b, "i64.popcnt", "i64 -> i64"),
  op(0x7c, "i64.add", "i64 i64 -> i64"),
  op(0x7d, "i64.sub", "i64 i64 -> i64"),
  op(0x7e, "i64.mul", "i64 i64 -> i64"),
  op(0x7f, "i64.div_s", "i64 i64 -> i64"),
  op(0x80, "i64.div_u", "i64 i64 -> i64"),
  op(0x81, "i64.rem_s", "i64 i64 -> i64"),
  op(0x82, "i64.rem_u", "i64 i64 -> i64"),
  op(0x83, "i64.and", "i64 i64 -> i64"),
  op(0x84, "i64.or", "i64 i64 -> i64"),
  op(0x85, "i64.xor", "i64 i64 -> i64"),
  op(0x86, "i64.shl", "i64 i64 -> i64"),
  op(0x87, "i64.shr_s", "i64 i64 -> i64"),
  op(0x88, "i64.shr_u", "i64 i64 -> i64"),
  op(0x89, "i64.rotl", "i64 i64 -> i64"),
  op(0x8a, "i64.rotr", "i64 i64 -> i64"),
  op(0x8b, "f32.abs", "f32 -> f32"),
  op(0x8c, "f32.neg", "f32 -> f32"),
  op(0x8d, "f32.ceil", "f32 -> f32"),
  op(0x8e, "f32.floor", "f32 -> f32"),
  op(0x8f, "f32.trunc", "f32 -> f32"),
  op(0x90, "f32.nearest", "f32 -> f32"),
  op(0x91, "f32.sqrt", "f32 -> f32"),
  op(0x92, "f32.add", "f32 f32 -> f32"),
  op(0x93, "f32.sub", "f32 f32 -> f32"),
  op(0x94, "f32.mul", "f32 f32 -> f32"),
  op(0x95, "f32.div", "f32 f32 -> f32"),
  op(0x96, "f32.min", "f32 f32 -> f32"),
  op(0x97, "f32.max", "f32 f32 -> f32"),
  op(0x98, "f32.copysign", "f32 f32 -> f32"),
  op(0x99, "f64.abs", "f64 -> f64"),
  op(0x9a, "f64.neg", "f64 -> f64"),
  op(0x9b, "f64.ceil", "f64 -> f64"),
  op(0x9c, "f64.floor", "f64 -> f64"),
  op(0x9d, "f64.trunc", "f64 -> f64"),
  op(0x9e, "f64.nearest", "f64 -> f64"),
  op(0x9f, "f64.sqrt", "f64 -> f64"),
  op(0xa0, "f64.add", "f64 f64 -> f64"),
  op(0xa1, "f64.sub", "f64 f64 -> f64"),
  op(0xa2, "f64.mul", "f64 f64 -> f64"),
  op(0xa3, "f64.div", "f64 f64 -> f64"),
  op(0xa4, "f64.min", "f64 f64 -> f64"),
  op(0xa5, "f64.max", "f64 f64 -> f64"),
  op(0xa6, "f64.copysign", "f64 f64 -> f64"),
  op(0xa7, "i32.wrap_i64", "i64 -> i32"),
  op(0xa8, "i32.trunc_f32_s", "f32 -> i32"),
  op(0xa9, "i32.trunc_f32_u", "f32 -> i32"),
  op(0xaa, "i32.trunc_f64_s", "f64 -> i32"),
  op(0xab, "i32.trunc_f64_u", "f64 -> i32"),
  op(0xac, "i64.extend_i32_s", "i32 -> i64"),
  op(0xad, "i64.extend_i32_u", "i32 -> i64"),
  op(0xae, "i64.trunc_f32_s", "f32 -> i64"),
  op(0xaf, "i64.trunc_f32_u", "f32 -> i64"),
  op(0xb0, "i64.trunc_f64_s", "f64 -> i64"),
  op(0xb1, "i64.trunc_f64_u", "f64 -> i64"),
  op(0xb2, "f32.convert_i32_s", "i32 -> f32"),
  op(0xb3, "f32.convert_i32_u", "i32 -> f32"),
  op(0xb4, "f32.convert_i64_s", "i64 -> f32"),
  op(0xb5, "f32.convert_i64_u", "i64 -> f32"),
  op(0xb6, "f32.demote_f64", "f64 -> f32"),
  op(0xb7, "f64.convert_i32_s", "i32 -> f64"),
  op(0xb8, "f64.convert_i32_u", "i32 -> f64"),
  op(0xb9, "f64.convert_i64_s", "i64 -> f64"),
  op(0xba, "f64.convert_i64_u", "i64 -> f64"),
  op(0xbb, "f64.promote_f32", "f32 -> f64"),
  op(0xbc, "i32.reinterpret_f32", "f32 -> i32"),
  op(0xbd, "i64.reinterpret_f64", "f64 -> i64"),
  op(0xbe, "f32.reinterpret_i32", "i32 -> f32"),
  op(0xbf, "f64.reinterpret_i64", "i64 -> f64"),
  op(0xc0, "i32.extend8_s", "i32 -> i32", none, SIGN_EXTENSION),
  op(0xc1, "i32.extend16_s", "i32 -> i32", none, SIGN_EXTENSION),
  op(0xc2, "i64.extend8_s", "i64 -> i64", none, SIGN_EXTENSION),
  op(0xc3, "i64.extend16_s", "i64 -> i64", none, SIGN_EXTENSION),
  op(0xc4, "i64.extend32_s", "i64 -> i64", none, SIGN_EXTENSION),
  op(0xd0, "ref.null", custom, heapType, REFERENCE_TYPES),
  op(0xd1, "ref.is_null", custom, none, REFERENCE_TYPES),
  op(0xd2, "ref.func", custom, functionIndex, REFERENCE_TYPES),
  op(0xd3, "ref.eq", custom, none, GC),
  op(0xd4, "ref.as_non_null", custom, none, FUNCTION_REFERENCES),
  op(0xd5, "br_on_null", custom, label, FUNCTION_REFERENCES),
  op(0xd6, "br_on_non_null", custom, label, FUNCTION_REFERENCES),
]

/** Garbage collection. */
const AGGREGATES: ReadonlyArray<Instruction> = [
  op(0x00, "struct.new", custom, typeIndex, GC),
  op(0x01, "struct.new_default", custom, typeIndex, GC),
  op(0x02, "struct.get", custom, typeField, GC),
  op(0x03, "struct.get_s", custom, typeField, GC),
  op(0x04, "struct.get_u", custom, typeField, GC),
  op(0x05, "struct.set", custom, typeField, GC),
  op(0x06, "array.new", custom, typeIndex, GC),
  op(0x07, "array.new_default", custom, typeIndex, GC),
  op(0x08, "array.new_fixed", custom, typeCount, GC),
  op(0x09, "array.new_data", custom, typeSegment, GC),
  op(0x0a, "array.new_elem", custom, typeSegment, GC),
  op(0x0b, "array.get", custom, typeIndex, GC),
  op(0x0c, "array.get_s", custom, typeIndex, GC),
  op(0x0d, "array.get_u", custom, typeIndex, GC),
  op(0x0e, "array.set", custom, typeIndex, GC),
  op(0x0f, "array.len", custom, none, GC),
  op(0x10, "array.fill", custom, typeIndex, GC),
  op(0x11, "array.copy", custom, twoTypes, GC),
  op(0x12, "array.init_data", custom, typeSegment, GC),
  op(0x13, "array.init_elem", custom, typeSegment, GC),
  op(0x14, "ref.test", custom, heapType, GC),
  op(0x15, "ref.test null", custom, heapType, GC),
  op(0x16, "ref.cast", custom, heapType, GC),
  op(0x17, "ref.cast null", custom, heapType, GC),
  op(0x18, "br_on_cast", custom, castBranch, GC),
  op(0x19, "br_on_cast_fail", custom, castBranch, GC),
  op(0x1a, "any.convert_extern", custom, none, GC),
  op(0x1b, "extern.convert_any", custom, none, GC),
  op(0x1c, "ref.i31", custom, none, GC),
  op(0x1d, "i31.get_s", custom, none, GC),
  op(0x1e, "i31.get_u", custom, none, GC),
]

/** Saturating conversions, bulk operations on memories and tables, wide arithmetic. */
const BULK: ReadonlyArray<Instruction> = [
  op(0x00, "i32.trunc_sat_f32_s", "f32 -> i32", none, SATURATING),
  op(0x01, "i32.trunc_sat_f32_u", "f32 -> i32", none, SATURATING),
  op(0x02, "i32.trunc_sat_f64_s", "f64 -> i32", none, SATURATING),
  op(0x03, "i32.trunc_sat_f64_u", "f64 -> i32", none, SATURATING),
  op(0x04, "i64.trunc_sat_f32_s", "f32 -> i64", none, SATURATING),
  op(0x05, "i64.trunc_sat_f32_u", "f32 -> i64", none, SATURATING),
  op(0x06, "i64.trunc_sat_f64_s", "f64 -> i64", none, SATURATING),
  op(0x07, "i64.trunc_sat_f64_u", "f64 -> i64", none, SATURATING),
  op(0x08, "memory.init", custom, segmentMemory, BULK_MEMORY),
  op(0x09, "data.drop", custom, dataIndex, BULK_MEMORY),
  op(0x0a, "memory.copy", custom, twoMemories, BULK_MEMORY),
  op(0x0b, "memory.fill", custom, memoryIndex, BULK_MEMORY),
  op(0x0c, "table.init", custom, segmentTable, BULK_MEMORY),
  op(0x0d, "elem.drop", custom, elementIndex, BULK_MEMORY),
  op(0x0e, "table.copy", custom, twoTables, BULK_MEMORY),
  op(0x0f, "table.grow", custom, tableIndex, REFERENCE_TYPES),
  op(0x10, "table.size", custom, tableIndex, REFERENCE_TYPES),
  op(0x11, "table.fill", custom, tableIndex, REFERENCE_TYPES),
  op(0x13, "i64.add128", custom, none, WIDE_ARITHMETIC),
  op(0x14, "i64.sub128", custom, none, WIDE_ARITHMETIC),
  op(0x15, "i64.mul_wide_s", custom, none, WIDE_ARITHMETIC),
  op(0x16, "i64.mul_wide_u", custom, none, WIDE_ARITHMETIC),
]

/** Vector instructions, then relaxed vector instructions. */
const VECTOR: ReadonlyArray<Instruction> = [
  op(0x00, "v128.load", "addr -> v128", memory(16), SIMD),
  op(0x01, "v128.load8x8_s", "addr -> v128", memory(8), SIMD),
  op(0x02, "v128.load8x8_u", "addr -> v128", memory(8), SIMD),
  op(0x03, "v128.load16x4_s", "addr -> v128", memory(8), SIMD),
  op(0x04, "v128.load16x4_u", "addr -> v128", memory(8), SIMD),
  op(0x05, "v128.load32x2_s", "addr -> v128", memory(8), SIMD),
  op(0x06, "v128.load32x2_u", "addr -> v128", memory(8), SIMD),
  op(0x07, "v128.load8_splat", "addr -> v128", memory(1), SIMD),
  op(0x08, "v128.load16_splat", "addr -> v128", memory(2), SIMD),
  op(0x09, "v128.load32_splat", "addr -> v128", memory(4), SIMD),
  op(0x0a, "v128.load64_splat", "addr -> v128", memory(8), SIMD),
  op(0x0b, "v128.store", "addr v128 ->", memory(16), SIMD),
  op(0x0c, "v128.const", "-> v128", v128, SIMD),
  op(0x0d, "i8x16.shuffle", "v128 v128 -> v128", shuffle, SIMD),
  op(0x0e, "i8x16.swizzle", "v128 v128 -> v128", none, SIMD),
  op(0x0f, "i8x16.splat", "i32 -> v128", none, SIMD),
  op(0x10, "i16x8.splat", "i32 -> v128", none, SIMD),
  op(0x11, "i32x4.splat", "i32 -> v128", none, SIMD),
  op(0x12, "i64x2.splat", "i64 -> v128", none, SIMD),
  op(0x13, "f32x4.splat", "f32 -> v128", none, SIMD),
  op(0x14, "f64x2.splat", "f64 -> v128", none, SIMD),
  op(0x15, "i8x16.extract_lane_s", "v128 -> i32", lane(16), SIMD),
  op(0x16, "i8x16.extract_lane_u", "v128 -> i32", lane(16), SIMD),
  op(0x17, "i8x16.replace_lane", "v128 i32 -> v128", lane(16), SIMD),
  op(0x18, "i16x8.extract_lane_s", "v128 -> i32", lane(8), SIMD),
  op(0x19, "i16x8.extract_lane_u", "v128 -> i32", lane(8), SIMD),
  op(0x1a, "i16x8.replace_lane", "v128 i32 -> v128", lane(8), SIMD),
  op(0x1b, "i32x4.extract_lane", "v128 -> i32", lane(4), SIMD),
  op(0x1c, "i32x4.replace_lane", "v128 i32 -> v128", lane(4), SIMD),
  op(0x1d, "i64x2.extract_lane", "v128 -> i64", lane(2), SIMD),
  op(0x1e, "i64x2.replace_lane", "v128 i64 -> v128", lane(2), SIMD),
  op(0x1f, "f32x4.extract_lane", "v128 -> f32", lane(4), SIMD),
  op(0x20, "f32x4.replace_lane", "v128 f32 -> v128", lane(4), SIMD),
  op(0x21, "f64x2.extract_lane", "v128 -> f64", lane(2), SIMD),
  op(0x22, "f64x2.replace_lane", "v128 f64 -> v128", lane(2), SIMD),
  op(0x23, "i8x16.eq", "v128 v128 -> v128", none, SIMD),
  op(0x24, "i8x16.ne", "v128 v128 -> v128", none, SIMD),
  op(0x25, "i8x16.lt_s", "v128 v128 -> v128", none, SIMD),
  op(0x26, "i8x16.lt_u", "v128 v128 -> v128", none, SIMD),
  op(0x27, "i8x16.gt_s", "v128 v128 -> v128", none, SIMD),
  op(0x28, "i8x16.gt_u", "v128 v128 -> v128", none, SIMD),
  op(0x29, "i8x16.le_s", "v128 v128 -> v128", none, SIMD),
  op(0x2a, "i8x16.le_u", "v128 v128 -> v128", none, SIMD),
  op(0x2b, "i8x16.ge_s", "v128 v128 -> v128", none, SIMD),
  op(0x2c, "i8x16.ge_u", "v128 v128 -> v128", none, SIMD),
  op(0x2d, "i16x8.eq", "v128 v128 -> v128", none, SIMD),
  op(0x2e, "i16x8.ne", "v128 v128 -> v128", none, SIMD),
  op(0x2f, "i16x8.lt_s", "v128 v128 -> v128", none, SIMD),
  op(0x30, "i16x8.lt_u", "v128 v128 -> v128", none, SIMD),
  op(0x31, "i16x8.gt_s", "v128 v128 -> v128", none, SIMD),
  op(0x32, "i16x8.gt_u", "v128 v128 -> v128", none, SIMD),
  op(0x33, "i16x8.le_s", "v128 v128 -> v128", none, SIMD),
  op(0x34, "i16x8.le_u", "v128 v128 -> v128", none, SIMD),
  op(0x35, "i16x8.ge_s", "v128 v128 -> v128", none, SIMD),
  op(0x36, "i16x8.ge_u", "v128 v128 -> v128", none, SIMD),
  op(0x37, "i32x4.eq", "v128 v128 -> v128", none, SIMD),
  op(0x38, "i32x4.ne", "v128 v128 -> v128", none, SIMD),
  op(0x39, "i32x4.lt_s", "v128 v128 -> v128", none, SIMD),
  op(0x3a, "i32x4.lt_u", "v128 v128 -> v128", none, SIMD),
  op(0x3b, "i32x4.gt_s", "v128 v128 -> v128", none, SIMD),
  op(0x3c, "i32x4.gt_u", "v128 v128 -> v128", none, SIMD),
  op(0x3d, "i32x4.le_s", "v128 v128 -> v128", none, SIMD),
  op(0x3e, "i32x4.le_u", "v128 v128 -> v128", none, SIMD),
  op(0x3f, "i32x4.ge_s", "v128 v128 -> v128", none, SIMD),
  op(0x40, "i32x4.ge_u", "v128 v128 -> v128", none, SIMD),
  op(0x41, "f32x4.eq", "v128 v128 -> v128", none, SIMD),
  op(0x42, "f32x4.ne", "v128 v128 -> v128", none, SIMD),
  op(0x43, "f32x4.lt", "v128 v128 -> v128", none, SIMD),
  op(0x44, "f32x4.gt", "v128 v128 -> v128", none, SIMD),
  op(0x45, "f32x4.le", "v128 v128 -> v128", none, SIMD),
  op(0x46, "f32x4.ge", "v128 v128 -> v128", none, SIMD),
  op(0x47, "f64x2.eq", "v128 v128 -> v128", none, SIMD),
  op(0x48, "f64x2.ne", "v128 v128 -> v128", none, SIMD),
  op(0x49, "f64x2.lt", "v128 v128 -> v128", none, SIMD),
  op(0x4a, "f64x2.gt", "v128 v128 -> v128", none, SIMD),
  op(0x4b, "f64x2.le", "v128 v128 -> v128", none, SIMD),
  op(0x4c, "f64x2.ge", "v128 v128 -> v128", none, SIMD),
  op(0x4d, "v128.not", "v128 -> v128", none, SIMD),
  op(0x4e, "v128.and", "v128 v128 -> v128", none, SIMD),
  op(0x4f, "v128.andnot", "v128 v128 -> v128", none, SIMD),
  op(0x50, "v128.or", "v128 v128 -> v128", none, SIMD),
  op(0x51, "v128.xor", "v128 v128 -> v128", none, SIMD),
  op(0x52, "v128.bitselect", "v128 v128 v128 -> v128", none, SIMD),
  op(0x53, "v128.any_true", "v128 -> i32", none, SIMD),
  op(0x54, "v128.load8_lane", "addr v128 -> v128", memoryLane(1, 16), SIMD),
  op(0x55, "v128.load16_lane", "addr v128 -> v128", memoryLane(2, 8), SIMD),
  op(0x56, "v128.load32_lane", "addr v128 -> v128", memoryLane(4, 4), SIMD),
  op(0x57, "v128.load64_lane", "addr v128 -> v128", memoryLane(8, 2), SIMD),
  op(0x58, "v128.store8_lane", "addr v128 ->", memoryLane(1, 16), SIMD),
  op(0x59, "v128.store16_lane", "addr v128 ->", memoryLane(2, 8), SIMD),
  op(0x5a, "v128.store32_lane", "addr v128 ->", memoryLane(4, 4), SIMD),
  op(0x5b, "v128.store64_lane", "addr v128 ->", memoryLane(8, 2), SIMD),
  op(0x5c, "v128.load32_zero", "addr -> v128", memory(4), SIMD),
  op(0x5d, "v128.load64_zero", "addr -> v128", memory(8), SIMD),
  op(0x5e, "f32x4.demote_f64x2_zero", "v128 -> v128", none, SIMD),
  op(0x5f, "f64x2.promote_low_f32x4", "v128 -> v128", none, SIMD),
  op(0x60, "i8x16.abs", "v128 -> v128", none, SIMD),
  op(0x61, "i8x16.neg", "v128 -> v128", none, SIMD),
  op(0x62, "i8x16.popcnt", "v128 -> v128", none, SIMD),
  op(0x63, "i8x16.all_true", "v128 -> i32", none, SIMD),
  op(0x64, "i8x16.bitmask", "v128 -> i32", none, SIMD),
  op(0x65, "i8x16.narrow_i16x8_s", "v128 v128 -> v128", none, SIMD),
  op(0x66, "i8x16.narrow_i16x8_u", "v128 v128 -> v128", none, SIMD),
  op(0x67, "f32x4.ceil", "v128 -> v128", none, SIMD),
  op(0x68, "f32x4.floor", "v128 -> v128", none, SIMD),
  op(0x69, "f32x4.trunc", "v128 -> v128", none, SIMD),
  op(0x6a, "f32x4.nearest", "v128 -> v128", none, SIMD),
  op(0x6b, "i8x16.shl", "v128 i32 -> v128", none, SIMD),
  op(0x6c, "i8x16.shr_s", "v128 i32 -> v128", none, SIMD),
  op(0x6d, "i8x16.shr_u", "v128 i32 -> v128", none, SIMD),
  op(0x6e, "i8x16.add", "v128 v128 -> v128", none, SIMD),
  op(0x6f, "i8x16.add_sat_s", "v128 v128 -> v128", none, SIMD),
  op(0x70, "i8x16.add_sat_u", "v128 v128 -> v128", none, SIMD),
  op(0x71, "i8x16.sub", "v128 v128 -> v128", none, SIMD),
  op(0x72, "i8x16.sub_sat_s", "v128 v128 -> v128", none, SIMD),
  op(0x73, "i8x16.sub_sat_u", "v128 v128 -> v128", none, SIMD),
  op(0x74, "f64x2.ceil", "v128 -> v128", none, SIMD),
  op(0x75, "f64x2.floor", "v128 -> v128", none, SIMD),
  op(0x76, "i8x16.min_s", "v128 v128 -> v128", none, SIMD),
  op(0x77, "i8x16.min_u", "v128 v128 -> v128", none, SIMD),
  op(0x78, "i8x16.max_s", "v128 v128 -> v128", none, SIMD),
  op(0x79, "i8x16.max_u", "v128 v128 -> v128", none, SIMD),
  op(0x7a, "f64x2.trunc", "v128 -> v128", none, SIMD),
  op(0x7b, "i8x16.avgr_u", "v128 v128 -> v128", none, SIMD),
  op(0x7c, "i16x8.extadd_pairwise_i8x16_s", "v128 -> v128", none, SIMD),
  op(0x7d, "i16x8.extadd_pairwise_i8x16_u", "v128 -> v128", none, SIMD),
  op(0x7e, "i32x4.extadd_pairwise_i16x8_s", "v128 -> v128", none, SIMD),
  op(0x7f, "i32x4.extadd_pairwise_i16x8_u", "v128 -> v128", none, SIMD),
  op(0x80, "i16x8.abs", "v128 -> v128", none, SIMD),
  op(0x81, "i16x8.neg", "v128 -> v128", none, SIMD),
  op(0x82, "i16x8.q15mulr_sat_s", "v128 v128 -> v128", none, SIMD),
  op(0x83, "i16x8.all_true", "v128 -> i32", none, SIMD),
  op(0x84, "i16x8.bitmask", "v128 -> i32", none, SIMD),
  op(0x85, "i16x8.narrow_i32x4_s", "v128 v128 -> v128", none, SIMD),
  op(0x86, "i16x8.narrow_i32x4_u", "v128 v128 -> v128", none, SIMD),
  op(0x87, "i16x8.extend_low_i8x16_s", "v128 -> v128", none, SIMD),
  op(0x88, "i16x8.extend_high_i8x16_s", "v128 -> v128", none, SIMD),
  op(0x89, "i16x8.extend_low_i8x16_u", "v128 -> v128", none, SIMD),
  op(0x8a, "i16x8.extend_high_i8x16_u", "v128 -> v128", none, SIMD),
  op(0x8b, "i16x8.shl", "v128 i32 -> v128", none, SIMD),
  op(0x8c, "i16x8.shr_s", "v128 i32 -> v128", none, SIMD),
  op(0x8d, "i16x8.shr_u", "v128 i32 -> v128", none, SIMD),
  op(0x8e, "i16x8.add", "v128 v128 -> v128", none, SIMD),
  op(0x8f, "i16x8.add_sat_s", "v128 v128 -> v128", none, SIMD),
  op(0x90, "i16x8.add_sat_u", "v128 v128 -> v128", none, SIMD),
  op(0x91, "i16x8.sub", "v128 v128 -> v128", none, SIMD),
  op(0x92, "i16x8.sub_sat_s", "v128 v128 -> v128", none, SIMD),
  op(0x93, "i16x8.sub_sat_u", "v128 v128 -> v128", none, SIMD),
  op(0x94, "f64x2.nearest", "v128 -> v128", none, SIMD),
  op(0x95, "i16x8.mul", "v128 v128 -> v128", none, SIMD),
  op(0x96, "i16x8.min_s", "v128 v128 -> v128", none, SIMD),
  op(0x97, "i16x8.min_u", "v128 v128 -> v128", none, SIMD),
  op(0x98, "i16x8.max_s", "v128 v128 -> v128", none, SIMD),
  op(0x99, "i16x8.max_u", "v128 v128 -> v128", none, SIMD),
  op(0x9b, "i16x8.avgr_u", "v128 v128 -> v128", none, SIMD),
  op(0x9c, "i16x8.extmul_low_i8x16_s", "v128 v128 -> v128", none, SIMD),
  op(0x9d, "i16x8.extmul_high_i8x16_s", "v128 v128 -> v128", none, SIMD),
  op(0x9e, "i16x8.extmul_low_i8x16_u", "v128 v128 -> v128", none, SIMD),
  op(0x9f, "i16x8.extmul_high_i8x16_u", "v128 v128 -> v128", none, SIMD),
  op(0xa0, "i32x4.abs", "v128 -> v128", none, SIMD),
  op(0xa1, "i32x4.neg", "v128 -> v128", none, SIMD),
  op(0xa3, "i32x4.all_true", "v128 -> i32", none, SIMD),
  op(0xa4, "i32x4.bitmask", "v128 -> i32", none, SIMD),
  op(0xa7, "i32x4.extend_low_i16x8_s", "v128 -> v128", none, SIMD),
  op(0xa8, "i32x4.extend_high_i16x8_s", "v128 -> v128", none, SIMD),
  op(0xa9, "i32x4.extend_low_i16x8_u", "v128 -> v128", none, SIMD),
  op(0xaa, "i32x4.extend_high_i16x8_u", "v128 -> v128", none, SIMD),
  op(0xab, "i32x4.shl", "v128 i32 -> v128", none, SIMD),
  op(0xac, "i32x4.shr_s", "v128 i32 -> v128", none, SIMD),
  op(0xad, "i32x4.shr_u", "v128 i32 -> v128", none, SIMD),
  op(0xae, "i32x4.add", "v128 v128 -> v128", none, SIMD),
  op(0xb1, "i32x4.sub", "v128 v128 -> v128", none, SIMD),
  op(0xb5, "i32x4.mul", "v128 v128 -> v128", none, SIMD),
  op(0xb6, "i32x4.min_s", "v128 v128 -> v128", none, SIMD),
  op(0xb7, "i32x4.min_u", "v128 v128 -> v128", none, SIMD),
  op(0xb8, "i32x4.max_s", "v128 v128 -> v128", none, SIMD),
  op(0xb9, "i32x4.max_u", "v128 v128 -> v128", none, SIMD),
  op(0xba, "i32x4.dot_i16x8_s", "v128 v128 -> v128", none, SIMD),
  op(0xbc, "i32x4.extmul_low_i16x8_s", "v128 v128 -> v128", none, SIMD),
  op(0xbd, "i32x4.extmul_high_i16x8_s", "v128 v128 -> v128", none, SIMD),
  op(0xbe, "i32x4.extmul_low_i16x8_u", "v128 v128 -> v128", none, SIMD),
  op(0xbf, "i32x4.extmul_high_i16x8_u", "v128 v128 -> v128", none, SIMD),
  op(0xc0, "i64x2.abs", "v128 -> v128", none, SIMD),
  op(0xc1, "i64x2.neg", "v128 -> v128", none, SIMD),
  op(0xc3, "i64x2.all_true", "v128 -> i32", none, SIMD),
  op(0xc4, "i64x2.bitmask", "v128 -> i32", none, SIMD),
  op(0xc7, "i64x2.extend_low_i32x4_s", "v128 -> v128", none, SIMD),
  op(0xc8, "i64x2.extend_high_i32x4_s", "v128 -> v128", none, SIMD),
  op(0xc9, "i64x2.extend_low_i32x4_u", "v128 -> v128", none, SIMD),
  op(0xca, "i64x2.extend_high_i32x4_u", "v128 -> v128", none, SIMD),
  op(0xcb, "i64x2.shl", "v128 i32 -> v128", none, SIMD),
  op(0xcc, "i64x2.shr_s", "v128 i32 -> v128", none, SIMD),
  op(0xcd, "i64x2.shr_u", "v128 i32 -> v128", none, SIMD),
  op(0xce, "i64x2.add", "v128 v128 -> v128", none, SIMD),
  op(0xd1, "i64x2.sub", "v128 v128 -> v128", none, SIMD),
  op(0xd5, "i64x2.mul", "v128 v128 -> v128", none, SIMD),
  op(0xd6, "i64x2.eq", "v128 v128 -> v128", none, SIMD),
  op(0xd7, "i64x2.ne", "v128 v128 -> v128", none, SIMD),
  op(0xd8, "i64x2.lt_s", "v128 v128 -> v128", none, SIMD),
  op(0xd9, "i64x2.gt_s", "v128 v128 -> v128", none, SIMD),
  op(0xda, "i64x2.le_s", "v128 v128 -> v128", none, SIMD),
  op(0xdb, "i64x2.ge_s", "v128 v128 -> v128", none, SIMD),
  op(0xdc, "i64x2.extmul_low_i32x4_s", "v128 v128 -> v128", none, SIMD),
  op(0xdd, "i64x2.extmul_high_i32x4_s", "v128 v128 -> v128", none, SIMD),
  op(0xde, "i64x2.extmul_low_i32x4_u", "v128 v128 -> v128", none, SIMD),
  op(0xdf, "i64x2.extmul_high_i32x4_u", "v128 v128 -> v128", none, SIMD),
  op(0xe0, "f32x4.abs", "v128 -> v128", none, SIMD),
  op(0xe1, "f32x4.neg", "v128 -> v128", none, SIMD),
  op(0xe3, "f32x4.sqrt", "v128 -> v128", none, SIMD),
  op(0xe4, "f32x4.add", "v128 v128 -> v128", none, SIMD),
  op(0xe5, "f32x4.sub", "v128 v128 -> v128", none, SIMD),
  op(0xe6, "f32x4.mul", "v128 v128 -> v128", none, SIMD),
  op(0xe7, "f32x4.div", "v128 v128 -> v128", none, SIMD),
  op(0xe8, "f32x4.min", "v128 v128 -> v128", none, SIMD),
  op(0xe9, "f32x4.max", "v128 v128 -> v128", none, SIMD),
  op(0xea, "f32x4.pmin", "v128 v128 -> v128", none, SIMD),
  op(0xeb, "f32x4.pmax", "v128 v128 -> v128", none, SIMD),
  op(0xec, "f64x2.abs", "v128 -> v128", none, SIMD),
  op(0xed, "f64x2.neg", "v128 -> v128", none, SIMD),
  op(0xef, "f64x2.sqrt", "v128 -> v128", none, SIMD),
  op(0xf0, "f64x2.add", "v128 v128 -> v128", none, SIMD),
  op(0xf1, "f64x2.sub", "v128 v128 -> v128", none, SIMD),
  op(0xf2, "f64x2.mul", "v128 v128 -> v128", none, SIMD),
  op(0xf3, "f64x2.div", "v128 v128 -> v128", none, SIMD),
  op(0xf4, "f64x2.min", "v128 v128 -> v128", none, SIMD),
  op(0xf5, "f64x2.max", "v128 v128 -> v128", none, SIMD),
  op(0xf6, "f64x2.pmin", "v128 v128 -> v128", none, SIMD),
  op(0xf7, "f64x2.pmax", "v128 v128 -> v128", none, SIMD),
  op(0xf8, "i32x4.trunc_sat_f32x4_s", "v128 -> v128", none, SIMD),
  op(0xf9, "i32x4.trunc_sat_f32x4_u", "v128 -> v128", none, SIMD),
  op(0xfa, "f32x4.convert_i32x4_s", "v128 -> v128", none, SIMD),
  op(0xfb, "f32x4.convert_i32x4_u", "v128 -> v128", none, SIMD),
  op(0xfc, "i32x4.trunc_sat_f64x2_s_zero", "v128 -> v128", none, SIMD),
  op(0xfd, "i32x4.trunc_sat_f64x2_u_zero", "v128 -> v128", none, SIMD),
  op(0xfe, "f64x2.convert_low_i32x4_s", "v128 -> v128", none, SIMD),
  op(0xff, "f64x2.convert_low_i32x4_u", "v128 -> v128", none, SIMD),
  op(0x100, "i8x16.relaxed_swizzle", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x101, "i32x4.relaxed_trunc_f32x4_s", "v128 -> v128", none, RELAXED_SIMD),
  op(0x102, "i32x4.relaxed_trunc_f32x4_u", "v128 -> v128", none, RELAXED_SIMD),
  op(0x103, "i32x4.relaxed_trunc_f64x2_s_zero", "v128 -> v128", none, RELAXED_SIMD),
  op(0x104, "i32x4.relaxed_trunc_f64x2_u_zero", "v128 -> v128", none, RELAXED_SIMD),
  op(0x105, "f32x4.relaxed_madd", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x106, "f32x4.relaxed_nmadd", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x107, "f64x2.relaxed_madd", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x108, "f64x2.relaxed_nmadd", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x109, "i8x16.relaxed_laneselect", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x10a, "i16x8.relaxed_laneselect", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x10b, "i32x4.relaxed_laneselect", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x10c, "i64x2.relaxed_laneselect", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x10d, "f32x4.relaxed_min", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x10e, "f32x4.relaxed_max", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x10f, "f64x2.relaxed_min", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x110, "f64x2.relaxed_max", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x111, "i16x8.relaxed_q15mulr_s", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x112, "i16x8.relaxed_dot_i8x16_i7x16_s", "v128 v128 -> v128", none, RELAXED_SIMD),
  op(0x113, "i32x4.relaxed_dot_i8x16_i7x16_add_s", "v128 v128 v128 -> v128", none, RELAXED_SIMD),
]

/** Threads: atomic instructions. */
const ATOMIC: ReadonlyArray<Instruction> = [
  op(0x00, "memory.atomic.notify", "addr i32 -> i32", atomic(4), THREADS),
  op(0x01, "memory.atomic.wait32", "addr i32 i64 -> i32", atomic(4), THREADS),
  op(0x02, "memory.atomic.wait64", "addr i64 i64 -> i32", atomic(8), THREADS),
  op(0x03, "atomic.fence", "->", fence, THREADS),
  op(0x10, "i32.atomic.load", "addr -> i32", atomic(4), THREADS),
  op(0x11, "i64.atomic.load", "addr -> i64", atomic(8), THREADS),
  op(0x12, "i32.atomic.load8_u", "addr -> i32", atomic(1), THREADS),
  op(0x13, "i32.atomic.load16_u", "addr -> i32", atomic(2), THREADS),
  op(0x14, "i64.atomic.load8_u", "addr -> i64", atomic(1), THREADS),
  op(0x15, "i64.atomic.load16_u", "addr -> i64", atomic(2), THREADS),
  op(0x16, "i64.atomic.load32_u", "addr -> i64", atomic(4), THREADS),
  op(0x17, "i32.atomic.store", "addr i32 ->", atomic(4), THREADS),
  op(0x18, "i64.atomic.store", "addr i64 ->", atomic(8), THREADS),
  op(0x19, "i32.atomic.store8", "addr i32 ->", atomic(1), THREADS),
  op(0x1a, "i32.atomic.store16", "addr i32 ->", atomic(2), THREADS),
  op(0x1b, "i64.atomic.store8", "addr i64 ->", atomic(1), THREADS),
  op(0x1c, "i64.atomic.store16", "addr i64 ->", atomic(2), THREADS),
  op(0x1d, "i64.atomic.store32", "addr i64 ->", atomic(4), THREADS),
  op(0x1e, "i32.atomic.rmw.add", "addr i32 -> i32", atomic(4), THREADS),
  op(0x1f, "i64.atomic.rmw.add", "addr i64 -> i64", atomic(8), THREADS),
  op(0x20, "i32.atomic.rmw8.add_u", "addr i32 -> i32", atomic(1), THREADS),
  op(0x21, "i32.atomic.rmw16.add_u", "addr i32 -> i32", atomic(2), THREADS),
  op(0x22, "i64.atomic.rmw8.add_u", "addr i64 -> i64", atomic(1), THREADS),
  op(0x23, "i64.atomic.rmw16.add_u", "addr i64 -> i64", atomic(2), THREADS),
  op(0x24, "i64.atomic.rmw32.add_u", "addr i64 -> i64", atomic(4), THREADS),
  op(0x25, "i32.atomic.rmw.sub", "addr i32 -> i32", atomic(4), THREADS),
  op(0x26, "i64.atomic.rmw.sub", "addr i64 -> i64", atomic(8), THREADS),
  op(0x27, "i32.atomic.rmw8.sub_u", "addr i32 -> i32", atomic(1), THREADS),
  op(0x28, "i32.atomic.rmw16.sub_u", "addr i32 -> i32", atomic(2), THREADS),
  op(0x29, "i64.atomic.rmw8.sub_u", "addr i64 -> i64", atomic(1), THREADS),
  op(0x2a, "i64.atomic.rmw16.sub_u", "addr i64 -> i64", atomic(2), THREADS),
  op(0x2b, "i64.atomic.rmw32.sub_u", "addr i64 -> i64", atomic(4), THREADS),
  op(0x2c, "i32.atomic.rmw.and", "addr i32 -> i32", atomic(4), THREADS),
  op(0x2d, "i64.atomic.rmw.and", "addr i64 -> i64", atomic(8), THREADS),
  op(0x2e, "i32.atomic.rmw8.and_u", "addr i32 -> i32", atomic(1), THREADS),
  op(0x2f, "i32.atomic.rmw16.and_u", "addr i32 -> i32", atomic(2), THREADS),
  op(0x30, "i64.atomic.rmw8.and_u", "addr i64 -> i64", atomic(1), THREADS),
  op(0x31, "i64.atomic.rmw16.and_u", "addr i64 -> i64", atomic(2), THREADS),
  op(0x32, "i64.atomic.rmw32.and_u", "addr i64 -> i64", atomic(4), THREADS),
  op(0x33, "i32.atomic.rmw.or", "addr i32 -> i32", atomic(4), THREADS),
  op(0x34, "i64.atomic.rmw.or", "addr i64 -> i64", atomic(8), THREADS),
  op(0x35, "i32.atomic.rmw8.or_u", "addr i32 -> i32", atomic(1), THREADS),
  op(0x36, "i32.atomic.rmw16.or_u", "addr i32 -> i32", atomic(2), THREADS),
  op(0x37, "i64.atomic.rmw8.or_u", "addr i64 -> i64", atomic(1), THREADS),
  op(0x38, "i64.atomic.rmw16.or_u", "addr i64 -> i64", atomic(2), THREADS),
  op(0x39, "i64.atomic.rmw32.or_u", "addr i64 -> i64", atomic(4), THREADS),
  op(0x3a, "i32.atomic.rmw.xor", "addr i32 -> i32", atomic(4), THREADS),
  op(0x3b, "i64.atomic.rmw.xor", "addr i64 -> i64", atomic(8), THREADS),
  op(0x3c, "i32.atomic.rmw8.xor_u", "addr i32 -> i32", atomic(1), THREADS),
  op(0x3d, "i32.atomic.rmw16.xor_u", "addr i32 -> i32", atomic(2), THREADS),
  op(0x3e, "i64.atomic.rmw8.xor_u", "addr i64 -> i64", atomic(1), THREADS),
  op(0x3f, "i64.atomic.rmw16.xor_u", "addr i64 -> i64", atomic(2), THREADS),
  op(0x40, "i64.atomic.rmw32.xor_u", "addr i64 -> i64", atomic(4), THREADS),
  op(0x41, "i32.atomic.rmw.xchg", "addr i32 -> i32", atomic(4), THREADS),
  op(0x42, "i64.atomic.rmw.xchg", "addr i64 -> i64", atomic(8), THREADS),
  op(0x43, "i32.atomic.rmw8.xchg_u", "addr i32 -> i32", atomic(1), THREADS),
  op(0x44, "i32.atomic.rmw16.xchg_u", "addr i32 -> i32", atomic(2), THREADS),
  op(0x45, "i64.atomic.rmw8.xchg_u", "addr i64 -> i64", atomic(1), THREADS),
  op(0x46, "i64.atomic.rmw16.xchg_u", "addr i64 -> i64", atomic(2), THREADS),
  op(0x47, "i64.atomic.rmw32.xchg_u", "addr i64 -> i64", atomic(4), THREADS),
  op(0x48, "i32.atomic.rmw.cmpxchg", "addr i32 i32 -> i32", atomic(4), THREADS),
  op(0x49, "i64.atomic.rmw.cmpxchg", "addr i64 i64 -> i64", atomic(8), THREADS),
  op(0x4a, "i32.atomic.rmw8.cmpxchg_u", "addr i32 i32 -> i32", atomic(1), THREADS),
  op(0x4b, "i32.atomic.rmw16.cmpxchg_u", "addr i32 i32 -> i32", atomic(2), THREADS),
  op(0x4c, "i64.atomic.rmw8.cmpxchg_u", "addr i64 i64 -> i64", atomic(1), THREADS),
  op(0x4d, "i64.atomic.rmw16.cmpxchg_u", "addr i64 i64 -> i64", atomic(2), THREADS),
  op(0x4e, "i64.atomic.rmw32.cmpxchg_u", "addr i64 i64 -> i64", atomic(4), THREADS),
]

/** All instructions, page by page. */
export const INSTRUCTION_PAGES: ReadonlyArray<InstructionPage> = [
  { prefix: 0, instructions: CORE },
  { prefix: 0xfb, instructions: AGGREGATES },
  { prefix: 0xfc, instructions: BULK },
  { prefix: 0xfd, instructions: VECTOR },
  { prefix: 0xfe, instructions: ATOMIC },
]

/**
 * Control instructions: blocks, branches, exceptions.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#control-instructions
 * @see https://webassembly.github.io/exception-handling/legacy/exceptions/ for `try`
 *
 * @module
 */
import { FEATURE_MULTI_VALUE } from "../features.ts"
import {
  BLOCK,
  BR,
  BR_IF,
  BR_ON_NON_NULL,
  BR_ON_NULL,
  BR_TABLE,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  ELSE,
  END,
  IF,
  LOOP,
  RETHROW,
  RETURN,
  THROW,
  THROW_REF,
  TRY,
  TRY_TABLE,
  UNREACHABLE,
} from "../opcodes.ts"
import {
  HEAP_EXN,
  I32,
  isNullable,
  NULLABLE,
  ref,
  referenceTo,
  refNull,
  type ValueType,
} from "../types.ts"
import { readHeapType, readValueType } from "../value_types.ts"
import {
  type BodyState,
  FRAME_WORDS,
  KIND_BLOCK,
  KIND_CATCH,
  KIND_CATCH_ALL,
  KIND_ELSE,
  KIND_FUNCTION,
  KIND_IF,
  KIND_LOOP,
  KIND_TRY,
  KIND_TRY_TABLE,
} from "./body_state.ts"

const EMPTY_BLOCK_TYPE = 0x40
const EXNREF: ValueType = refNull(HEAP_EXN)
const REF_EXN: ValueType = ref(HEAP_EXN)

/** Kinds of catch clauses; 2, `catch_all`, needs no constant. */
const CLAUSE_CATCH = 0
const CLAUSE_CATCH_REF = 1
const CLAUSE_CATCH_ALL_REF = 3

/** Neither a value type nor the complement of a type's id. */
const NO_TYPE = -0x8000_0000

const CAST_SOURCE_NULL = 1
const CAST_TARGET_NULL = 2

/** Checks a control instruction. */
export const checkControl = (s: BodyState, opcode: number): void => {
  switch (opcode) {
    case UNREACHABLE:
      s.setUnreachable()
      break
    case BLOCK:
      startBlock(s, KIND_BLOCK, readBlockType(s))
      break
    case LOOP:
      startBlock(s, KIND_LOOP, readBlockType(s))
      break
    case IF: {
      const type = readBlockType(s)
      s.pop(I32)
      startBlock(s, KIND_IF, type)
      break
    }
    case ELSE:
      if (s.kind !== KIND_IF) s.fail("misplaced-else", "is not inside an if")
      s.popFrameResults()
      s.nextArm(KIND_ELSE)
      if (s.frameType < 0) s.pushParameters(s.frameType)
      break
    case TRY:
      startBlock(s, KIND_TRY, readBlockType(s))
      break
    case CATCH:
      checkCatch(s)
      break
    case THROW:
      s.popParameters(~readTagType(s))
      s.setUnreachable()
      break
    case RETHROW: {
      const frame = s.readLabel()
      const kind = s.frames[frame]
      if (kind !== KIND_CATCH && kind !== KIND_CATCH_ALL) {
        s.fail("invalid-rethrow", "must refer to a catch block")
      }
      s.setUnreachable()
      break
    }
    case THROW_REF:
      s.pop(EXNREF)
      s.setUnreachable()
      break
    case END:
      checkEnd(s)
      break
    case BR:
      s.popLabel(s.readLabel())
      s.setUnreachable()
      break
    case BR_IF: {
      const frame = s.readLabel()
      s.pop(I32)
      s.popLabel(frame)
      s.pushLabel(frame)
      break
    }
    case BR_TABLE:
      checkBranchTable(s)
      break
    case RETURN:
      s.popResults(s.labelType(0))
      s.setUnreachable()
      break
    case DELEGATE:
      checkDelegate(s)
      break
    case CATCH_ALL:
      if (s.kind !== KIND_TRY && s.kind !== KIND_CATCH) {
        s.fail("misplaced-catch", "must follow a try or a catch")
      }
      s.popFrameResults()
      s.nextArm(KIND_CATCH_ALL)
      break
    case TRY_TABLE:
      checkTryTable(s)
      break
    case BR_ON_NULL:
      checkBranchOnNull(s)
      break
    case BR_ON_NON_NULL:
      checkBranchOnNonNull(s)
      break
  }
}

/** Reads a block type; returns 0, a value type, or the complement of a function type's id. */
const readBlockType = (s: BodyState): number => {
  const { c, r, types } = s
  const byte = r.peekByte()
  if (byte === EMPTY_BLOCK_TYPE) {
    r.pos++
    return 0
  }
  // A value type is a negative number of one byte.
  if ((byte & 0xc0) === 0x40) return readValueType(c)
  const at = r.pos
  const index = r.readS33()
  if (index < 0) {
    r.unknown("malformed-block-type", at, "block type", `${s.name} has an unknown block type`)
  }
  if (r.short) return 0
  if (index >= types.count) {
    s.failIndex("type", index, types.count)
  }
  const id = types.idOf(index)
  if (!types.isFunction(id)) {
    s.fail("unexpected-type-form", `needs a function type, but type ${index} is none`)
  }
  c.features |= FEATURE_MULTI_VALUE
  const results = types.resultCount(id)
  if (types.parameterCount(id) > 0 || results > 1) return ~id
  return results === 0 ? 0 : types.resultType(id, 0)
}

const startBlock = (s: BodyState, kind: number, type: number): void => {
  s.popParameters(type)
  s.pushFrame(kind, type, s.r.pos)
}

const checkEnd = (s: BodyState): void => {
  const { frameType: type, kind } = s
  s.popFrameResults()
  if (kind === KIND_IF && type !== 0) checkMissingElse(s, type)
  s.popFrame()
  if (kind !== KIND_FUNCTION) s.pushResults(type)
}

/** An `if` without `else` returns its parameters, so they must match its results. */
const checkMissingElse = (s: BodyState, type: number): void => {
  const { types } = s
  const count = s.resultCount(type)
  s.work += count
  let isMatch = s.parameterCount(type) === count
  for (let i = 0; isMatch && i < count; i++) {
    isMatch = types.isSubtype(types.parameterType(~type, i), types.resultType(~type, i))
  }
  if (!isMatch) s.fail("type-mismatch", "ends an if that has results but no else")
}

const checkBranchTable = (s: BodyState): void => {
  const r = s.r
  const count = r.readCount(Infinity, "length-out-of-bounds", "labels")
  const { partWay } = s
  if (partWay !== undefined) {
    s.partWay = undefined
    r.pos = s.at + partWay.distance
    checkLabels(s, partWay.index, count, partWay.last, partWay.checkedType)
    return
  }
  s.pop(I32)
  // The default label is last, and determines the arity of all: read it first.
  const first = r.pos
  for (let i = 0; i < count && !r.short; i++) r.readU32()
  const last = s.readLabel()
  r.pos = first
  // Labels often repeat, and different labels often have the same type, which is checked once.
  checkLabels(s, 0, count, last, s.isLoop(last) ? NO_TYPE : s.labelType(last))
}

/** Checks labels from `index` on, and the default label after them. */
const checkLabels = (
  s: BodyState,
  index: number,
  count: number,
  last: number,
  checkedBefore: number,
): void => {
  const r = s.r
  const arity = s.labelCount(last)
  let checkedType = checkedBefore
  for (let i = index; i < count && !r.short; i++) {
    if (s.work >= s.workAtOnce && s.mustPutOff()) {
      s.partWay = { index: i, distance: r.pos - s.at, last, checkedType }
      return
    }
    s.work++
    const frame = s.readLabel()
    const type = s.labelType(frame)
    const isLoop = s.isLoop(frame)
    if (!isLoop && type === checkedType) continue
    const taken = s.labelCount(frame)
    if (taken !== arity) {
      const what = `label ${i} takes ${taken}, the default label ${arity}`
      s.fail("type-mismatch", `has labels with different numbers of operands: ${what}`)
    }
    checkLabelOperands(s, frame)
    if (!isLoop) checkedType = type
  }
  s.readLabel()
  s.popLabel(last)
  s.setUnreachable()
}

/** Checks the topmost operands against a label, without popping them. */
const checkLabelOperands = (s: BodyState, frame: number): void => {
  const sp = s.sp
  s.popLabel(frame)
  s.sp = sp
}

// References

const checkBranchOnNull = (s: BodyState): void => {
  const frame = s.readLabel()
  const type = s.popReference()
  s.popLabel(frame)
  s.pushLabel(frame)
  s.push(type & ~NULLABLE)
}

const checkBranchOnNonNull = (s: BodyState): void => {
  const frame = s.readLabel()
  const count = s.labelCount(frame)
  const type = s.popReference()
  if (count === 0) s.fail("type-mismatch", "needs a label that takes a reference")
  s.push(type & ~NULLABLE)
  s.popLabel(frame)
  s.pushLabel(frame)
  s.popAny()
}

/** `br_on_cast` and `br_on_cast_fail`. */
export const checkCastBranch = (s: BodyState, isFail: boolean): void => {
  const { c, r, types } = s
  const flags = r.readByte()
  if (flags > (CAST_SOURCE_NULL | CAST_TARGET_NULL)) {
    const message = `${s.name} has unknown flags 0x${flags.toString(16)}`
    r.fail("malformed-cast-flags", r.pos - 1, message)
  }
  const frame = s.readLabel()
  const source = referenceTo(readHeapType(c), (flags & CAST_SOURCE_NULL) !== 0)
  const target = referenceTo(readHeapType(c), (flags & CAST_TARGET_NULL) !== 0)
  if (!types.isSubtype(target, source)) {
    s.fail(
      "type-mismatch",
      `casts ${s.textOf(source)} to ${s.textOf(target)}, which is not a subtype of it`,
    )
  }
  if (s.labelCount(frame) === 0) s.fail("type-mismatch", "needs a label that takes a reference")
  const rest = isNullable(target) ? source & ~NULLABLE : source
  s.pop(source)
  s.push(isFail ? rest : target)
  s.popLabel(frame)
  s.pushLabel(frame)
  s.popAny()
  s.push(isFail ? target : rest)
}

// Exceptions

/** Reads the index of a tag; returns the id of its type. */
const readTagType = (s: BodyState): number => {
  const index = s.r.readU32()
  if (index < s.spaces.tagCount) return s.spaces.tagTypeId(index)
  return s.failIndex("tag", index, s.spaces.tagCount)
}

const checkTryTable = (s: BodyState): void => {
  const { partWay, r } = s
  const type = readBlockType(s)
  const count = r.readCount(Infinity, "length-out-of-bounds", "catch clauses")
  let i = 0
  if (partWay !== undefined) {
    i = partWay.index
    r.pos = s.at + partWay.distance
    s.partWay = undefined
  }
  for (; i < count && !r.short; i++) {
    if (s.work >= s.workAtOnce && s.mustPutOff()) {
      s.partWay = { index: i, distance: r.pos - s.at, last: 0, checkedType: NO_TYPE }
      return
    }
    checkCatchClause(s)
  }
  startBlock(s, KIND_TRY_TABLE, type)
}

/** Checks a clause of `try_table`; its label refers to a block around the `try_table`. */
const checkCatchClause = (s: BodyState): void => {
  const { r, types } = s
  const at = r.pos
  const kind = r.readByte()
  if (kind > CLAUSE_CATCH_ALL_REF) {
    const message = `${s.name} has an unknown catch clause 0x${kind.toString(16)}`
    r.unknown("malformed-catch-clause", at, "catch clause", message)
    return
  }
  const id = kind === CLAUSE_CATCH || kind === CLAUSE_CATCH_REF ? readTagType(s) : -1
  const frame = s.readLabel()
  if (r.short) return
  const hasReference = kind === CLAUSE_CATCH_REF || kind === CLAUSE_CATCH_ALL_REF
  const parameters = id < 0 ? 0 : types.parameterCount(id)
  s.work += 1 + parameters
  let isMatch = s.labelCount(frame) === parameters + (hasReference ? 1 : 0)
  for (let i = 0; isMatch && i < parameters; i++) {
    isMatch = types.isSubtype(types.parameterType(id, i), s.labelValue(frame, i))
  }
  if (isMatch && hasReference) isMatch = types.isSubtype(REF_EXN, s.labelValue(frame, parameters))
  if (!isMatch) s.fail("type-mismatch", "has a catch clause that does not match its label")
}

// Legacy exceptions

const checkCatch = (s: BodyState): void => {
  const id = readTagType(s)
  if (s.kind !== KIND_TRY && s.kind !== KIND_CATCH) {
    s.fail("misplaced-catch", "is not inside a try, or follows its catch_all")
  }
  s.popFrameResults()
  s.nextArm(KIND_CATCH)
  if (!s.r.short) s.pushParameters(~id)
}

const checkDelegate = (s: BodyState): void => {
  // The label refers to a block around the try; the outermost label stands for the function's caller.
  const label = s.r.readU32()
  if (s.kind !== KIND_TRY) s.fail("misplaced-catch", "is not inside a try, or follows a catch")
  const depth = s.frame / FRAME_WORDS
  if (label >= depth) {
    s.fail("unknown-label", `uses label ${label}, but the outermost label is ${depth - 1}`)
  }
  const type = s.frameType
  s.popFrameResults()
  s.popFrame()
  s.pushResults(type)
}

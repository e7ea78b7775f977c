/**
 * Validates function bodies one at a time, as each becomes complete in the stream.
 *
 * The loop of `run` checks the commonest instructions in their commonest form, on operands of exactly
 * the expected types. If anything differs, it changes nothing and leaves the instruction to
 * `checkInstruction`, which is complete. So the loop may only accept what `checkInstruction` accepts,
 * and all errors are raised there.
 *
 * It is one flat function so that engines optimise it early: the cursor and the height of the stack are
 * local variables, there are few cases, and rare code is elsewhere.
 *
 * Invariant: `run` may read beyond the body's end, and then ends with `unexpected-end`.
 *
 * @see https://webassembly.github.io/spec/core/appendix/algorithm.html
 * @module
 */
import type { BodyValidator } from "../body_validator.ts"
import type { DecodeContext } from "../context.ts"
import { DecodeError, type DecodeErrorCode } from "../errors.ts"
import type { ModuleSpaces } from "../module_spaces.ts"
import { printName } from "../report/print.ts"
import { ENDS_TOO_EARLY, type ErrorPlace, type Reader } from "../reader.ts"
import { BOTTOM, F64, I32, I64, MUTABLE, V128 } from "../types.ts"
import { readValueType } from "../value_types.ts"
import {
  BodyState,
  FRAME_HEIGHT,
  FRAME_LOCALS_SET,
  FRAME_START,
  FRAME_TYPE,
  FRAME_UNREACHABLE,
  FRAME_WORDS,
  KIND_ELSE,
  KIND_FUNCTION,
  KIND_IF,
  KIND_LOOP,
  type OperandOrigins,
} from "./body_state.ts"
import {
  CASE_BLOCK,
  CASE_BRANCH,
  CASE_CALL,
  CASE_DROP,
  CASE_ELSE,
  CASE_END,
  CASE_FLOAT_CONST,
  CASE_GLOBAL_GET,
  CASE_GLOBAL_SET,
  CASE_I32_CONST,
  CASE_I64_CONST,
  CASE_LOCAL,
  CASE_MEMORY,
  CASE_NUMERIC,
  CASE_OTHER,
  CASE_RETURN,
  CASE_SELECT,
  CASE_UNREACHABLE,
  CASE_VECTOR,
  fastTable,
} from "./fast_table.ts"
import { checkInstruction } from "./check_instruction.ts"
import { pageOf } from "./instruction_words.ts"
import { countInstructions } from "./walk_instructions.ts"
import { checkVector } from "./vector_instructions.ts"

const EMPTY_BLOCK_TYPE = 0x40
const MANY_PARAMETERS = 32
/** The most bytes of a body that are validated once more to find which instruction pushed an operand. */
const LONGEST_REPLAY = 65_536

/** Whether an instruction cannot be decoded, so that the error is at one of its bytes. */
const isMalformed = (code: DecodeErrorCode): boolean =>
  code === "unexpected-end" || /^(?:malformed|leb128)-/.test(code)

/** Checks the bodies of one module. */
export class FunctionValidator implements BodyValidator, ErrorPlace, OperandOrigins {
  readonly #c: DecodeContext
  readonly #r: Reader
  readonly #s: BodyState
  /** The table of the loop. An opcode that indicates a feature has no case until `checkInstruction` has noted that. */
  readonly #table: Int32Array
  readonly #wholeTable: Int32Array
  readonly #hasMemory32: boolean
  readonly #globals: Int32Array
  /** The type index of each function, and where the words of each type begin. */
  readonly #functionTypes: Int32Array
  readonly #typeStarts: Int32Array
  readonly #typeWords: Int32Array

  /** Whether the check of a body is suspended part way. */
  #isUnderWay = false
  /** How far the suspended check got, in bytes from the body's start. */
  #distance = 0
  /** Whether this validator revisits a body that has failed. */
  #isReplay = false

  /**
   * @param c the decoder's context, once everything that bodies refer to has been decoded
   * @param isTurnOver whether to suspend the check, asked now and then; if absent, it is never suspended
   * @param workAtOnce the amount of work between two such calls, in bytes of plain instructions
   */
  constructor(c: DecodeContext, isTurnOver: (() => boolean) | undefined, workAtOnce: number) {
    const { spaces } = c
    this.#c = c
    this.#r = c.reader
    this.#s = new BodyState(c, this, isTurnOver, workAtOnce)
    this.#hasMemory32 = spaces.memoryCount > 0 && !spaces.isMemory64(0)
    this.#wholeTable = fastTable(this.#hasMemory32)
    this.#table = this.#wholeTable.map((word, opcode) =>
      featureOf(opcode) === 0 ? word : CASE_OTHER
    )
    this.#globals = spaces.packedGlobals
    this.#functionTypes = spaces.packedFunctions
    this.#typeWords = spaces.types.packedWords
    this.#typeStarts = spaces.types.packedStarts()
  }

  validate(functionIndex: number, start: number, end: number): boolean {
    const r = this.#r
    const s = this.#s
    r.functionIndex = functionIndex
    r.setLimit(end, end)
    if (this.#isUnderWay) {
      r.pos = start + this.#distance
      s.bodyStart = start
    } else {
      // There may be many bodies of few bytes, with many locals each.
      if (s.work >= s.workAtOnce && s.mustPutOff()) return false
      this.#begin(functionIndex, start)
    }
    const from = r.pos
    r.place = this
    const isDone = this.#run(r.bytes, end)
    r.place = undefined
    this.#isUnderWay = !isDone
    if (isDone) s.work += end - from
    else this.#distance = r.pos - start
    return isDone
  }

  /** The operands of the innermost block where validation stopped, for displaying an error. */
  operandTexts(most = 1_000): {
    readonly operands: ReadonlyArray<string>
    readonly isUnreachable: boolean
  } {
    const s = this.#s
    if (s.frame < 0) return { operands: [], isUnreachable: false }
    const types = s.stack.subarray(Math.max(s.height, s.sp - most), s.sp)
    return {
      operands: Array.from(types, (type) => s.textOf(type)),
      isUnreachable: s.isUnreachable(),
    }
  }

  /** Starts a body: its locals, and its own frame. */
  #begin(functionIndex: number, start: number): void {
    const r = this.#r
    const s = this.#s
    r.pos = start
    s.reset()
    s.bodyStart = start
    const type = this.#spaces.functionTypeId(functionIndex)
    this.#addLocals(type)
    s.work += r.pos - start + (s.locals.count >>> 4)
    s.at = r.pos
    s.pushFunction(type, r.pos)
  }

  get #spaces(): ModuleSpaces {
    return this.#c.spaces
  }

  /** Adds the parameters and the declared locals, which the decoder has checked. */
  #addLocals(type: number): void {
    const r = this.#r
    const { locals, types } = this.#s
    const bytes = r.bytes
    locals.reset()
    const parameters = types.parameterCount(type)
    for (let i = 0; i < parameters; i++) locals.addParameter(types.parameterType(type, i))
    const declarations = r.readU32()
    for (let i = 0; i < declarations; i++) {
      let at = r.pos
      // Skips declarations of no locals, of which there may be four million.
      while (i < declarations - 1 && bytes[at] === 0 && isNumber(bytes[at + 1] ?? 0)) {
        at += 2
        i++
      }
      r.pos = at
      const count = r.readU32()
      const byte = bytes[r.pos] ?? 0
      if (isNumber(byte)) {
        r.pos++
        locals.add(count, byte)
      } else locals.add(count, readValueType(this.#c))
    }
  }

  // Errors

  /** The offset of an error: that of the byte that cannot be decoded, or of the instruction that is not valid. */
  offsetOf(code: DecodeErrorCode, offset: number): number {
    return isMalformed(code) ? offset : this.#r.base + this.#s.at
  }

  /**
   * The index of the instruction that pushed an operand. Validates the body once more, one instruction at a time, with the
   * bottom type in place of the operand's: an instruction that pushes to that place overwrites it.
   */
  originOf(place: number): number | undefined {
    const c = this.#c
    const r = this.#r
    const s = this.#s
    const { at, bodyStart } = s
    if (this.#isReplay || at - bodyStart > LONGEST_REPLAY) return undefined
    const { limit, pos } = r
    const { mayPutOff } = c
    const steps = new FunctionValidator(c, () => true, 1)
    steps.#isReplay = true
    let origin: number | undefined
    c.mayPutOff = true
    try {
      let next = s.firstInstruction
      while (next < at) {
        const state = steps.#s
        const isThere = state.sp > place
        const kept = state.stack[place] ?? BOTTOM
        if (isThere) state.stack[place] = BOTTOM
        const isDone = steps.validate(r.functionIndex, bodyStart, limit)
        if (state.sp > place) {
          if (isThere && state.stack[place] === BOTTOM) state.stack[place] = kept
          else origin = next
        }
        if (isDone) break
        next = r.pos
      }
    } catch (error) {
      // The bottom type can cause errors that are not the module's.
      if (error instanceof DecodeError) return undefined
      throw error
    } finally {
      c.mayPutOff = mayPutOff
      r.place = this
      r.pos = pos
    }
    return origin
  }

  /** The place of an error in the function, in words. */
  describe(code: DecodeErrorCode): string {
    const r = this.#r
    const s = this.#s
    const name = this.#spaces.functionNames.nameOf(r.functionIndex)
    const its = `, in function ${r.functionIndex}${
      name === undefined ? "" : ` "${printName(name)}"`
    }`
    // The last instruction may be incomplete, so instructions cannot be counted.
    if (code === "unexpected-end") return its
    if (s.frame < 0) return `${its}, after its end`
    const block = s.kind === KIND_FUNCTION ? "body" : "innermost block"
    const start = s.bodyStart + (s.frames[s.frame + FRAME_START] ?? 0)
    const count = countInstructions(r.bytes, start, s.at)
    return `${its}, instruction ${count + 1} of the ${block}`
  }

  /**
   * Checks instructions up to the function's end, which must be the end of the body.
   *
   * @returns whether the check is complete; if not, the cursor is at the next instruction
   */
  #run(bytes: Uint8Array, end: number): boolean {
    const functionTypes = this.#functionTypes
    const globals = this.#globals
    const hasMemory32 = this.#hasMemory32
    const r = this.#r
    const s = this.#s
    const table = this.#table
    const typeStarts = this.#typeStarts
    const typeWords = this.#typeWords
    const locals = s.locals.types
    const functionCount = this.#spaces.functionCount
    const globalCount = this.#spaces.globalCount
    let stack = s.stack
    let room = stack.length
    let pos = r.pos
    let sp = s.sp
    let height = s.height

    // At `pause` the loop asks whether to suspend. The test stands in the loop's condition, so it costs nothing elsewhere.
    let pause = Math.min(end, pos + s.workAtOnce)
    while (pos < pause || pos < (pause = this.#nextPause(pos, end))) {
      const at = pos
      const opcode = bytes[pos++] ?? 0
      const word = table[opcode] ?? 0
      if (sp >= room) {
        s.sp = sp
        s.reserve(1)
        stack = s.stack
        room = stack.length
      }
      switch (word & 31) {
        case CASE_LOCAL: {
          // Reading and writing differ in the number of operands popped and pushed.
          let index = bytes[pos] ?? 0
          let next = pos + 1
          if (index >= 0x80) {
            const high = bytes[next++] ?? 0
            if (high >= 0x80) break
            index = (index & 0x7f) | (high << 7)
          }
          const type = locals[index] ?? 0
          // A mask made of the word's bits replaces a branch that would be unpredictable.
          const top = sp - ((word >> 22) & 3)
          if (type === 0 || top < height) break
          if ((((stack[sp - 1] ?? 0) ^ type) & ((word << 5) >> 31)) !== 0) break
          stack[top] = type
          sp = top + ((word >> 24) & 1)
          pos = next
          continue
        }

        case CASE_NUMERIC: {
          const type = (word >> 5) & 0x7f
          const top = sp - ((word >> 22) & 3)
          if (top < height || stack[sp - 1] !== type) break
          if ((((stack[sp - 2] ?? 0) ^ type) & ((word << 6) >> 31)) !== 0) break
          stack[top] = (word >> 12) & 0x7f
          sp = top + 1
          continue
        }

        case CASE_I32_CONST: {
          // The fifth byte of an integer may make it too large.
          const fifth = pos + 4
          let next = pos
          while (next < fifth && (bytes[next] ?? 0) >= 0x80) next++
          const byte = bytes[next] ?? 0
          if (next === fifth && byte > 0x07 && (byte < 0x78 || byte >= 0x80)) break
          pos = next + 1
          stack[sp++] = I32
          continue
        }

        case CASE_MEMORY: {
          const top = sp - ((word >> 22) & 3)
          if (top < height || (bytes[pos] ?? 0) > ((word >> 19) & 7)) break
          if (stack[sp - 1] !== ((word >> 5) & 0x7f)) break
          if ((((stack[sp - 2] ?? 0) ^ I32) & ((word << 6) >> 31)) !== 0) break
          const fifth = pos + 5
          let next = pos + 1
          while (next < fifth && (bytes[next] ?? 0) >= 0x80) next++
          if (next === fifth) break
          stack[top] = (word >> 12) & 0x7f
          sp = top + ((word >> 24) & 1)
          pos = next + 1
          continue
        }

        case CASE_BLOCK: {
          const type = bytes[pos] ?? 0
          if (type !== EMPTY_BLOCK_TYPE && (type < F64 || type > I32)) break
          const top = sp - ((word >> 22) & 3)
          if (top < height || (((stack[sp - 1] ?? 0) ^ I32) & ((word << 5) >> 31)) !== 0) break
          sp = top
          pos++
          s.sp = sp
          s.pushFrame((word >> 5) & 0x7f, type === EMPTY_BLOCK_TYPE ? 0 : type, pos)
          height = sp
          continue
        }

        case CASE_I64_CONST: {
          const tenth = pos + 9
          let next = pos
          while (next < tenth && (bytes[next] ?? 0) >= 0x80) next++
          const byte = bytes[next] ?? 0
          if (next === tenth && byte !== 0 && byte !== 0x7f) break
          pos = next + 1
          stack[sp++] = I64
          continue
        }

        case CASE_FLOAT_CONST:
          pos += (word >> 5) & 0x7f
          stack[sp++] = (word >> 12) & 0x7f
          continue

        case CASE_ELSE: {
          const type = s.frameType
          if (s.kind !== KIND_IF || type < 0) break
          if (type === 0 ? sp !== height : sp !== height + 1 || stack[height] !== type) break
          r.pos = pos
          s.nextArm(KIND_ELSE)
          sp = height
          continue
        }

        case CASE_END: {
          const frames = s.frames
          const frame = s.frame
          const type = frames[frame + FRAME_TYPE] ?? 0
          const kind = frames[frame] ?? 0
          if (type === 0 ? sp !== height : sp !== height + 1 || stack[height] !== type) break
          if (kind === KIND_FUNCTION && pos === end) return true
          if (kind > KIND_IF || (kind === KIND_IF && type !== 0)) break
          if (frames[frame + FRAME_LOCALS_SET] !== s.locals.setCount) break
          s.frame = frame - FRAME_WORDS
          height = frames[frame - FRAME_WORDS + FRAME_HEIGHT] ?? 0
          s.height = height
          continue
        }

        case CASE_BRANCH: {
          const label = bytes[pos] ?? 0
          const frames = s.frames
          const target = s.frame - label * FRAME_WORDS
          if (label >= 0x80 || target < 0) break
          const declared = frames[target + FRAME_TYPE] ?? 0
          const type = frames[target] === KIND_LOOP ? 0 : declared
          if (declared < 0) break
          const top = sp - ((word >> 22) & 3)
          if (top < height || (((stack[sp - 1] ?? 0) ^ I32) & ((word << 5) >> 31)) !== 0) break
          if (type !== 0 && (top === height || stack[top - 1] !== type)) break
          if (top < sp) sp = top
          else {
            sp = height
            frames[s.frame + FRAME_UNREACHABLE] = 1
          }
          pos++
          continue
        }

        case CASE_RETURN: {
          const frames = s.frames
          const type = frames[FRAME_TYPE] ?? 0
          if (type < 0) break
          if (type !== 0 && (sp === height || stack[sp - 1] !== type)) break
          sp = height
          frames[s.frame + FRAME_UNREACHABLE] = 1
          continue
        }

        case CASE_UNREACHABLE:
          sp = height
          s.frames[s.frame + FRAME_UNREACHABLE] = 1
          continue

        case CASE_CALL: {
          let index = bytes[pos] ?? 0
          let next = pos + 1
          if (index >= 0x80) {
            const second = bytes[next++] ?? 0
            index = (index & 0x7f) | ((second & 0x7f) << 7)
            if (second >= 0x80) {
              const third = bytes[next++] ?? 0
              if (third >= 0x80) break
              index |= third << 14
            }
          }
          if (index >= functionCount) break
          const start = typeStarts[functionTypes[index] ?? 0] ?? 0
          const parameters = typeWords[start + 2] ?? 0
          const results = typeWords[start + 3] ?? 0
          const first = sp - parameters
          // A call with many parameters is work that `checkInstruction` counts.
          if (first < height || results > 1 || parameters > MANY_PARAMETERS) break
          let i = 0
          while (i < parameters && stack[first + i] === typeWords[start + 4 + i]) i++
          if (i < parameters) break
          sp = first
          if (results === 1) stack[sp++] = typeWords[start + 4 + parameters] ?? 0
          pos = next
          continue
        }

        case CASE_GLOBAL_GET: {
          let index = bytes[pos] ?? 0
          let next = pos + 1
          if (index >= 0x80) {
            const high = bytes[next++] ?? 0
            if (high >= 0x80) break
            index = (index & 0x7f) | (high << 7)
          }
          if (index >= globalCount) break
          stack[sp++] = (globals[index] ?? 0) & ~MUTABLE
          pos = next
          continue
        }

        case CASE_GLOBAL_SET: {
          const index = bytes[pos] ?? 0
          if (index >= 0x80 || index >= globalCount) break
          const type = globals[index] ?? 0
          if (sp === height || ((stack[sp - 1] ?? 0) | MUTABLE) !== type) break
          sp--
          pos++
          continue
        }

        case CASE_DROP:
          if (sp === height) break
          sp--
          continue

        case CASE_SELECT: {
          if (sp - 3 < height || stack[sp - 1] !== I32) break
          const type = stack[sp - 2] ?? 0
          if (stack[sp - 3] !== type || type < V128 || type > I32) break
          sp -= 2
          continue
        }

        case CASE_VECTOR:
          s.sp = sp
          r.pos = pos
          if (!checkVector(s, hasMemory32)) break
          sp = s.sp
          pos = r.pos
          continue
      }

      s.at = at
      s.sp = sp
      r.pos = at + 1
      checkInstruction(s, opcode)
      if (r.short) return true
      if (s.partWay !== undefined) {
        r.pos = at
        return false
      }
      pos = r.pos
      if (s.frame < 0) {
        if (pos === end) return true
        s.at = pos
        r.fail(
          "instructions-after-end",
          pos,
          "There are instructions after the end of the function",
        )
      }
      if (word === CASE_OTHER) table[opcode] = this.#wholeTable[opcode] ?? 0
      sp = s.sp
      height = s.height
      stack = s.stack
      room = stack.length
      if (s.work >= s.workAtOnce) pause = pos
    }
    if (pos < end) {
      s.sp = sp
      r.pos = pos
      return false
    }
    s.at = end
    s.sp = sp
    // The loop may have read beyond the body's end, which `checkInstruction` would have refused.
    const message = pos > end ? ENDS_TOO_EARLY : "The function body must end with end (0x0b)"
    r.fail("unexpected-end", end, message)
    return true
  }

  /** Where the loop is to pause next; `pos` itself if the check is suspended. */
  #nextPause(pos: number, end: number): number {
    const s = this.#s
    if (pos >= end || s.mustPutOff()) return pos
    return Math.min(end, pos + s.workAtOnce)
  }
}

const isNumber = (type: number): boolean => type >= V128 && type <= I32

const featureOf = (opcode: number): number => pageOf(0)?.features[opcode] ?? 0

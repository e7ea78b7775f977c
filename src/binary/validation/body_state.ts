/**
 * The state of the validation of one function body: operand stack, control frames, locals. The arrays
 * are flat, and reused from body to body; the algorithm is that of the specification's appendix.
 *
 * Invariant: `height` is the height of the operand stack at the start of the innermost frame;
 * operands below it are inaccessible.
 *
 * @see https://webassembly.github.io/spec/core/appendix/algorithm.html
 * @module
 */
import { counted } from "../counted.ts"
import type { DecodeContext } from "../context.ts"
import type { DecodeErrorCode } from "../errors.ts"
import { grownInts } from "../collections/grown.ts"
import type { ModuleSpaces } from "../module_spaces.ts"
import type { Indexed, Reader } from "../reader.ts"
import type { TypeSpace } from "../type_space.ts"
import { BOTTOM, isReference, REFERENCE, type ValueType } from "../types.ts"
import { nameOfInstruction } from "./walk_instructions.ts"
import { Locals } from "./locals.ts"

/** Kinds of frames. Those up to `KIND_IF` end like a block if they have no parameters. */
export const KIND_BLOCK = 0
export const KIND_LOOP = 1
export const KIND_ELSE = 2
export const KIND_TRY_TABLE = 3
export const KIND_IF = 4
export const KIND_TRY = 5
export const KIND_CATCH = 6
export const KIND_CATCH_ALL = 7
export const KIND_FUNCTION = 8

// The words of a frame; the first is its kind.

/** The height of the operand stack at the frame's start. */
export const FRAME_HEIGHT = 1
/** The frame's type: 0 for none, a result's value type, or the complement of a function type's id. */
export const FRAME_TYPE = 2
/** The number of locals that had been set at the frame's start. */
export const FRAME_LOCALS_SET = 3
/** Where the frame's first instruction is, in bytes from the start of the body. */
export const FRAME_START = 4
/** Whether the rest of the frame is unreachable. */
export const FRAME_UNREACHABLE = 5
export const FRAME_WORDS = 6

/** The reference to the bottom heap type: a subtype of every reference type. */
export const REF_BOTTOM: ValueType = REFERENCE

/** Where operands begin, so that reading the two topmost ones never leaves the array. */
const FLOOR = 2
const INITIAL_STACK = 1024
const INITIAL_FRAMES = 64 * FRAME_WORDS
/** Arrays with more entries than this are released after the body that needed them. */
const KEPT_ENTRIES = 65_536
/**
 * The most operands at a time. Two bytes can push a thousand, so a body within all limits could need
 * 15 GB.
 */
const MAXIMUM_OPERANDS = 2 ** 24

/** The most types of a list that a message shows. */
const SHOWN_TYPES = 8

/** Up to this many words are copied one by one. */
const FEW_WORDS = 32
/** The cost of a subtype check, in bytes of plain instructions. */
const SUBTYPE_WORK = 4

/** Where the check of a long instruction, with many labels or clauses, was suspended. */
export interface PartWay {
  /** The index of the label or clause to resume with. */
  readonly index: number
  /** Where that is, in bytes from the start of the instruction. */
  readonly distance: number
  /** The frame of the default label. */
  readonly last: number
  /** The type against which the operands were checked last. */
  readonly checkedType: number
}

/** Knows which instruction pushed an operand. */
export interface OperandOrigins {
  /** The index of the instruction that pushed the operand at a place in the stack; `undefined` if not found. */
  originOf(place: number): number | undefined
}

/** Operand stack, frames and locals. */
export class BodyState {
  readonly c: DecodeContext
  readonly r: Reader
  readonly spaces: ModuleSpaces
  readonly types: TypeSpace
  readonly locals: Locals

  stack: Int32Array = new Int32Array(INITIAL_STACK)
  /** Where the next operand goes. */
  sp: number = FLOOR
  frames: Int32Array = new Int32Array(INITIAL_FRAMES)
  /** Where the innermost frame starts in `frames`; negative after the function's end. */
  frame: number = -FRAME_WORDS
  /** The innermost frame's height. */
  height: number = FLOOR
  /** The index of the instruction at hand. */
  at = 0
  /** The index of the body's first byte. Frames' starts are relative to it, as the window may change. */
  bodyStart = 0

  /**
   * Work since the last call of `isTurnOver` that is not proportional to bytes: long lists of types in short instructions,
   * comparisons of types.
   */
  work = 0
  /** Where the check of the current instruction is suspended, if it is. */
  partWay: PartWay | undefined = undefined
  /** The amount of work between two calls of `isTurnOver`, in bytes of plain instructions. */
  readonly workAtOnce: number
  readonly #isTurnOver: (() => boolean) | undefined
  readonly #origins: OperandOrigins

  /**
   * @param c the decoder's context
   * @param origins finds the instruction that pushed an operand of a wrong type
   * @param isTurnOver whether to suspend the check, asked now and then
   * @param workAtOnce the amount of work between two such calls
   */
  constructor(
    c: DecodeContext,
    origins: OperandOrigins,
    isTurnOver: (() => boolean) | undefined,
    workAtOnce: number,
  ) {
    this.c = c
    this.#origins = origins
    this.workAtOnce = workAtOnce
    this.#isTurnOver = isTurnOver
    this.r = c.reader
    this.spaces = c.spaces
    this.types = c.spaces.types
    this.locals = new Locals()
  }

  /** Starts a body; releases arrays that a large body before it needed. */
  reset(): void {
    if (this.stack.length > KEPT_ENTRIES) this.stack = new Int32Array(INITIAL_STACK)
    if (this.frames.length > KEPT_ENTRIES) this.frames = new Int32Array(INITIAL_FRAMES)
    this.sp = FLOOR
    this.height = FLOOR
    this.frame = -FRAME_WORDS
  }

  /** Whether to suspend the check here. Callers ask only after some work, so that every run makes progress. */
  mustPutOff(): boolean {
    this.work = 0
    return this.#isTurnOver !== undefined && this.c.mayPutOff && this.#isTurnOver()
  }

  // Failing

  /** Fails at the current instruction; its name is put before the message. */
  fail(code: DecodeErrorCode, message: string): 0 {
    return this.r.fail(code, this.at, `${this.name} ${message}`)
  }

  /** Fails because the module has fewer of something than an index needs. */
  failIndex(what: Indexed, index: number, count: number): 0 {
    const message = `uses ${what} ${index}, but the module has ${counted(count, what)}`
    return this.fail(`unknown-${what}`, message)
  }

  /** Fails because the operand that was popped last has the wrong type. */
  #failOperand(expected: string, actual: ValueType): void {
    const { bytes, short } = this.r
    const origin = short ? undefined : this.#origins.originOf(this.sp)
    const pushed = origin === undefined
      ? ""
      : ` (pushed by ${nameOfInstruction(bytes, origin)} at 0x${
        (this.r.base + origin).toString(16)
      })`
    this.fail("type-mismatch", `expects ${expected} but found ${this.textOf(actual)}${pushed}`)
  }

  /** The name of the current instruction. */
  get name(): string {
    return nameOfInstruction(this.r.bytes, this.at)
  }

  /** A value type for messages. */
  textOf(type: ValueType): string {
    return type === REF_BOTTOM ? "(ref bot)" : this.types.textOf(type)
  }

  /** A list of value types for messages: only the first few, as there may be a thousand. */
  textOfTypes(count: number, typeAt: (index: number) => ValueType): string {
    const shown = Math.min(count, SHOWN_TYPES)
    const texts = Array.from({ length: shown }, (_, i) => this.textOf(typeAt(i)))
    if (count > shown) texts.push(`${count - shown} more`)
    return `[${texts.join(" ")}]`
  }

  // Operands

  /** Makes room for operands. */
  reserve(count: number): void {
    const needed = this.sp + count
    if (needed <= this.stack.length) return
    if (needed > MAXIMUM_OPERANDS) {
      this.fail("limit-operands", `pushes more than ${MAXIMUM_OPERANDS} operands`)
    }
    this.stack = grownInts(this.stack, needed)
  }

  push(type: ValueType): void {
    if (this.sp === this.stack.length) this.reserve(1)
    this.stack[this.sp++] = type
  }

  /** Pops an operand that is a subtype of `expected`; returns its type, or `BOTTOM`. */
  pop(expected: ValueType): ValueType {
    if (this.sp === this.height) return this.#popNothing(expected)
    const actual = this.stack[--this.sp] ?? 0
    if (actual !== expected) {
      this.work += SUBTYPE_WORK
      if (!this.types.isSubtype(actual, expected)) {
        this.#failOperand(this.textOf(expected), actual)
      }
    }
    return actual
  }

  /** Pops an operand of any type. */
  popAny(): ValueType {
    if (this.sp === this.height) return this.#popNothing(BOTTOM)
    return this.stack[--this.sp] ?? 0
  }

  /** Pops an operand of any reference type; an unreachable one is a reference to the bottom. */
  popReference(): ValueType {
    const type = this.popAny()
    if (type === BOTTOM) return REF_BOTTOM
    if (!isReference(type)) {
      this.#failOperand("a reference", type)
    }
    return type
  }

  #popNothing(expected: ValueType): ValueType {
    if (this.isUnreachable()) return BOTTOM
    const what = expected === BOTTOM ? "an operand" : this.textOf(expected)
    this.fail("type-mismatch", `expects ${what} but the stack of its block is empty`)
    return BOTTOM
  }

  /** Whether every further pop succeeds, as the code is unreachable and all its operands are popped. */
  get isExhausted(): boolean {
    return this.sp === this.height && this.isUnreachable()
  }

  // Frames

  /** Starts the function's own frame: its label takes its results, and nothing is pushed. */
  pushFunction(id: number, start: number): void {
    const results = this.types.resultCount(id)
    this.pushFrame(KIND_FUNCTION, 0, start)
    if (results > 0) {
      this.frames[FRAME_TYPE] = results === 1 ? this.types.resultType(id, 0) : ~id
    }
  }

  /** Starts a frame whose parameters have been popped, and pushes them. */
  pushFrame(kind: number, type: number, start: number): void {
    const at = this.frame + FRAME_WORDS
    if (at === this.frames.length) this.frames = grownInts(this.frames, at + FRAME_WORDS)
    const frames = this.frames
    frames[at] = kind
    frames[at + FRAME_HEIGHT] = this.sp
    frames[at + FRAME_TYPE] = type
    frames[at + FRAME_LOCALS_SET] = this.locals.setCount
    frames[at + FRAME_START] = start - this.bodyStart
    frames[at + FRAME_UNREACHABLE] = 0
    this.frame = at
    this.height = this.sp
    if (type < 0) this.pushParameters(type)
  }

  /** Pops the results of the innermost frame; fails if other operands are left. */
  popFrameResults(): void {
    this.popResults(this.frameType)
    const left = this.sp - this.height
    if (left !== 0) {
      const values = left === 1 ? "1 extra value" : `${left} extra values`
      this.fail("type-mismatch", `leaves ${values} on the stack of its block`)
      this.sp = this.height
    }
  }

  /** Leaves the innermost frame. */
  popFrame(): void {
    this.locals.unsetFrom(this.frames[this.frame + FRAME_LOCALS_SET] ?? 0)
    this.frame -= FRAME_WORDS
    this.height = this.frame < 0 ? 0 : this.frames[this.frame + FRAME_HEIGHT] ?? 0
  }

  /** Starts the next arm of the innermost frame: its `else`, or a `catch`. */
  nextArm(kind: number): void {
    const at = this.frame
    this.locals.unsetFrom(this.frames[at + FRAME_LOCALS_SET] ?? 0)
    this.frames[at] = kind
    this.frames[at + FRAME_START] = this.r.pos - this.bodyStart
    this.frames[at + FRAME_UNREACHABLE] = 0
    this.sp = this.height
  }

  /** The index of the body's first instruction. */
  get firstInstruction(): number {
    return this.bodyStart + (this.frames[FRAME_START] ?? 0)
  }

  /** The kind of the innermost frame. */
  get kind(): number {
    return this.frames[this.frame] ?? 0
  }

  /** The type of the innermost frame. */
  get frameType(): number {
    return this.frames[this.frame + FRAME_TYPE] ?? 0
  }

  isUnreachable(): boolean {
    return this.frames[this.frame + FRAME_UNREACHABLE] === 1
  }

  /** Marks the rest of the innermost frame as unreachable. */
  setUnreachable(): void {
    this.sp = this.height
    this.frames[this.frame + FRAME_UNREACHABLE] = 1
  }

  /** Reads a label; returns the start of its frame. */
  readLabel(): number {
    const label = this.r.readU32()
    const at = this.frame - label * FRAME_WORDS
    if (at >= 0) return at
    const depth = this.frame / FRAME_WORDS + 1
    this.fail("unknown-label", `uses label ${label}, but the outermost label is ${depth - 1}`)
    return 0
  }

  /** The type of a label's frame: 0, a value type, or the complement of a function type's id. */
  labelType(frame: number): number {
    return this.frames[frame + FRAME_TYPE] ?? 0
  }

  /** Whether a label takes the parameters of its frame's type, not its results. */
  isLoop(frame: number): boolean {
    return this.frames[frame] === KIND_LOOP
  }

  /** The number of values that a branch to a label takes. */
  labelCount(frame: number): number {
    const type = this.labelType(frame)
    return this.isLoop(frame) ? this.parameterCount(type) : this.resultCount(type)
  }

  /** The type of a value that a branch to a label takes. */
  labelValue(frame: number, index: number): ValueType {
    const type = this.labelType(frame)
    if (!this.isLoop(frame)) return type > 0 ? type : this.types.resultType(~type, index)
    return this.types.parameterType(~type, index)
  }

  popLabel(frame: number): void {
    const type = this.labelType(frame)
    if (this.isLoop(frame)) this.popParameters(type)
    else this.popResults(type)
  }

  pushLabel(frame: number): void {
    const type = this.labelType(frame)
    if (this.isLoop(frame)) this.pushParameters(type)
    else this.pushResults(type)
  }

  // Block types: 0, a value type, or the complement of a function type's id

  parameterCount(type: number): number {
    return type < 0 ? this.types.parameterCount(~type) : 0
  }

  resultCount(type: number): number {
    if (type < 0) return this.types.resultCount(~type)
    return type === 0 ? 0 : 1
  }

  popParameters(type: number): void {
    if (type >= 0) return
    this.#popAll(this.types.parametersStart(~type), this.types.parameterCount(~type))
  }

  pushParameters(type: number): void {
    if (type >= 0) return
    this.#pushAll(this.types.parametersStart(~type), this.types.parameterCount(~type))
  }

  popResults(type: number): void {
    if (type === 0) return
    if (type > 0) {
      this.pop(type)
      return
    }
    this.#popAll(this.types.resultsStart(~type), this.types.resultCount(~type))
  }

  pushResults(type: number): void {
    if (type === 0) return
    if (type > 0) {
      this.push(type)
      return
    }
    this.#pushAll(this.types.resultsStart(~type), this.types.resultCount(~type))
  }

  /** Pops operands of the types at `start` in the words of all types. */
  #popAll(start: number, count: number): void {
    const words = this.types.packedWords
    this.work += count >>> 2
    let at = start + count - 1
    let sp = this.sp
    const { height, stack } = this
    // Nearly always the types are equal, so they are compared as words first.
    while (at >= start && sp > height && stack[sp - 1] === words[at]) {
      at--
      sp--
    }
    this.sp = sp
    for (; at >= start && !this.isExhausted; at--) this.pop(words[at] ?? 0)
  }

  #pushAll(start: number, count: number): void {
    this.reserve(count)
    const words = this.types.packedWords
    this.work += count >>> 3
    const stack = this.stack
    const sp = this.sp
    this.sp = sp + count
    if (count > FEW_WORDS) stack.set(words.subarray(start, start + count), sp)
    else for (let i = 0; i < count; i++) stack[sp + i] = words[start + i] ?? 0
  }
}

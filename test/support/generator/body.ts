/**
 * The model of the operand stack and the blocks that keeps a generated body well typed.
 *
 * An emitter takes its operands with `take`, which uses those on the stack or emits code for missing ones, emits its
 * instruction, and pushes the results. Invariant: the instructions so far, with every open block closed by `close`, are
 * well typed.
 */
import type { Dice } from "./dice.ts"
import { numberConstant } from "./constants.ts"
import type { ModuleShape } from "./module.ts"
import {
  BOTTOM,
  BOTTOM_HEAP,
  type FunctionType,
  isDefaultable,
  isReference,
  NUMBERS,
  type Reference,
  refTo,
  type TypeList,
  type Value,
  valueBytes,
} from "./types.ts"
import { END, flat, I32, I64, type Part, s, u, V128, vec } from "../module_builder.ts"

/** A block's parameters and results, and their encoding. */
export interface BlockType {
  readonly parameters: ReadonlyArray<Value>
  readonly results: ReadonlyArray<Value>
  readonly bytes: Part
}

/** An open block. */
export interface Frame {
  readonly kind: "function" | "block" | "loop" | "if" | "try" | "catch"
  readonly results: ReadonlyArray<Value>
  /** The types that a branch to it takes. */
  readonly label: ReadonlyArray<Value>
  readonly height: number
  /** Locals that had a value when it began. */
  readonly filled: ReadonlySet<number>
  unreachable: boolean
}

/** Writes something into a body; false if nothing fits there. */
export type Emitter = (body: Body) => boolean

const DEPTH = 5
const HEIGHT = 14

/** A body that is being written. */
export class Body {
  readonly shape: ModuleShape
  readonly dice: Dice
  readonly types: TypeList
  readonly results: ReadonlyArray<Value>
  readonly locals: ReadonlyArray<Value>
  readonly parameterCount: number
  /** One entry per instruction. */
  readonly instructions: Array<ReadonlyArray<number>> = []
  readonly stack: Array<Value> = []
  readonly frames: Array<Frame> = []
  /** Locals that may be read. */
  filled: Set<number>
  readonly #limit: number
  readonly #statements: ReadonlyArray<Emitter>
  readonly #producers: (type: Value) => ReadonlyArray<Emitter>
  #depth = 0
  /** Operands below this height are kept for an instruction that is being prepared. */
  #floor = 0

  constructor(
    shape: ModuleShape,
    { parameters, results }: FunctionType,
    limit: number,
    statements: ReadonlyArray<Emitter>,
    producers: (type: Value) => ReadonlyArray<Emitter>,
  ) {
    this.shape = shape
    this.dice = shape.dice
    this.types = shape.types
    this.results = results
    this.parameterCount = parameters.length
    this.locals = [
      ...parameters,
      ...this.dice.times(this.dice.between(0, 5), () => {
        const type = shape.typeSection.value()
        return new Array<Value>(this.dice.chance(70) ? 1 : this.dice.between(2, 4)).fill(type)
      }).flat(),
    ]
    this.filled = new Set(
      this.locals.flatMap((type, index) =>
        index < parameters.length || isDefaultable(type) ? [index] : []
      ),
    )
    this.#limit = limit
    this.#statements = statements
    this.#producers = producers
  }

  /** Writes the whole body. */
  write(): void {
    this.#push("function", { parameters: [], results: this.results, bytes: [] })
    this.run(this.#limit)
    this.close()
  }

  // Instructions and operands

  emit(...parts: ReadonlyArray<Part>): void {
    this.instructions.push(flat(...parts))
  }

  /** Adds this many instructions, or fewer if the rest of the code is unreachable. */
  run(count: number): void {
    const until = Math.min(this.#limit, this.instructions.length + count)
    const frame = this.top
    for (let attempts = count + 4; attempts > 0 && this.instructions.length < until; attempts--) {
      if (frame.unreachable && this.dice.chance(25)) return
      if (this.stack.length - frame.height > HEIGHT) this.discard()
      else this.dice.pick(this.#statements)(this)
    }
  }

  push(...types: ReadonlyArray<Value>): void {
    this.stack.push(...types)
  }

  /** The number of operands that may be used. */
  get #available(): number {
    return this.stack.length - Math.max(this.top.height, this.#floor)
  }

  /** Whether the stack is polymorphic below the operands that may be used. */
  get #isBottomless(): boolean {
    return this.top.unreachable && this.#floor <= this.top.height
  }

  /** Makes sure that operands of these types are on the stack, and pops them. */
  take(...types: ReadonlyArray<Value>): void {
    const count = types.length
    const available = this.#available
    if (this.#isBottomless && this.dice.chance(60)) {
      // The stack is polymorphic below the block's operands.
      const some = Math.min(count, available)
      if (
        this.types.areSub(this.stack.slice(this.stack.length - some), types.slice(count - some))
      ) {
        this.stack.length -= some
        return
      }
    }
    let usable = this.dice.chance(8) ? 0 : Math.min(count, available)
    const fits = (): boolean =>
      this.types.areSub(this.stack.slice(this.stack.length - usable), types.slice(0, usable))
    while (usable > 0 && !fits()) usable--
    for (const type of types.slice(usable)) this.produce(type)
    this.stack.length -= count
  }

  /** Pops the top operand, of any type; bottom in unreachable code, `undefined` if the stack is empty. */
  takeAny(): Value | undefined {
    if (this.#available > 0) return this.stack.pop()
    return this.#isBottomless ? BOTTOM : undefined
  }

  /** Pops a reference to something in the hierarchy of a heap type. */
  takeReference(heap: number, nullable = true): Reference {
    const operand = this.#available > 0 ? this.stack.at(-1) : undefined
    const wanted = refTo(heap, nullable)
    if (operand !== undefined && isReference(operand) && this.types.isSub(operand, wanted)) {
      this.stack.pop()
      return operand
    }
    if (operand === undefined && this.#isBottomless && this.dice.chance(50)) {
      return refTo(BOTTOM_HEAP)
    }
    this.take(wanted)
    return wanted
  }

  /** Pushes a value of a type, without using the operands on the stack. */
  produce(type: Value): void {
    const floor = this.#floor
    const height = this.stack.length
    this.#floor = height
    this.#depth++
    const isDeep = this.#depth >= DEPTH || this.instructions.length >= this.#limit
    const producer = isDeep || this.dice.chance(55)
      ? undefined
      : this.dice.find(this.#producers(type))
    if (producer?.(this) !== true) this.#produceSimply(type)
    if (!this.types.areSub(this.stack.slice(height), [type])) {
      throw new Error("A producer made something else")
    }
    this.#depth--
    this.#floor = floor
  }

  #produceSimply(type: Value): void {
    const { dice, shape, types } = this
    const locals = this.locals.flatMap((local, index) =>
      this.filled.has(index) && types.isSub(local, type) ? [index] : []
    )
    const local = dice.find(locals)
    if (local !== undefined && dice.chance(55)) {
      this.emit(0x20, u(local))
      return this.push(this.locals[local] ?? BOTTOM)
    }
    const globals = shape.globals.flatMap((global, index) =>
      types.isSub(global.type, type) ? [index] : []
    )
    const global = dice.find(globals)
    if (global !== undefined && dice.chance(25)) {
      this.emit(0x23, u(global))
      return this.push(shape.globals[global]?.type ?? BOTTOM)
    }
    if (!isReference(type)) {
      this.emit(numberConstant(shape, type))
      return this.push(type)
    }
    const { heap } = type
    const functions = shape.declared.filter((index) =>
      types.isHeapSub(shape.functions[index] ?? BOTTOM_HEAP, heap)
    )
    const found = dice.find(functions)
    const hasTypes = shape.features.has("function-references")
    if (found !== undefined && dice.chance(70)) {
      this.emit(0xd2, u(found))
      return this.push(refTo(hasTypes ? shape.functions[found] ?? heap : heap, !hasTypes))
    }
    this.emit(0xd0, s(heap))
    if (!type.nullable) this.emit(0xd4)
    this.push(refTo(heap, type.nullable))
  }

  /** Removes one operand, in one way or another. */
  discard(): void {
    const type = this.takeAny()
    if (type === undefined) return
    const local = this.dice.find(
      this.locals.flatMap((local, index) => this.types.isSub(type, local) ? [index] : []),
    )
    if (local === undefined || this.dice.chance(40)) return this.emit(0x1a)
    this.filled.add(local)
    this.emit(0x21, u(local))
  }

  // Blocks

  /** The innermost block. */
  get top(): Frame {
    const frame = this.frames.at(-1)
    if (frame === undefined) throw new RangeError("No block is open")
    return frame
  }

  /** Whether one more block may be opened. */
  get mayNest(): boolean {
    return this.frames.length < 9 && this.instructions.length < this.#limit
  }

  #push(kind: Frame["kind"], { parameters, results }: BlockType): void {
    this.frames.push({
      kind,
      results,
      label: kind === "loop" ? parameters : results,
      height: this.stack.length,
      filled: new Set(this.filled),
      unreachable: false,
    })
    this.push(...parameters)
  }

  /** Opens a block whose parameters have been taken; the instruction comes first. */
  open(kind: Frame["kind"], type: BlockType, ...instruction: ReadonlyArray<Part>): void {
    if (instruction.length > 0) this.emit(...instruction)
    this.#push(kind, type)
  }

  /** Marks the rest of the block as unreachable. */
  dead(): void {
    this.stack.length = this.top.height
    this.top.unreachable = true
  }

  /** Leaves exactly the block's results on the stack, and leaves the block. The results are not pushed. */
  leave(): void {
    const { height, results, unreachable } = this.top
    const extra = () => this.stack.length - height
    const fit = (): boolean =>
      extra() <= results.length &&
      this.types.areSub(this.stack.slice(height), results.slice(0, extra()))
    const fitEnd = (): boolean =>
      unreachable && extra() <= results.length &&
      this.types.areSub(this.stack.slice(height), results.slice(results.length - extra()))
    if (!fitEnd() || this.dice.chance(30)) {
      while (!fit()) this.discard()
      for (const type of results.slice(extra())) this.produce(type)
    }
    this.stack.length = height
    const frame = this.frames.pop()
    this.filled = new Set(frame?.filled)
  }

  /** Closes the innermost block. */
  close(): void {
    const { results } = this.top
    this.leave()
    this.emit(END)
    this.push(...results)
  }

  /** Opens the next part of a block that has been left, such as `else` or `catch`. */
  reopen(kind: Frame["kind"], type: BlockType, instruction: Part): void {
    this.emit(instruction)
    this.#push(kind, type)
  }

  /** The labels that a branch could take with these conditions. */
  labels(fits: (label: ReadonlyArray<Value>) => boolean): ReadonlyArray<number> {
    return this.frames.flatMap(({ label }, index) =>
      fits(label) ? [this.frames.length - 1 - index] : []
    )
  }

  /** The types that a branch to a label takes. */
  labelTypes(label: number): ReadonlyArray<Value> {
    return this.frames[this.frames.length - 1 - label]?.label ?? []
  }

  /** The type of a block with these results and no parameters. */
  blockOf(results: ReadonlyArray<Value>): BlockType {
    const [first] = results
    if (first === undefined) return { parameters: [], results, bytes: 0x40 }
    const bytes = results.length === 1
      ? valueBytes(first)
      : s(this.shape.typeSection.functionIndex([], results))
    return { parameters: [], results, bytes }
  }

  /** A random block type. */
  blockType(): BlockType {
    const { dice, types } = this
    if (dice.chance(30)) return this.blockOf([])
    if (dice.chance(45)) return this.blockOf([this.shape.typeSection.value()])
    const index = dice.pick(types.indicesOf("func"))
    const { parameters, results } = types.function(index)
    return { parameters, results, bytes: s(index) }
  }
}

/** The groups of locals that a body declares: neighbours of one type are one group. */
export const localsBytes = (locals: ReadonlyArray<Value>): Part => {
  const groups: Array<{ readonly type: Value; count: number }> = []
  for (const type of locals) {
    const last = groups.at(-1)
    if (last?.type === type) last.count++
    else groups.push({ type, count: 1 })
  }
  return vec(...groups.map(({ count, type }) => [u(count), valueBytes(type)]))
}

/** The type of an address in a table or a memory. */
export const addressType = ({ is64 }: { readonly is64: boolean }): Value => is64 ? I64 : I32
/** Whether `select` without types is allowed for a type. */
export const isPlainOperand = (type: Value): boolean =>
  type === BOTTOM || type === V128 || NUMBERS.some((number) => number === type)

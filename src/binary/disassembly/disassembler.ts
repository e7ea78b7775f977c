/**
 * Disassembles function bodies into instructions in the notation of the text format, with their offsets. It uses the
 * validator's table of instructions but checks no types, so that it shows invalid bodies too; only malformed bytes stop it.
 *
 * It yields one instruction at a time, so that a body of megabytes need not be held as text.
 *
 * @module
 */
import { DecodeError } from "../errors.ts"
import { Reader } from "../reader.ts"
import { isPrefix, pageOf } from "../validation/instruction_words.ts"
import { opcodeText } from "../validation/walk_instructions.ts"
import { readImmediates } from "./immediates.ts"
import { readTypeText } from "./type_text.ts"

/** One instruction. */
export interface DisassembledInstruction {
  /** Where it is, in bytes from the start of the module. */
  readonly offset: number
  /** Its size in bytes. */
  readonly size: number
  /** Its name in the text format: `"i32.add"`. */
  readonly name: string
  /** Its immediates in the text format; empty if there are none. Long lists are cut. */
  readonly immediates: string
  /** The number of blocks around it; `else`, `catch` and `end` have the depth of the instruction they belong to. */
  readonly depth: number
  /** The index of the function that it refers to, as `call` does. */
  readonly functionIndex: number | undefined
}

/** The beginning of an instruction that cannot be decoded. */
export interface FaultyInstruction {
  /** Where it is, in bytes from the start of the module. */
  readonly offset: number
  /** Its name in the text format; the opcode, such as `"0xff"`, if there is no such instruction. */
  readonly name: string
  /** The number of blocks around it. */
  readonly depth: number
}

/** Locals that were declared together. */
export interface DeclaredLocals {
  /** Their number. */
  readonly count: number
  /** Their type in the notation of the text format. */
  readonly type: string
}

const OPENING: ReadonlySet<string> = new Set(["block", "loop", "if", "try", "try_table"])
const MIDDLE: ReadonlySet<string> = new Set(["else", "catch", "catch_all"])
const CLOSING: ReadonlySet<string> = new Set(["end", "delegate"])
const NAMES_FUNCTION: ReadonlySet<string> = new Set(["call", "return_call", "ref.func"])

/** The most declarations of locals that are kept. */
const MOST_DECLARATIONS = 1_000

/**
 * Disassembles a function body.
 *
 * @example
 * ```ts
 * import { BodyDisassembler } from "@effect-wasm/compile-streaming/binary"
 *
 * // No locals; local.get 0, i32.const 42, i32.add, end.
 * const body = Uint8Array.of(0x00, 0x20, 0x00, 0x41, 0x2a, 0x6a, 0x0b)
 * const walk = new BodyDisassembler(body, 0, body.length)
 * for (let it = walk.next(); it !== undefined; it = walk.next()) {
 *   console.log(it.offset, it.name, it.immediates) // 1 local.get 0 …
 * }
 * ```
 */
export class BodyDisassembler {
  /** The locals that the body declares, without parameters: the first thousand declarations. */
  readonly locals: ReadonlyArray<DeclaredLocals>
  /** The error that ended the disassembly before the body's end, if one did. */
  fault: DecodeError | undefined = undefined
  /** The instruction that has the {@link fault}; `undefined` if there is none, or if it is in the locals. */
  faultyInstruction: FaultyInstruction | undefined = undefined

  readonly #r: Reader = new Reader()
  readonly #end: number
  #depth = 0
  /** The number of `end` that are missing, the function's own included. */
  #open = 1
  /** The name of the instruction being read. */
  #name = ""

  /**
   * Starts at a body's local declarations.
   *
   * @param bytes the module, from its first byte, so that indices are offsets
   * @param start where the body starts, after its size
   * @param end where it ends
   */
  constructor(bytes: Uint8Array, start: number, end: number) {
    const r = this.#r
    this.#end = Math.min(end, bytes.length)
    r.bytes = bytes
    r.pos = start
    r.setLimit(this.#end, this.#end)
    this.locals = this.#attempt(() => this.#readLocals()) ?? []
  }

  /** The next instruction; `undefined` at the end, or if the bytes there are malformed: see {@link fault}. */
  next(): DisassembledInstruction | undefined {
    if (this.fault !== undefined) return undefined
    const offset = this.#r.pos
    if (offset >= this.#end) {
      if (this.#open > 0) {
        this.#attempt(() =>
          this.#r.fail("unexpected-end", offset, "The function body must end with end (0x0b)")
        )
      }
      return undefined
    }
    const read = this.#attempt(() => this.#read())
    if (this.fault !== undefined) {
      this.faultyInstruction = { offset, name: this.#name, depth: this.#depth }
    }
    return read
  }

  #attempt<A>(run: () => A): A | undefined {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.fault = error
      return undefined
    }
  }

  #readLocals(): ReadonlyArray<DeclaredLocals> {
    const r = this.#r
    const locals: Array<DeclaredLocals> = []
    const declarations = r.readCount(0xffff_ffff, "too-many-locals", "local declarations")
    for (let i = 0; i < declarations; i++) {
      const count = r.readU32()
      const type = readTypeText(r)
      if (i < MOST_DECLARATIONS) locals.push({ count, type })
    }
    return locals
  }

  #read(): DisassembledInstruction {
    const r = this.#r
    const offset = r.pos
    const opcode = r.readByte()
    this.#name = opcodeText(opcode, -1)
    const sub = isPrefix(opcode) ? r.readU32() : -1
    const page = pageOf(sub < 0 ? 0 : opcode)
    const at = sub < 0 ? opcode : sub
    const name = page?.names[at] ?? ""
    if (MIDDLE.has(name) || CLOSING.has(name)) this.#depth = Math.max(0, this.#depth - 1)
    const depth = this.#depth
    this.#name = name
    if (name === "") {
      this.#name = opcodeText(opcode, sub)
      r.fail("illegal-opcode", offset, `There is no instruction ${this.#name}`)
    }
    const immediates = readImmediates(r, page?.words[at] ?? 0, name)
    if (OPENING.has(name) || MIDDLE.has(name)) this.#depth++
    if (OPENING.has(name)) this.#open++
    else if (CLOSING.has(name)) this.#open--
    return {
      offset,
      size: r.pos - offset,
      // The table's suffixes show in the immediates: `ref.cast null` is `ref.cast (ref null …)`, `select t` is
      // `select (result …)`.
      name: name.replace(/ (?:null|t)$/, ""),
      immediates,
      depth,
      functionIndex: NAMES_FUNCTION.has(name) ? Number(immediates) : undefined,
    }
  }
}

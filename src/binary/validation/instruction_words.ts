/**
 * The rows of `instruction_set.ts` packed into numbers: a page of words for each prefix.
 *
 * ```
 * bits 0-2    result          codes of types: 0 none, 1 i32, 2 i64, 3 f32, 4 f64, 5 v128, 6 addr
 * bits 3-5    last operand
 * bits 6-8    the one before
 * bits 9-11   the one before that
 * bits 12-16  form of the immediates
 * bits 17-19  natural alignment, as an exponent
 * bits 20-25  number of lanes
 * bit 26      it has a signature
 * bit 27      it is an instruction
 * ```
 *
 * @module
 */
import { I32 } from "../types.ts"
import { INSTRUCTION_PAGES, type InstructionPage } from "./instruction_set.ts"

/** The code of the address type in a word. */
export const CODE_ADDRESS = 6
/** Marks words of instructions with a signature. */
export const HAS_SIGNATURE: number = 1 << 26
/** Marks words of instructions. */
export const IS_INSTRUCTION: number = 1 << 27

const CODES: ReadonlyMap<string, number> = new Map([
  ["i32", 1],
  ["i64", 2],
  ["f32", 3],
  ["f64", 4],
  ["v128", 5],
  ["addr", CODE_ADDRESS],
])
const OPERANDS = 3

/** The instructions of one prefix, by the part of the opcode after it. */
export interface Page {
  /** The word of each opcode; 0 if there is no such instruction. */
  readonly words: Int32Array
  /** The feature of each opcode. */
  readonly features: Int32Array
  /** The name of each opcode; empty if there is no such instruction. */
  readonly names: ReadonlyArray<string>
}

/** The value type of any code other than {@link CODE_ADDRESS}. */
export const typeOfCode = (code: number): number => I32 + 1 - code

const codesOf = (side: string): Array<number> =>
  side.split(" ").filter((name) => name !== "").map((name) => CODES.get(name) ?? 0)

/** The bits of a signature: `"i32 i32 -> i32"`. */
const signatureWord = (signature: string): number => {
  const [before = "", after = ""] = signature.split("->")
  const operands = codesOf(before).reverse()
  let word = HAS_SIGNATURE | (codesOf(after)[0] ?? 0)
  for (let i = 0; i < OPERANDS; i++) word |= (operands[i] ?? 0) << (3 + 3 * i)
  return word
}

const makePage = ({ instructions }: InstructionPage, size: number): Page => {
  const words = new Int32Array(size)
  const features = new Int32Array(size)
  const names: Array<string> = new Array<string>(size).fill("")
  for (const { feature, immediates, name, opcode, signature } of instructions) {
    const { alignment, form, lanes } = immediates
    const exponent = alignment === 0 ? 0 : 31 - Math.clz32(alignment)
    words[opcode] = IS_INSTRUCTION | (form << 12) | (exponent << 17) | (lanes << 20) |
      (signature === "" ? 0 : signatureWord(signature))
    features[opcode] = feature
    names[opcode] = name
  }
  return { words, features, names }
}

/** The pages by prefix. */
const PAGES: Array<Page | undefined> = new Array<Page | undefined>(256).fill(undefined)

for (const page of INSTRUCTION_PAGES) {
  const last = page.instructions.at(-1)?.opcode ?? 0
  PAGES[page.prefix] = makePage(page, page.prefix === 0 ? 256 : last + 1)
}

/** The page of a prefix, or of 0 for opcodes of one byte; `undefined` if there is none. */
export const pageOf = (prefix: number): Page | undefined => PAGES[prefix]

/** Whether a byte is a prefix, which the rest of the opcode follows. */
export const isPrefix = (byte: number): boolean => byte >= 0xfb && byte <= 0xfe

/** The form of the immediates of a word. */
export const formOf = (word: number): number => (word >> 12) & 31

/** The natural alignment of a word, as an exponent. */
export const alignmentOf = (word: number): number => (word >> 17) & 7

/** The number of lanes of a word. */
export const lanesOf = (word: number): number => (word >> 20) & 63

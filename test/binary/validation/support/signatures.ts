/**
 * Cases made from signatures: `ii>l` takes two `i32` and gives an `i64`. The letters are `i`, `l`,
 * `f`, `d` and `v` for `i32`, `i64`, `f32`, `f64` and `v128`.
 */
import type { BodyCase } from "./body_cases.ts"
import { F32_0, F64_0, I32_0, I64_0, UNREACHABLE, V128_0 } from "../../../support/instructions.ts"
import { AT, F32, F64, I32, I64, type Part, V128 } from "../../../support/module_builder.ts"

const LETTERS: ReadonlyMap<string, { readonly operand: Part; readonly type: Part }> = new Map([
  ["i", { operand: I32_0, type: I32 }],
  ["l", { operand: I64_0, type: I64 }],
  ["f", { operand: F32_0, type: F32 }],
  ["d", { operand: F64_0, type: F64 }],
  ["v", { operand: V128_0, type: V128 }],
])

const lettersOf = (
  text: string,
): Array<{ readonly operand: Part; readonly type: Part }> => {
  return [...text].map((letter) => {
    const found = LETTERS.get(letter)
    if (found === undefined) throw new TypeError(`No type has the letter ${letter}`)
    return found
  })
}

/** A number type other than that of a letter. */
const otherThan = (letter: string): string => (letter === "i" ? "l" : "i")

/**
 * Cases for an instruction's signature: the right operands, each operand of a wrong type, a missing
 * operand, another result; and the same with a polymorphic stack.
 */
export const signatureCases = (
  title: string,
  instruction: Part,
  signature: string,
  parameters: ReadonlyArray<Part> = [],
): Array<BodyCase> => {
  const [takes = "", results = ""] = signature.split(">")
  const operands = lettersOf(takes).map(({ operand }) => operand)
  const right = { parameters, results: lettersOf(results).map(({ type }) => type) }
  const wrong = { parameters, results: lettersOf(otherThan(results)).map(({ type }) => type) }
  const cases: Array<BodyCase> = [
    ["ok", `${title} ${signature}`, [operands, instruction], right],
    ["ok", `${title} in unreachable code`, [UNREACHABLE, instruction], right],
    ["type-mismatch", `${title} with another result`, [operands, instruction, AT], wrong],
  ]
  if (results.length > 0) {
    const instructions = [UNREACHABLE, instruction, AT]
    cases.push(["type-mismatch", `${title}, unreachable, with another result`, instructions, wrong])
  }
  if (takes.length > 0) {
    const fewer = operands.slice(1)
    cases.push(["type-mismatch", `${title} with an operand less`, [fewer, AT, instruction], right])
  }
  for (let i = 0; i < takes.length; i++) {
    const others = takes.slice(0, i) + otherThan(takes.charAt(i)) + takes.slice(i + 1)
    const found = lettersOf(others).map(({ operand }) => operand)
    cases.push(["type-mismatch", `${title} with ${others}`, [found, AT, instruction], right])
  }
  return cases
}

/** An opcode with its signature, and the rest of its line. */
export interface Signature {
  readonly opcode: number
  readonly signature: string
  readonly rest: ReadonlyArray<string>
}

/** The lines of a table: an opcode or a range in hexadecimal, a signature, and more. */
export const parseSignatures = (table: string): Array<Signature> => {
  return table.trim().split("\n").flatMap((line) => {
    const [range = "", signature = "", ...rest] = line.trim().split(/\s+/)
    const [first = NaN, last = first] = range.split("-").map((hex) => Number.parseInt(hex, 16))
    return Array.from({ length: last - first + 1 }, (_, i) => ({
      opcode: first + i,
      signature,
      rest,
    }))
  })
}

/** An opcode as in the specification. */
export const hex = (opcode: number): string => opcode.toString(16).padStart(2, "0")

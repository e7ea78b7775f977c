/**
 * The modules of the official test suite. `SPEC_VECTORS` names their folder; without it, they are
 * searched beside the project.
 */
import { path, vectorsText } from "./vectors_text.ts"

/** A module, and the result that the suite demands. */
export interface SpecVector {
  readonly file: string
  readonly verdict: "valid" | "malformed" | "invalid"
  /** The suite's message about the error. */
  readonly message: string
  readonly bytes: Uint8Array
}

/** Why there are no vectors, or `false`. */
export const missing: string | false = vectorsText === undefined ? `no vectors: ${path}` : false

const isVerdict = (value: unknown): value is SpecVector["verdict"] => {
  return value === "valid" || value === "malformed" || value === "invalid"
}

const parseHex = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

const parseLine = (line: string): SpecVector => {
  const value: unknown = JSON.parse(line)
  if (
    typeof value === "object" && value !== null &&
    "file" in value && typeof value.file === "string" &&
    "verdict" in value && isVerdict(value.verdict) &&
    "message" in value && typeof value.message === "string" &&
    "hex" in value && typeof value.hex === "string"
  ) {
    const { file, hex, message, verdict } = value
    return { file, verdict, message, bytes: parseHex(hex) }
  }
  throw new TypeError(`Unexpected line in ${path}: ${line.slice(0, 80)}`)
}

/** Reads all vectors; none if there is no file. */
export const readVectors = (): Array<SpecVector> => {
  if (vectorsText === undefined) return []
  return vectorsText.trimEnd().split("\n").map(parseLine)
}

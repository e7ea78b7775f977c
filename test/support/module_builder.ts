/**
 * Builds WebAssembly modules from readable parts, for tables of cases. A part is a number (a byte),
 * or an array of parts. `AT` is not a byte, but marks the offset at which an error is expected.
 */

/** Marks the offset that a case is about. */
export const AT = -1

/**
 * Marks the offset this many bytes further: a byte within an instruction, as marks can only be between parts.
 *
 * @param distance in bytes
 */
export const atByte = (distance: number): number => AT - distance

const isMark = (part: Part): boolean => typeof part === "number" && part < 0

/** Bytes, nested at will, with at most one {@link AT}. */
export type Part = number | ReadonlyArray<Part>

/** A module's bytes and the offset of its mark. */
export interface Built {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The offset of {@link AT}, or -1. */
  readonly at: number
}

export const I32 = 0x7f
export const I64 = 0x7e
export const F32 = 0x7d
export const F64 = 0x7c
export const V128 = 0x7b
export const FUNCREF = 0x70
export const EXTERNREF = 0x6f
export const END = 0x0b

/** "\0asm" and version 1. */
export const HEADER: ReadonlyArray<number> = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** Appends the numbers of a part to a list. */
const flatten = (part: Part, into: Array<number>): void => {
  if (typeof part === "number") into.push(part)
  else for (const inner of part) flatten(inner, into)
}

/** The bytes and marks of parts, flat. */
export const flat = (...parts: ReadonlyArray<Part>): Array<number> => {
  const numbers: Array<number> = []
  for (const part of parts) flatten(part, numbers)
  return numbers
}

/** How many bytes parts have, marks not counted. */
export const sizeOf = (...parts: ReadonlyArray<Part>): number => {
  return flat(...parts).filter((byte) => !isMark(byte)).length
}

/** An unsigned LEB128. */
export const u = (value: number | bigint): Array<number> => {
  let rest = BigInt(value)
  const bytes: Array<number> = []
  do {
    const byte = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest === 0n ? byte : byte | 0x80)
  } while (rest !== 0n)
  return bytes
}

/** A signed LEB128. */
export const s = (value: number | bigint): Array<number> => {
  let rest = BigInt(value)
  const bytes: Array<number> = []
  for (;;) {
    const byte = Number(rest & 0x7fn)
    rest >>= 7n
    if ((rest === 0n && byte < 0x40) || (rest === -1n && byte >= 0x40)) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}

/** A name: its size and its UTF-8 bytes. */
export const name = (text: string): Array<number> => {
  const bytes = new TextEncoder().encode(text)
  return [...u(bytes.length), ...bytes]
}

/** A vector: its count and its entries, each a part; marks between them are not counted. */
export const vec = (...entries: ReadonlyArray<Part>): Part => {
  return [u(entries.filter((entry) => !isMark(entry)).length), entries]
}

/** A section: id, size, payload. */
export const section = (id: number, ...payload: ReadonlyArray<Part>): Part => {
  return [id, u(sizeOf(payload)), payload]
}

/** A custom section. */
export const custom = (sectionName: string, ...payload: ReadonlyArray<Part>): Part => {
  return section(0, name(sectionName), payload)
}

export const types = (...entries: ReadonlyArray<Part>): Part => section(1, vec(...entries))
export const imports = (...entries: ReadonlyArray<Part>): Part => section(2, vec(...entries))
export const functions = (...entries: ReadonlyArray<Part>): Part => section(3, vec(...entries))
export const tables = (...entries: ReadonlyArray<Part>): Part => section(4, vec(...entries))
export const memories = (...entries: ReadonlyArray<Part>): Part => section(5, vec(...entries))
export const globals = (...entries: ReadonlyArray<Part>): Part => section(6, vec(...entries))
export const exports = (...entries: ReadonlyArray<Part>): Part => section(7, vec(...entries))
export const start = (index: Part): Part => section(8, index)
export const elements = (...entries: ReadonlyArray<Part>): Part => section(9, vec(...entries))
export const code = (...bodies: ReadonlyArray<Part>): Part => section(10, vec(...bodies))
export const data = (...entries: ReadonlyArray<Part>): Part => section(11, vec(...entries))
export const dataCount = (count: Part): Part => section(12, count)
export const tags = (...entries: ReadonlyArray<Part>): Part => section(13, vec(...entries))

/** A function type. */
export const func = (parameters: ReadonlyArray<Part>, results: ReadonlyArray<Part>): Part => {
  return [0x60, vec(...parameters), vec(...results)]
}

/** A struct type of fields, each a storage type and a mutability. */
export const struct = (...fields: ReadonlyArray<Part>): Part => [0x5f, vec(...fields)]
/** An array type. */
export const array = (field: Part): Part => [0x5e, field]
/** A recursion group. */
export const rec = (...entries: ReadonlyArray<Part>): Part => [0x4e, vec(...entries)]
/** A type that may have subtypes, with at most one supertype. */
export const sub = (supers: ReadonlyArray<Part>, type: Part): Part => [0x50, vec(...supers), type]
/** The same, final. */
export const subFinal = (
  supers: ReadonlyArray<Part>,
  type: Part,
): Part => [0x4f, vec(...supers), type]
/** `(ref null ht)`. */
export const refNull = (heap: Part): Part => [0x63, heap]
/** `(ref ht)`. */
export const ref = (heap: Part): Part => [0x64, heap]

/** An import of a module, a name, a kind and a type. */
export const imported = (moduleName: string, fieldName: string, kind: number, type: Part): Part => {
  return [name(moduleName), name(fieldName), kind, type]
}

/** An export of a name, a kind and an index. */
export const exported = (fieldName: string, kind: number, index: Part): Part => {
  return [name(fieldName), kind, index]
}

/** A body: its size and its content. */
export const body = (...parts: ReadonlyArray<Part>): Part => {
  return [u(sizeOf(parts)), parts]
}

/** The smallest body. */
export const emptyBody: Part = body(0x00, END)

/** `i32.const`. */
export const i32 = (value: number): Part => [0x41, s(value)]
/** `i64.const`. */
export const i64 = (value: number | bigint): Part => [0x42, s(value)]

/** Assembles parts as they are. */
export const assemble = (...parts: ReadonlyArray<Part>): Built => {
  const numbers = flat(...parts)
  const at = numbers.findIndex(isMark)
  const distance = AT - (numbers[at] ?? AT)
  return { bytes: Uint8Array.from(numbers.filter((byte) => !isMark(byte))), at: at + distance }
}

/** A module: the header and its sections. */
export const build = (...sections: ReadonlyArray<Part>): Built => {
  return assemble(HEADER, sections)
}

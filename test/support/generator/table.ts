/**
 * The instructions that a signature describes, for the module generator: written down independently of the validator's
 * table, so that a mistake in one of them shows.
 *
 * A signature is `operands>result`, a letter a type: i32, l (i64), f32, d (f64), v128, a (an address of the memory).
 * @see https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */
import type { Feature } from "./features.ts"

/** An instruction. */
export interface Plain {
  /** The prefix byte; 0 if there is none. */
  readonly prefix: number
  readonly opcode: number
  readonly operands: string
  /** A letter, or nothing. */
  readonly result: string
  readonly feature: Feature | undefined
  /** The natural alignment, as a power of two, of an instruction that accesses memory; -1 for others. */
  readonly alignment: number
  /** The number of lanes of an instruction with a lane's index; 0 for others. */
  readonly lanes: number
}

interface How {
  readonly alignment?: number
  readonly lanes?: number
}

/** The opcodes from first to last, which have the same signature. */
const rows = (
  prefix: number,
  first: number,
  last: number,
  signature: string,
  { alignment = -1, lanes = 0 }: How = {},
): ReadonlyArray<Plain> => {
  const [operands = "", result = ""] = signature.split(">")
  const feature: Feature | undefined = prefix === 0xfe
    ? "threads"
    : prefix !== 0xfd
    ? undefined
    : first < 0x100
    ? "simd"
    : "relaxed-simd"
  return Array.from({ length: last - first + 1 }, (_, index) => (
    { prefix, opcode: first + index, operands, result, feature, alignment, lanes }
  ))
}

// deno-fmt-ignore
const NUMERIC: ReadonlyArray<readonly [first: number, last: number, signature: string]> = [
  [0x45, 0x45, "i>i"], [0x46, 0x4f, "ii>i"], [0x50, 0x50, "l>i"], [0x51, 0x5a, "ll>i"],
  [0x5b, 0x60, "ff>i"], [0x61, 0x66, "dd>i"], [0x67, 0x69, "i>i"], [0x6a, 0x78, "ii>i"],
  [0x79, 0x7b, "l>l"], [0x7c, 0x8a, "ll>l"], [0x8b, 0x91, "f>f"], [0x92, 0x98, "ff>f"],
  [0x99, 0x9f, "d>d"], [0xa0, 0xa6, "dd>d"], [0xa7, 0xa7, "l>i"], [0xa8, 0xa9, "f>i"],
  [0xaa, 0xab, "d>i"], [0xac, 0xad, "i>l"], [0xae, 0xaf, "f>l"], [0xb0, 0xb1, "d>l"],
  [0xb2, 0xb3, "i>f"], [0xb4, 0xb5, "l>f"], [0xb6, 0xb6, "d>f"], [0xb7, 0xb8, "i>d"],
  [0xb9, 0xba, "l>d"], [0xbb, 0xbb, "f>d"], [0xbc, 0xbc, "f>i"], [0xbd, 0xbd, "d>l"],
  [0xbe, 0xbe, "i>f"], [0xbf, 0xbf, "l>d"], [0xc0, 0xc1, "i>i"], [0xc2, 0xc4, "l>l"],
]

// deno-fmt-ignore
const SATURATING: ReadonlyArray<readonly [first: number, last: number, signature: string]> = [
  [0, 1, "f>i"], [2, 3, "d>i"], [4, 5, "f>l"], [6, 7, "d>l"],
]

// deno-fmt-ignore
const VECTOR: ReadonlyArray<readonly [first: number, last: number, signature: string]> = [
  [0x0e, 0x0e, "vv>v"], [0x0f, 0x11, "i>v"], [0x12, 0x12, "l>v"], [0x13, 0x13, "f>v"],
  [0x14, 0x14, "d>v"], [0x23, 0x4c, "vv>v"], [0x4d, 0x4d, "v>v"], [0x4e, 0x51, "vv>v"],
  [0x52, 0x52, "vvv>v"], [0x53, 0x53, "v>i"], [0x5e, 0x62, "v>v"], [0x63, 0x64, "v>i"],
  [0x65, 0x66, "vv>v"], [0x67, 0x6a, "v>v"], [0x6b, 0x6d, "vi>v"], [0x6e, 0x73, "vv>v"],
  [0x74, 0x75, "v>v"], [0x76, 0x79, "vv>v"], [0x7a, 0x7a, "v>v"], [0x7b, 0x7b, "vv>v"],
  [0x7c, 0x81, "v>v"], [0x82, 0x82, "vv>v"], [0x83, 0x84, "v>i"], [0x85, 0x86, "vv>v"],
  [0x87, 0x8a, "v>v"], [0x8b, 0x8d, "vi>v"], [0x8e, 0x93, "vv>v"], [0x94, 0x94, "v>v"],
  [0x95, 0x99, "vv>v"], [0x9b, 0x9f, "vv>v"], [0xa0, 0xa1, "v>v"], [0xa3, 0xa4, "v>i"],
  [0xa7, 0xaa, "v>v"], [0xab, 0xad, "vi>v"], [0xae, 0xae, "vv>v"], [0xb1, 0xb1, "vv>v"],
  [0xb5, 0xba, "vv>v"], [0xbc, 0xbf, "vv>v"], [0xc0, 0xc1, "v>v"], [0xc3, 0xc4, "v>i"],
  [0xc7, 0xca, "v>v"], [0xcb, 0xcd, "vi>v"], [0xce, 0xce, "vv>v"], [0xd1, 0xd1, "vv>v"],
  [0xd5, 0xdf, "vv>v"], [0xe0, 0xe1, "v>v"], [0xe3, 0xe3, "v>v"], [0xe4, 0xeb, "vv>v"],
  [0xec, 0xed, "v>v"], [0xef, 0xef, "v>v"], [0xf0, 0xf7, "vv>v"], [0xf8, 0xff, "v>v"],
  [0x100, 0x100, "vv>v"], [0x101, 0x104, "v>v"], [0x105, 0x10c, "vvv>v"],
  [0x10d, 0x112, "vv>v"], [0x113, 0x113, "vvv>v"],
]

// deno-fmt-ignore
const LANES: ReadonlyArray<readonly [first: number, last: number, signature: string, lanes: number]> = [
  [21, 22, "v>i", 16], [23, 23, "vi>v", 16], [24, 25, "v>i", 8], [26, 26, "vi>v", 8],
  [27, 27, "v>i", 4], [28, 28, "vi>v", 4], [29, 29, "v>l", 2], [30, 30, "vl>v", 2],
  [31, 31, "v>f", 4], [32, 32, "vf>v", 4], [33, 33, "v>d", 2], [34, 34, "vd>v", 2],
]

// deno-fmt-ignore
const ACCESSES: ReadonlyArray<readonly [first: number, last: number, signature: string, alignment: number]> = [
  [0x28, 0x28, "a>i", 2], [0x29, 0x29, "a>l", 3], [0x2a, 0x2a, "a>f", 2], [0x2b, 0x2b, "a>d", 3],
  [0x2c, 0x2d, "a>i", 0], [0x2e, 0x2f, "a>i", 1], [0x30, 0x31, "a>l", 0], [0x32, 0x33, "a>l", 1],
  [0x34, 0x35, "a>l", 2], [0x36, 0x36, "ai>", 2], [0x37, 0x37, "al>", 3], [0x38, 0x38, "af>", 2],
  [0x39, 0x39, "ad>", 3], [0x3a, 0x3a, "ai>", 0], [0x3b, 0x3b, "ai>", 1], [0x3c, 0x3c, "al>", 0],
  [0x3d, 0x3d, "al>", 1], [0x3e, 0x3e, "al>", 2],
]

// deno-fmt-ignore
const VECTOR_ACCESSES: ReadonlyArray<readonly [first: number, last: number, signature: string, alignment: number]> = [
  [0, 0, "a>v", 4], [1, 6, "a>v", 3], [7, 7, "a>v", 0], [8, 8, "a>v", 1], [9, 9, "a>v", 2],
  [10, 10, "a>v", 3], [11, 11, "av>", 4], [0x5c, 0x5c, "a>v", 2], [0x5d, 0x5d, "a>v", 3],
]

/** The types and alignments of atomic accesses, in the order of the opcodes in every group. */
// deno-fmt-ignore
const ATOMICS: ReadonlyArray<readonly [type: string, alignment: number]> = [
  ["i", 2], ["l", 3], ["i", 0], ["i", 1], ["l", 0], ["l", 1], ["l", 2],
]

const atomics: ReadonlyArray<Plain> = ATOMICS.flatMap(([type, alignment], index) => {
  const row = (first: number, signature: string) =>
    rows(0xfe, first + index, first + index, signature, { alignment })
  const changes = [0x1e, 0x25, 0x2c, 0x33, 0x3a, 0x41]
  return [
    row(0x10, `a>${type}`),
    row(0x17, `a${type}>`),
    ...changes.map((first) => row(first, `a${type}>${type}`)),
    row(0x48, `a${type}${type}>${type}`),
  ].flat()
})

/** Every instruction that a signature describes. */
export const PLAIN: ReadonlyArray<Plain> = [
  ...NUMERIC.map((row) => rows(0, ...row)),
  ...SATURATING.map((row) => rows(0xfc, ...row)),
  ...VECTOR.map((row) => rows(0xfd, ...row)),
  ...LANES.map(([first, last, signature, lanes]) => rows(0xfd, first, last, signature, { lanes })),
  ...ACCESSES.map(([first, last, signature, alignment]) =>
    rows(0, first, last, signature, { alignment })
  ),
  ...VECTOR_ACCESSES.map(([first, last, signature, alignment]) =>
    rows(0xfd, first, last, signature, { alignment })
  ),
  ...[0, 1, 2, 3].flatMap((alignment) => {
    const lanes = 16 >> alignment
    return [
      rows(0xfd, 0x54 + alignment, 0x54 + alignment, "av>v", { alignment, lanes }),
      rows(0xfd, 0x58 + alignment, 0x58 + alignment, "av>", { alignment, lanes }),
    ]
  }),
  rows(0xfe, 0, 0, "ai>i", { alignment: 2 }),
  rows(0xfe, 1, 1, "ail>i", { alignment: 2 }),
  rows(0xfe, 2, 2, "all>i", { alignment: 3 }),
  atomics,
].flat()

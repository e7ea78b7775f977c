/**
 * The text of programs that use a module through its declarations, correctly and incorrectly: the compiler has to accept the
 * former and reject the latter. `everything.ts` and `everything.wasm` are made from `everything` in `declared_modules.ts`.
 */

/** Uses that compile with every library that has a namespace `WebAssembly`. */
export const uses = `
import type { Exports, Imports, InstantiatedSource, Instance } from "./everything.ts"
import type * as Plain from "./plain.ts"

declare const exports: Exports
declare const source: Response
declare const tag: Imports["m"]["tag"]

// What comes of instantiateStreaming is an instance of this module where its author says so.
export const instantiatePlain = async (imports: Plain.Imports): Promise<Plain.Exports> => {
  const { instance } = await WebAssembly.instantiateStreaming(source, imports) as Plain.InstantiatedSource
  return instance.exports
}
// The library knows no tags among exports.
export const instantiate = async (): Promise<Instance> => {
  const { instance } = await WebAssembly.instantiateStreaming(source) as unknown as InstantiatedSource
  return instance
}

// Functions
export const numbers: number = exports.numbers(1, 2.5, 3)
export const long: bigint = exports.long(1n)
export const pair: [number, bigint] = exports.pair()
export const [half, count] = exports.pair()
export const sum: number = half + Number(count + 1n)
export const nothing: void = exports.none()
exports.external({ any: "value" })
exports.callback(exports.callback(null))
exports.any(exports.any("text"))
exports.small(null)
exports.own(exports.shape(null))
exports.bottom(null, null)
// @ts-expect-error an i32 is no bigint
exports.numbers(1n, 2, 3)
// @ts-expect-error an i64 is no number
exports.long(1)
// @ts-expect-error too few
exports.numbers(1, 2)
// @ts-expect-error too many
exports.none(1)
// @ts-expect-error the second result is a bigint
export const wrongPair: [number, number] = exports.pair()
// @ts-expect-error a vector does not cross the boundary
exports.vector(1)
// @ts-expect-error nothing is known of an external value
exports.external(1).length
// @ts-expect-error a function is no string
exports.callback("f")
// @ts-expect-error null is not among non-null references
exports.present(null)
// @ts-expect-error there is no such export
exports.missing
// @ts-expect-error exports cannot be replaced
exports.none = () => {}

// Globals, memories, tables, tags
export const constant: number = exports.constant.value
exports.variable.value = 2
exports.longVariable.value += 1n
exports.externalVariable.value = "anything"
export const bytes: Uint8Array = new Uint8Array(exports.memory.buffer)
export const pages: number = exports.memory.grow(1)
export const longPages: bigint = exports.longMemory.grow(1n)
export const longBytes: Uint8Array = new Uint8Array(exports.longMemory.buffer)
export const entry: Function | null = exports.functionTable.get(0)
exports.functionTable.set(0, entry)
exports.functionTable.set(0)
export const entries: number = exports.functionTable.length + exports.functionTable.grow(1) + exports.functionTable.grow(1, entry)
exports.externalTable.set(0, { any: "value" })
exports.fullTable.set(0, exports.fullTable.get(0))
export const fullEntries: number = exports.fullTable.grow(1, "value")
export const longEntry: Function | null = exports.longTable.get(0n)
exports.longTable.set(0n, longEntry)
exports.longTable.set(0n)
export const longEntries: bigint = exports.longTable.length + exports.longTable.grow(1n) + exports.longTable.grow(1n, entry)
export const longFullEntries: bigint = exports.longFullTable.grow(1n, exports.longFullTable.get(0n))
// @ts-expect-error pages of a memory of 64 bits are counted in bigint
exports.longMemory.grow(1)
// @ts-expect-error pages of a memory of 64 bits are counted in bigint
export const wrongLongPages: number = exports.longMemory.grow(1n)
// @ts-expect-error pages of a memory of 32 bits are counted in numbers
exports.memory.grow(1n)
// @ts-expect-error the length of a table of 64 bits is a bigint
export const wrongLength: number = exports.longTable.length
// @ts-expect-error the length of a table of 32 bits is a number
export const wrongShortLength: bigint = exports.functionTable.length
// @ts-expect-error indices of 64 bits are bigint
exports.longTable.get(0)
// @ts-expect-error indices of 64 bits are bigint
exports.longTable.set(0, null)
// @ts-expect-error sizes of 64 bits are bigint
exports.longTable.grow(1)
// @ts-expect-error sizes of 64 bits are bigint
export const wrongLongEntries: number = exports.longTable.grow(1n)
// @ts-expect-error indices of 32 bits are numbers
exports.functionTable.get(0n)
// @ts-expect-error indices of 32 bits are numbers
exports.functionTable.set(0n, null)
// @ts-expect-error sizes of 32 bits are numbers
exports.functionTable.grow(1n)
// @ts-expect-error a function is no string
exports.functionTable.set(0, "f")
// @ts-expect-error a function is no string
exports.functionTable.grow(1, "f")
// @ts-expect-error a function is no string
exports.longTable.set(0n, "f")
// @ts-expect-error a function is no string
exports.longTable.grow(1n, "f")
// @ts-expect-error without null there is no default
exports.fullTable.set(0)
// @ts-expect-error without null there is no default
exports.fullTable.grow(1)
// @ts-expect-error without null there is no default
exports.longFullTable.set(0n)
// @ts-expect-error without null there is no default
exports.longFullTable.grow(1n)
// @ts-expect-error an immutable global
exports.constant.value = 2
// @ts-expect-error an i64 is no number
exports.longVariable.value = 1
// @ts-expect-error nothing is known of an external value
exports.externalVariable.value.length
// @ts-expect-error nothing is known of an external value
exports.externalTable.get(0).length

// Imports
export const imports: Imports = {
  m: {
    none: () => {},
    numbers: (a, b, c) => a + b + c,
    long: (value) => value + 1n,
    pair: () => [1, 2n],
    vector: () => {},
    vectors: () => undefined,
    external: (value) => value,
    present: () => "present",
    callback: () => exports.none,
    any: () => null,
    small: () => 1,
    shape: () => exports.shape(null),
    own: () => exports.shape(null),
    thrown: () => 0,
    bottom: () => null,
    impossible: () => {},
    constant: 1,
    variable: exports.variable,
    longConstant: 1n,
    longVariable: exports.longVariable,
    externalConstant: "anything",
    externalVariable: exports.externalVariable,
    functionVariable: exports.functionVariable,
    vectorConstant: new WebAssembly.Global({ value: "i32" }),
    functionTable: new WebAssembly.Table({ element: "anyfunc", initial: 1 }),
    externalTable: exports.externalTable,
    longTable: exports.longTable,
    fullTable: exports.fullTable as unknown as WebAssembly.Table,
    longFullTable: exports.longFullTable,
    memory: new WebAssembly.Memory({ initial: 1 }),
    shared: new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }),
    longMemory: exports.longMemory,
    tag,
  },
}
type M = Imports["m"]
export const global: M["constant"] = new WebAssembly.Global({ value: "i32" }, 1)
export const variable: M["variable"] = new WebAssembly.Global({ value: "f64", mutable: true }, 1)
export const fewer: M["numbers"] = () => 1
export const more: M["none"] = () => 1
export const again: M["long"] = exports.long
// @ts-expect-error an i64 is no number
export const wrongParameter: M["long"] = (value: number) => 1n
// @ts-expect-error an i64 is no number
export const wrongResult: M["long"] = () => 1
// @ts-expect-error a list that is too short
export const wrongResults: M["pair"] = () => [1]
// @ts-expect-error only a global can change
export const wrongVariable: M["variable"] = 1
// @ts-expect-error an i64 is no number
export const wrongConstant: M["longConstant"] = 1
export const sameTable: M["functionTable"] = exports.functionTable
// @ts-expect-error a memory of 32 bits
export const shortMemory: M["longMemory"] = new WebAssembly.Memory({ initial: 1 })
// @ts-expect-error a memory of 64 bits
export const longMemory: M["memory"] = exports.longMemory
// @ts-expect-error a table of 32 bits
export const shortTable: M["longTable"] = new WebAssembly.Table({ element: "anyfunc", initial: 1 })
// @ts-expect-error a table of 32 bits
export const shortExport: M["longTable"] = exports.functionTable
// @ts-expect-error a table of 64 bits
export const longTable: M["functionTable"] = exports.longTable
// @ts-expect-error a memory is no table
export const wrongTable: M["functionTable"] = new WebAssembly.Memory({ initial: 1 })
// @ts-expect-error a tag is an object
export const wrongTag: M["tag"] = 1
// @ts-expect-error anything may be passed in
export const wrongExternal: M["external"] = (value: string) => value
// @ts-expect-error a module is missing
export const none: Imports = {}
// @ts-expect-error an import is missing
export const some: Imports = { m: { none: () => {} } }
`

/** Uses of an imported module, for compilers that accept declarations of files with other extensions. */
export const moduleUses = `
import * as everything from "./everything.wasm"
import { "a-b" as quoted, "*/" as comment } from "./named.wasm"

export const numbers: number = everything.numbers(1, 2, 3)
export const pair: [number, bigint] = everything.pair()
export const constant: number = everything.constant
export const long: bigint = everything.longVariable
export const bytes: Uint8Array = new Uint8Array(everything.memory.buffer)
export const longPages: bigint = everything.longMemory.grow(1n)
export const longEntries: bigint = everything.longTable.length
quoted()
comment()
// @ts-expect-error an i64 is no number
everything.long(1)
// @ts-expect-error indices of 64 bits are bigint
everything.longTable.get(0)
// @ts-expect-error globals are their values
everything.constant.value
// @ts-expect-error what is imported cannot be assigned
everything.variable = 1
// @ts-expect-error there is no such export
everything.missing
// @ts-expect-error helpers are not exported
export type Tag = everything._Tag
`

/** Uses that need the library \`dom\`: tags, and the types of a global's value. */
export const domUses = `
import type { Exports, Imports } from "./everything.ts"

declare const exports: Exports
export const exception: WebAssembly.Exception = new WebAssembly.Exception(exports.tag, [1])
export const tag: Imports["m"]["tag"] = new WebAssembly.Tag({ parameters: ["i32"] })
// @ts-expect-error an i64 is no number
export const global: Imports["m"]["longVariable"] = new WebAssembly.Global({ value: "i32" }, 1)
`

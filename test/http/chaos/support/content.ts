/**
 * Modules for the chaos tests: seeded, of any size, and such that the bytes can be read from the compiled module. All but a
 * few hundred bytes are in a custom section, which every engine returns.
 */
import {
  body,
  build,
  code,
  custom,
  END,
  exported,
  exports,
  func,
  functions,
  I32,
  i32,
  name,
  type Part,
  sizeOf,
  types,
  u,
} from "../../../support/module_builder.ts"

/** A generator of integers in `[0, below)`. */
export type Next = (below: number) => number

/** A module's bytes, and what identifies it. */
export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The name of its export. */
  readonly label: string
  /** The content of its custom section `filler`. */
  readonly filler: Uint8Array<ArrayBuffer>
  /** The offsets at which it could be cut and still be a module. */
  readonly boundaries: ReadonlyArray<number>
  /** Whether it has the section `more`. */
  readonly grown: boolean
}

/** The kind of filler: `noise` cannot be compressed, `text` can, and `zeros` almost vanishes. */
export type Filler = "noise" | "text" | "zeros"

const masks: Readonly<Record<Filler, number>> = { noise: 0xff, text: 0x0f, zeros: 0 }

/** Fills bytes, four at a draw. */
const fill = (bytes: Uint8Array, next: Next, mask: number): void => {
  if (mask === 0) return
  for (let at = 0; at < bytes.length; at += 4) {
    const word = next(2 ** 32)
    bytes[at] = word & mask
    bytes[at + 1] = (word >>> 8) & mask
    bytes[at + 2] = (word >>> 16) & mask
    bytes[at + 3] = (word >>> 24) & mask
  }
}

/** The smallest filler. */
const leastFiller = 32

/** Makes a module of about `size` bytes, 150 at least. Its last section is the filler. */
export const makeContent = (next: Next, size: number, kind: Filler = "noise"): Content => {
  const label = `f${next(2 ** 30)}`
  const count = 1 + next(4)
  const sections: ReadonlyArray<Part> = [
    types(func([], [I32])),
    functions(...Array.from({ length: count }, () => 0)),
    exports(exported(label, 0, count - 1)),
    code(...Array.from({ length: count }, () => body(0, i32(next(1000)), END))),
    custom("id", Array.from({ length: 16 }, () => next(256))),
  ]
  const head = build(...sections).bytes
  const length = Math.max(leastFiller, size - head.length - 8 - u(size).length)
  const title = name("filler")
  const before = Uint8Array.from([0, ...u(title.length + length), ...title])
  const start = head.length + before.length
  const bytes = new Uint8Array(start + length)
  bytes.set(head)
  bytes.set(before, head.length)
  const filler = bytes.subarray(start)
  fill(filler, next, masks[kind])
  const ends = sections.map((_, index) => 8 + sizeOf(sections.slice(0, index + 1)))
  return { bytes, label, filler, boundaries: [8, ...ends], grown: false }
}

/** Whether a module was compiled from exactly these bytes. */
export const isMadeOf = (module: WebAssembly.Module, content: Content): boolean => {
  const { filler, label } = content
  const more = WebAssembly.Module.customSections(module, "more").length
  if (content.grown !== more > 0) return false
  const names = WebAssembly.Module.exports(module).map((each) => each.name)
  const [kept, ...rest] = WebAssembly.Module.customSections(module, "filler")
  if (names.length !== 1 || names[0] !== label || kept === undefined || rest.length > 0) {
    return false
  }
  const bytes = new Uint8Array(kept)
  return bytes.length === filler.length && bytes.every((byte, at) => byte === filler[at])
}

/** The same module with one more section, empty: its bytes begin with all of the first one's. */
export const grown = (content: Content): Content => {
  const section = build(custom("more")).bytes.subarray(8)
  const bytes = new Uint8Array(content.bytes.length + section.length)
  bytes.set(content.bytes)
  bytes.set(section, content.bytes.length)
  return { ...content, bytes, grown: true }
}

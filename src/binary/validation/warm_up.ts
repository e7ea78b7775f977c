/**
 * A small module whose bodies exercise every case of the hot loop, to be validated once before the
 * first real one.
 *
 * An engine optimises the loop for the instructions that it has seen, and discards that code at the
 * first one of another kind. In a fresh process on V8, a module of 18 MB caused this five times, which
 * took a third of the time.
 *
 * @module
 */
import { MODULE_HEADER } from "../machine.ts"

const types = [0x02, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f, 0x60, 0x00, 0x00]
const memory = [0x01, 0x00, 0x01]
/** A mutable i32. */
const globals = [0x01, 0x7f, 0x01, 0x41, 0x00, 0x0b]

const ZERO = [0x41, 0x00]
const LONG_I32 = [0x41, 0x80, 0x80, 0x80, 0x80, 0x78]
const LONG_I64 = [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]
const DROP = 0x1a
const END = 0x0b
const EIGHT = [0, 0, 0, 0, 0, 0, 0, 0]

/** The instructions of a function without parameters and results, with 200 locals. */
const instructions: ReadonlyArray<number> = [
  // local.get, local.set, local.tee, and an index of two bytes
  ...[0x20, 0x00, 0x21, 0x01, 0x20, 0x01, 0x22, 0x02, DROP],
  ...[0x20, 0x88, 0x01, 0x22, 0x89, 0x01, DROP],
  // numbers
  ...[...ZERO, ...LONG_I32, 0x6a, 0x45, 0xc0, 0xc0, DROP],
  ...[0x42, 0x00, ...LONG_I64, 0x7c, DROP],
  ...[0x43, 0, 0, 0, 0, 0x91, DROP, 0x44, ...EIGHT, 0x99, DROP],
  // loads and stores
  ...[...ZERO, 0x28, 0x02, 0x00, DROP, ...ZERO, 0x28, 0x02, 0x80, 0x01, DROP],
  ...[...ZERO, ...ZERO, 0x36, 0x02, 0x00, ...ZERO, 0x42, 0x00, 0x37, 0x03, 0x80, 0x01],
  // global.get, global.set, a call, select
  ...[0x23, 0x00, 0x24, 0x00],
  ...[...ZERO, ...ZERO, 0x10, 0x01, DROP, 0x10, 0x00, 0x10, 0x80, 0x00, 0x10, 0x80, 0x80, 0x00],
  ...[...ZERO, ...ZERO, ...ZERO, 0x1b, DROP],
  // blocks, with and without a result, and branches
  ...[0x02, 0x7f, ...ZERO, ...ZERO, 0x0d, 0x00, 0x0c, 0x00, END, DROP],
  ...[0x03, 0x40, ...ZERO, 0x0d, 0x00, 0x0c, 0x00, END],
  ...[0x02, 0x40, ...ZERO, 0x0d, 0x00, 0x02, 0x40, 0x0c, 0x01, END, END],
  ...[...ZERO, 0x04, 0x7f, ...ZERO, 0x05, ...ZERO, END, DROP],
  ...[...ZERO, 0x04, 0x40, 0x05, END, ...ZERO, 0x04, 0x40, END],
  ...[0x02, 0x40, 0x0f, END, 0x02, 0x40, 0x00, END],
  ...[0x02, 0x40, ...ZERO, 0x0e, 0x01, 0x00, 0x01, END],
  // a vector
  ...[0xfd, 0x0c, ...EIGHT, ...EIGHT, 0xfd, 0x4d, DROP],
  END,
]

const repeat = (count: number, ...bytes: ReadonlyArray<number>): Array<number> =>
  Array.from({ length: count }, () => bytes).flat()

/** More frames and operands than there is room for initially, so that the arrays grow. */
const deep: ReadonlyArray<number> = [
  ...[0x00, ...repeat(70, 0x02, 0x40), ...repeat(1_100, 0x41, 0x00), 0x00, ...repeat(71, END)],
]

/** Engines collect type feedback only after a function has run a few times. */
const BODIES = 12

const u32 = (value: number): Array<number> =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...u32(value >>> 7)]

const section = (
  id: number,
  payload: ReadonlyArray<number>,
): Array<number> => [id, ...u32(payload.length), ...payload]

/** The module. */
export const warmUpModule = (): Uint8Array => {
  const body = [0x01, 0xc8, 0x01, 0x7f, ...instructions]
  const returning = [0x00, 0x02, 0x40, ...ZERO, 0x0f, END, 0x20, 0x00, 0x0f, END]
  const bodies: Array<number> = [...u32(deep.length), ...deep]
  const functions: Array<number> = [0x01]
  for (let i = 0; i < BODIES; i++) {
    functions.push(0x00, 0x01)
    bodies.push(...u32(returning.length), ...returning, ...u32(body.length), ...body)
  }
  return Uint8Array.of(
    ...MODULE_HEADER,
    ...section(1, types),
    ...section(3, [functions.length, ...functions]),
    ...section(5, memory),
    ...section(6, globals),
    ...section(10, [functions.length, ...bodies]),
  )
}

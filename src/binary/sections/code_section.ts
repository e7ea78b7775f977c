/**
 * The code section: each entry is a size and a body. Only the size and the local declarations are
 * decoded here; the instructions are skipped, or passed to the validator and the sink.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#code-section
 * @module
 */
import type { DecodeContext } from "../context.ts"
import { FEATURE_SIMD } from "../features.ts"
import { F64, I32, V128 } from "../types.ts"
import { readValueType } from "../value_types.ts"
import { shortU32 } from "./short_forms.ts"

const MAXIMUM_LOCALS = 2 ** 32 - 1

/**
 * Passes bodies with few locals of number types; moves the cursor to where the next body begins,
 * which may be beyond the window. If the sink wants one of them, the cursor stops at its start, and
 * that body does not count as passed.
 *
 * @param first the function index of the next body
 * @param count the number of bodies that remain
 * @returns the number of bodies passed
 */
export const passBodies = (c: DecodeContext, first: number, count: number): number => {
  const { reader: r, sink } = c
  const { base, bytes, limit, stop } = r
  const bodySize = c.limits.bodySize
  // The first vector type is a feature, which the slow path notes.
  const leastType = (c.features & FEATURE_SIMD) === 0 ? F64 : V128
  let at = r.pos
  let passed = 0
  while (passed < count && at < stop) {
    let start = at + 1
    let size = bytes[at] ?? 0
    if (size >= 0x80) {
      const short = shortU32(bytes, at, stop)
      if (short === 0) break
      size = short >>> 2
      start = at + (short & 3)
    }
    const end = start + size
    if (end > limit || size > bodySize) break
    const code = passLocals(bytes, start, stop, leastType)
    if (code < 0 || code >= end) break
    r.functionIndex = first + passed
    sink?.functionBody?.(first + passed, base + start, base + end)
    if (sink?.wantsBodies === true) {
      c.bodyEnd = base + end
      c.isBodyWanted = true
      at = start
      break
    }
    at = end
    passed++
  }
  r.pos = at
  return passed
}

/**
 * Passes up to 127 local declarations with counts of one byte. 127 times 127 locals, plus parameters,
 * are far below any limit.
 *
 * @returns the index after them, or -1 if there are others or they are incomplete
 */
const passLocals = (bytes: Uint8Array, start: number, stop: number, leastType: number): number => {
  if (start >= stop) return -1
  const declarations = bytes[start] ?? 0
  const end = start + 1 + 2 * declarations
  if (declarations >= 0x80 || end > stop) return -1
  for (let at = start + 1; at < end; at += 2) {
    const type = bytes[at + 1] ?? 0
    if ((bytes[at] ?? 0) >= 0x80 || type < leastType || type > I32) return -1
  }
  return end
}

/**
 * Reads a body's size and local declarations, and sets `bodyEnd`.
 *
 * @param functionIndex the index of the function that the body belongs to
 * @returns where the body starts, an index into the window
 */
export const readBodyHead = (c: DecodeContext, functionIndex: number): number => {
  const { limits, reader: r } = c
  const at = r.pos
  const size = r.readSize("function body")
  if (size > limits.bodySize) {
    const message = `A function body of ${size} bytes exceeds the maximum of ${limits.bodySize}`
    r.fail("limit-body-size", at, message)
  }
  if (r.short) return 0
  const start = r.pos
  const end = start + size
  r.setLimit(end, r.stop < end ? r.stop : end)
  readLocals(c, functionIndex)
  if (r.short) return 0
  if (r.pos === end) {
    r.fail(
      "unexpected-end",
      end,
      "The function body has no instructions: it must end with end (0x0b)",
    )
  }
  c.bodyEnd = r.base + end
  return start
}

const readLocals = (c: DecodeContext, functionIndex: number): void => {
  const { limits, reader: r, spaces } = c
  const declarations = r.readCount(MAXIMUM_LOCALS, "too-many-locals", "local declarations")
  let locals = 0
  const { bytes, stop } = r
  const maximum = Math.min(limits.locals, MAXIMUM_LOCALS) - 0x80
  for (let i = 0; i < declarations && !r.short; i++) {
    // Nearly all take two bytes. There may be four million, which are read again as more bytes arrive.
    let at = r.pos
    for (; i < declarations - 1 && at + 1 < stop && locals < maximum; i++, at += 2) {
      const count = bytes[at] ?? 0
      const type = bytes[at + 1] ?? 0
      if (count >= 0x80 || type < F64 || type > I32) break
      locals += count
    }
    r.pos = at
    locals += r.readU32()
    if (locals > MAXIMUM_LOCALS) {
      r.fail("too-many-locals", at, `${locals} locals exceed the maximum of ${MAXIMUM_LOCALS}`)
    } else if (locals > limits.locals) failLocals(c, at, locals)
    readValueType(c)
  }
  if (r.short) return
  // Parameters count as locals. With few locals, as is nearly always the case, the type is not looked up.
  if (locals + limits.parameters <= limits.locals) return
  const parameters = spaces.types.parameterCount(spaces.functionTypeId(functionIndex))
  if (locals + parameters > limits.locals) failLocals(c, r.pos, locals + parameters)
}

const failLocals = (c: DecodeContext, at: number, locals: number): void => {
  const message = `${locals} locals and parameters exceed the maximum of ${c.limits.locals}`
  c.reader.fail("limit-locals", at, message)
}

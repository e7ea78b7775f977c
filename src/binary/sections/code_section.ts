/**
 * Code section: a size and a body an entry. Only the size and the local declarations are decoded
 * here; the instructions pass by, or go to the sink.
 *
 * Source: https://webassembly.github.io/spec/core/binary/modules.html#code-section
 */
import type { DecodeContext } from "../context.ts"
import { readValueType } from "../value_types.ts"

const MAXIMUM_LOCALS = 2 ** 32 - 1

/**
 * Reads a body's size and local declarations, and leaves the body's end in `bodyEnd`.
 *
 * @param functionIndex the function that it is the body of
 * @returns where the body starts, an index into the window
 */
export function readBodyHead(c: DecodeContext, functionIndex: number): number {
  const { limits, reader: r } = c
  const at = r.pos
  const size = r.readSize("function body")
  if (size > limits.bodySize) {
    const message = `Too large a function body: ${size} bytes, the maximum is ${limits.bodySize}`
    r.fail("limit-body-size", at, message)
  }
  if (r.short) return 0
  const start = r.pos
  const end = start + size
  r.setLimit(end, r.stop < end ? r.stop : end)
  readLocals(c, functionIndex)
  if (r.short) return 0
  if (r.pos === end) r.fail("unexpected-end", end, "Unexpected end of section or function")
  c.bodyEnd = r.base + end
  return start
}

function readLocals(c: DecodeContext, functionIndex: number): void {
  const { limits, reader: r, spaces } = c
  const declarations = r.readCount(MAXIMUM_LOCALS, "too-many-locals", "local declarations")
  let locals = 0
  for (let i = 0; i < declarations && !r.short; i++) {
    const at = r.pos
    locals += r.readU32()
    if (locals > MAXIMUM_LOCALS) {
      r.fail("too-many-locals", at, `Too many locals: the maximum is ${MAXIMUM_LOCALS}`)
    } else if (locals > limits.locals) failLocals(c, at)
    readValueType(c)
  }
  if (r.short) return
  // The parameters are locals too; with few of both, as nearly always, the type is not looked at.
  if (locals + limits.parameters <= limits.locals) return
  const parameters = spaces.types.parameterCount(spaces.functionTypeId(functionIndex))
  if (locals + parameters > limits.locals) failLocals(c, r.pos)
}

function failLocals(c: DecodeContext, at: number): void {
  const message = `Too many locals: the maximum with parameters is ${c.limits.locals}`
  c.reader.fail("limit-locals", at, message)
}

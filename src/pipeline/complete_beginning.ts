/**
 * Completes the beginning of a module, up to the end of a section that the decoder does not know, to a whole module. An
 * engine that knows the section finds it valid. Loaded when there is such a section.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @module
 */
import type { UnknownConstruct } from "../binary/decoder.ts"
import type { ModuleSpaces } from "../binary/module_spaces.ts"
import { SECTION_CODE, SECTION_DATA } from "../binary/types.ts"
import type { ModuleBeginning } from "./module_beginning.ts"

/** The limit on functions and segments that are added. */
const mostMadeUp = 100_000

/** The bytes of a number in LEB128. */
const u32 = (value: number): Array<number> => {
  const bytes: Array<number> = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return [...bytes, value]
}

/** A section of identical entries. */
const sectionOf = (id: number, count: number, entry: ReadonlyArray<number>): Array<number> => {
  const head = u32(count)
  const section = [id, ...u32(head.length + count * entry.length), ...head]
  for (let index = 0; index < count; index++) section.push(...entry)
  return section
}

/** A body that is valid for every type: no locals, `unreachable`. */
const anyBody = [3, 0, 0x00, 0x0b]
/** A passive segment without bytes. */
const noData = [1, 0]

/** The end of a section whose id is unknown; `undefined` if its size was not received, or is malformed. */
const endOfSection = (bytes: Uint8Array, offset: number): number | undefined => {
  let size = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes[offset + 1 + index]
    if (byte === undefined) return undefined
    size += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return offset + 2 + index + size
  }
  return undefined
}

/**
 * The module to validate, returned once; `undefined` until the section was received, and after that call.
 *
 * @param beginning the bytes so far
 * @param unknown the construct that the decoder does not know
 * @param sectionEnd the end of its section, as read by the decoder
 * @param spaces the index spaces before it
 */
export const completeBeginning = (
  beginning: ModuleBeginning,
  unknown: UnknownConstruct,
  sectionEnd: number,
  spaces: ModuleSpaces,
): Uint8Array<ArrayBuffer> | undefined => {
  if (!beginning.isKept) return undefined
  const { bytes } = beginning
  const end = unknown.what === "section id" ? endOfSection(bytes, unknown.offset) : sectionEnd
  if (end === undefined || end > bytes.length) return undefined
  beginning.release()
  const functions = spaces.functionCount - spaces.importedFunctionCount
  const segments = Math.max(spaces.dataCount, 0)
  if (functions + segments > mostMadeUp) return undefined
  const rest = [
    ...(functions > 0 ? sectionOf(SECTION_CODE, functions, anyBody) : []),
    ...(segments > 0 ? sectionOf(SECTION_DATA, segments, noData) : []),
  ]
  const module = new Uint8Array(end + rest.length)
  module.set(bytes.subarray(0, end))
  module.set(rest, end)
  return module
}

/**
 * Functions in messages: by their index, and by the name that the module, an engine or an export gives them.
 *
 * @module
 */
import { NameSection } from "../binary/report/custom_sections.ts"
import { printName } from "../binary/report/print.ts"
import type { Piece } from "../diagnosis/diagnosis.ts"
import type { SeenLoad } from "./seen_load.ts"

/** The name section's own name, length-prefixed. */
const mark = [0x04, 0x6e, 0x61, 0x6d, 0x65]
/** The longest encoding of a section's size, in bytes. */
const longestSize = 5
/** The length to which names are cut in messages, in characters. */
const longestName = 200

/** The payload of a name section whose name is at an index; `undefined` if no custom section has it there. */
const payloadAt = (bytes: Uint8Array, at: number): Uint8Array | undefined => {
  for (let length = 1; length <= longestSize; length++) {
    const start = at - length
    if (start < 1 || bytes[start - 1] !== 0) continue
    let size = 0
    for (let i = 0; i < length; i++) size += ((bytes[start + i] ?? 0) & 0x7f) * 2 ** (7 * i)
    const isSize = bytes.subarray(start, at).every((byte, i) => (byte >= 0x80) === (i < length - 1))
    if (isSize && size >= mark.length) return bytes.subarray(at + mark.length, at + size)
  }
  return undefined
}

/** Finds the name section in bytes that the decoder did not read. */
const findNames = (pieces: ReadonlyArray<Piece>): NameSection | undefined => {
  for (const { bytes } of pieces.toReversed()) {
    for (let at = bytes.length - mark.length; at >= 2; at--) {
      if (!mark.every((byte, i) => bytes[at + i] === byte)) continue
      const payload = payloadAt(bytes, at)
      if (payload !== undefined) return new NameSection(payload)
    }
  }
  return undefined
}

/**
 * A function's name: from the name section, the engine, or an export. Not safe to print.
 *
 * @param functionIndex the function
 * @param seen what was seen of the module
 * @param said the name that an engine gave
 */
export const functionNameIn = (
  functionIndex: number,
  { kept, trace }: Pick<SeenLoad, "trace"> & { readonly kept?: SeenLoad["kept"] | undefined },
  said?: string,
): string | undefined =>
  (trace.names === undefined ? undefined : new NameSection(trace.names))
    ?.functionName(functionIndex) ??
    said ?? findNames(kept?.pieces ?? [])?.functionName(functionIndex) ??
    trace.spaces?.functionNames.nameOf(functionIndex)

const functionText = (functionIndex: number, name: string | undefined): string => {
  if (name === undefined) return `in function ${functionIndex}`
  const more = name.length > longestName ? "…" : ""
  return `in function ${functionIndex} "${printName(name.slice(0, longestName))}${more}"`
}

/**
 * A message of the decoder, with the function's name. The decoder itself knows only the names of exports.
 *
 * @param message the message
 * @param functionIndex the function that the error is in
 * @param name its name
 */
export const withFunctionName = (
  message: string,
  functionIndex: number,
  name: string | undefined,
): string =>
  message.replace(
    new RegExp(`in function ${functionIndex}(?: "(?:\\\\.|[^"\\\\])*")?`),
    () => functionText(functionIndex, name),
  )

/**
 * A function as the end of a message.
 *
 * @param functionIndex the function
 * @param seen what was seen of the module
 * @param said the name that an engine gave
 */
export const functionIn = (
  functionIndex: number,
  seen: Parameters<typeof functionNameIn>[1],
  said?: string,
): string => functionText(functionIndex, functionNameIn(functionIndex, seen, said))

/**
 * Messages for the decoder's errors in bytes that are otherwise a module: with the function, its name, and advice.
 *
 * @module
 */
import { DecodeError } from "../binary/errors.ts"
import { excerpt, hexOf } from "../diagnosis/mod.ts"
import { CompileError } from "../errors.ts"
import type { SeenLoad } from "./seen_load.ts"
import { functionIn, functionNameIn, withFunctionName } from "./function_names.ts"
import { proposalAt } from "./proposals.ts"
import { subjectOf } from "../messages/wording.ts"

/** The index of the section's entry with the fault: the number of entries before it. */
const indexIn = (
  { code, section }: DecodeError,
  { decoder: { spaces } }: SeenLoad,
): number | undefined => {
  switch (section) {
    case "type":
      return spaces.types.count
    case "import":
      return spaces.importedFunctionCount + spaces.importedTableCount +
        spaces.importedMemoryCount + spaces.importedGlobalCount + spaces.importedTagCount
    case "function":
      return spaces.functionCount
    case "table":
      return spaces.tableCount
    case "memory":
      return spaces.memoryCount
    case "global":
      return spaces.globalCount
    case "tag":
      return spaces.tagCount
    case "element":
      // A segment is counted before its entries are read.
      return code === "unknown-function" ? Math.max(0, spaces.elementCount - 1) : undefined
    default:
      return undefined
  }
}

/** The length-prefixed name at an offset, in parentheses; empty if those bytes were not kept. */
const nameAt = (offset: number, { kept }: SeenLoad): string => {
  const piece = kept.pieces.find(({ bytes, offset: start }) =>
    start <= offset && offset < start + bytes.length
  )
  if (piece === undefined) return ""
  const bytes = piece.bytes.subarray(offset - piece.offset)
  let size = 0
  let at = 0
  for (let more = true; more && at < 5; at++) {
    const byte = bytes[at] ?? 0
    size += (byte & 0x7f) * 2 ** (7 * at)
    more = byte >= 0x80
  }
  return ` (${excerpt(bytes.subarray(at, at + size))})`
}

const whole: ReadonlySet<string> = new Set([
  "duplicate-section",
  "function-code-mismatch",
  "section-out-of-order",
  "section-size-mismatch",
])

/** The entry with the fault, or its name. */
const entryOf = (error: DecodeError, seen: SeenLoad): string => {
  if (error.code === "duplicate-export-name") return nameAt(error.offset, seen)
  // The count at the beginning of a section belongs to no entry.
  const isCount = error.offset === seen.trace.sections.at(-2)
  const isEntry = error.functionIndex === undefined && !isCount && !whole.has(error.code)
  const index = isEntry ? indexIn(error, seen) : undefined
  return index === undefined ? "" : `, in ${error.section} ${index}`
}

/** What is wrong, and where. */
const placed = (cause: DecodeError, seen: SeenLoad): string => {
  const { functionIndex, message, section } = cause
  if (functionIndex === undefined) {
    const isSaid = section === undefined || message.includes(`${section} section`)
    return `${message}${entryOf(cause, seen)}${isSaid ? "" : `, in the ${section} section`}`
  }
  // For instructions, the decoder's message already has the function.
  return message.includes(`in function ${functionIndex}`)
    ? withFunctionName(message, functionIndex, functionNameIn(functionIndex, seen))
    : `${message}, ${functionIn(functionIndex, seen)}`
}

/**
 * The decoder's error as reported to the user.
 *
 * @param error the error, with the decoder's as its cause
 * @param seen what was seen of the load
 */
export const decodeErrorOf = (error: CompileError, seen: SeenLoad): CompileError => {
  const { cause, code, functionIndex, offset, section, url } = error
  if (!(cause instanceof DecodeError)) return error
  const subject = subjectOf(url)
  const fields = { url, code, offset, section, functionIndex, cause }
  const proposal = proposalAt(cause, seen.kept.pieces)
  if (code === "unsupported" || proposal !== undefined) {
    const what = proposal === undefined ? ", or is corrupt" : ` (${proposal})`
    const message = `${subject} uses a feature that full validation does not know${what}: ` +
      `${cause.message}. Use validation: "structure" if this engine supports it`
    return new CompileError({ reason: "unsupported", message, ...fields })
  }
  if (code === "magic-mismatch") {
    const message = `${subject} is not a WebAssembly module: it begins with ${
      hexOf(seen.kept.head.subarray(0, 4))
    } instead of 00 61 73 6d`
    return new CompileError({ reason: "structure", message, ...fields })
  }
  const message = `${subject} is not a valid WebAssembly module: ${placed(cause, seen)}`
  return new CompileError({ reason: "structure", message, ...fields })
}

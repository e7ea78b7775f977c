/**
 * What the decoder refused, where the bytes are a module: with the function and its name, and what to do.
 *
 * @module
 */
import { DecodeError } from "../binary/errors.ts"
import { excerpt, hexOf } from "../diagnosis/mod.ts"
import { CompileError } from "../errors.ts"
import type { SeenLoad } from "./seen_load.ts"
import { functionIn } from "./function_names.ts"
import { proposalAt } from "./proposals.ts"
import { subjectOf } from "./wording.ts"

/** Which entry of a section a fault is in: the spaces have those before it. */
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

/** A name with its length before it, as it stands in the bytes. */
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

/** Which entry it is, or which name it has. */
const entryOf = (error: DecodeError, seen: SeenLoad): string => {
  if (error.code === "duplicate-export-name") return nameAt(error.offset, seen)
  const isEntry = error.functionIndex === undefined && !whole.has(error.code)
  const index = isEntry ? indexIn(error, seen) : undefined
  return index === undefined ? "" : `, in ${error.section} ${index}`
}

/**
 * The decoder's error, as a person is told it.
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
    const what = proposal === undefined ? "" : ` (${proposal})`
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
  const entry = entryOf(cause, seen)
  // Inside of instructions, the decoder's message says in which function.
  const where = functionIndex !== undefined
    ? cause.message.includes(`function ${functionIndex}`)
      ? ""
      : `, ${functionIn(functionIndex, seen)}`
    : section === undefined || cause.message.includes(`${section} section`)
    ? ""
    : `, in the ${section} section`
  const message = `${subject} is not a valid WebAssembly module: ${cause.message}${entry}${where}`
  return new CompileError({ reason: "structure", message, ...fields })
}

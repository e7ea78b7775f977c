/**
 * What the decoders of the sections share: the cursor, the index spaces, the limits, and the state
 * of an entry that is decoded in parts.
 *
 * A section's `read...Entry` decodes one entry, or the next part of one, and sets `pendingParts` to
 * the number of parts that remain. It adds entries to the spaces and calls the sink only once it is
 * clear that the attempt did not fall `short`.
 *
 * @module
 */
import { IntList } from "./collections/int_list.ts"
import type { DecoderLimits } from "./limits.ts"
import { type LimitsEntry, ModuleSpaces } from "./module_spaces.ts"
import { NameSet } from "./collections/name_set.ts"
import { Reader } from "./reader.ts"
import type { DecoderSink } from "./sink.ts"
import type { ValueType } from "./types.ts"

/** The shared state. */
export class DecodeContext {
  readonly reader: Reader = new Reader()
  readonly spaces: ModuleSpaces = new ModuleSpaces()
  readonly limits: DecoderLimits
  readonly sink: DecoderSink | undefined
  /** Whether function bodies are validated. If so, an unknown instruction has the same error code everywhere. */
  readonly validatesBodies: boolean
  /** The features in use, as bits of `features.ts`. */
  features = 0

  /** The parts of the current entry that remain: types of a group, entries of a segment. */
  pendingParts = 0
  /** The absolute offset at which the bytes to be skipped end, or -1. */
  skipTo = -1

  /** Operand types of the constant expression being decoded. */
  readonly operands: IntList = new IntList()

  /** The limits of the table or memory type read last. */
  readonly lastLimits: LimitsEntry = {
    flags: 0,
    minimumLow: 0,
    minimumHigh: 0,
    maximumLow: 0,
    maximumHigh: 0,
  }

  /** Type section: where the open recursion group starts, and its types relative to that. */
  groupOffset = 0
  readonly groupPartOffsets: IntList = new IntList()
  groupCount = 0

  /** Export section: the names so far. */
  exportNames: NameSet = new NameSet()

  /** Element section: the entries of the open segment. */
  segmentType: ValueType = 0
  segmentHasExpressions = false

  /** Data section: the segments so far. */
  dataSegmentCount = 0

  /** Whether validation may be suspended, as another call will resume it. */
  mayPutOff = true

  /** Code section: the absolute offset of the end of the last body whose head was read. */
  bodyEnd = 0
  /** Whether the sink began to ask for bodies with that one. */
  isBodyWanted = false

  constructor(limits: DecoderLimits, sink: DecoderSink | undefined, validatesBodies: boolean) {
    this.limits = limits
    this.reader.longestName = limits.nameSize
    this.sink = sink
    this.validatesBodies = validatesBodies
  }
}

/**
 * Checks a module against a policy while it is decoded: turns the decoder's events into facts, and stops the decoding at the
 * first that breaks a rule.
 *
 * @module
 */
import type { ModuleDecoder } from "../binary/decoder.ts"
import { ExternalTexts, lastIndexOf } from "../binary/report/external_texts.ts"
import type { LimitsList, ModuleSpaces } from "../binary/module_spaces.ts"
import { externalKindName } from "../binary/report/print.ts"
import type { DecoderSink } from "../binary/sink.ts"
import {
  EXTERNAL_MEMORY,
  EXTERNAL_TABLE,
  SECTION_CODE,
  SECTION_CUSTOM,
  SECTION_DATA,
  SECTION_EXPORT,
  SECTION_FUNCTION,
  SECTION_IMPORT,
  SECTION_MEMORY,
  SECTION_TABLE,
  sectionName,
} from "../binary/types.ts"
import { decodeUtf8 } from "../binary/utf8.ts"
import type { ModuleFact } from "./facts.ts"
import type { PolicyError } from "./policy_error.ts"
import type { RuleChecks } from "./rule_checks.ts"

/** The facts that imports, exports or declarations are complete, and the sections that show it. */
const milestones = [
  // Only the type section may come before the import section.
  { fact: "end-of-imports", isPast: (id: number) => id > SECTION_IMPORT },
  // The start section, elements, the data count, code, data.
  { fact: "end-of-exports", isPast: (id: number) => id > SECTION_EXPORT && id !== 13 },
  {
    fact: "end-of-declarations",
    isPast: (id: number) => id === SECTION_CODE || id === SECTION_DATA,
  },
] as const

/** The facts about a module. */
export interface SeenModule {
  readonly facts: ReadonlyArray<ModuleFact>
  /** Whether its instructions were validated: only then are all of its features among the facts. */
  readonly isValidated: boolean
}

/** The options of {@linkcode PolicyRun}. */
export interface PolicyRunOptions {
  readonly checks: RuleChecks
  /** A sink to which the decoder's events are passed on. */
  readonly next: DecoderSink
  /** The features that were seen so far. */
  readonly features: () => ReadonlyArray<string>
  /** Whether features matter before the code section ends. */
  readonly watchesBodies: boolean
  /** Called with the facts of a module that was compiled. */
  readonly remember: (module: WebAssembly.Module, seen: SeenModule) => void
}

/** The check of one module against a policy. */
export class PolicyRun implements DecoderSink {
  /** The error of a refused module; also thrown, which ends the decoding. */
  refused: PolicyError | undefined = undefined
  readonly #run: PolicyRunOptions
  readonly #features: Set<string> = new Set()
  #isValidated = false
  #spaces: ModuleSpaces | undefined = undefined
  #texts: ExternalTexts | undefined = undefined
  /** How many of the milestones were passed. */
  #passed = 0
  /** The current section, until it has been read completely. */
  #open: {
    readonly id: number
    readonly name: string
    readonly start: number
    readonly end: number
  } | undefined = undefined
  #place: { readonly section?: string; readonly offset: number } = { offset: 8 }

  /**
   * Begins a check.
   *
   * @param options the rules, and the next sink
   */
  constructor(options: PolicyRunOptions) {
    this.#run = options
  }

  /** Checks what follows from the bytes decoded so far: the end of a section, or an unknown construct. */
  checkDecoded(decoder: ModuleDecoder): void {
    this.#isValidated = decoder.validatesBodies
    const open = this.#open
    const { isPutOff, size, unknown } = decoder
    // The decoder reads no byte after an unknown construct.
    const decoded = Math.min(size, unknown?.offset ?? size)
    if (open !== undefined && open.end <= decoded && !isPutOff) this.#leave()
    if (unknown === undefined) return
    const { offset, what } = unknown
    this.#refuse(this.#run.checks.unknown(
      `contains something that cannot be checked against the policy: unknown ${what}, at 0x${
        offset.toString(16)
      }. Build it without the feature, or use a newer version of this library`,
      { offset, section: this.#open?.name },
    ))
  }

  /** Checks the last section if it was complete before the decoder failed, so that the split into chunks does not matter. */
  checkFailed(decoder: ModuleDecoder): void {
    try {
      if (decoder.isBetweenSections) this.#leave()
    } catch (error) {
      if (this.refused === undefined) throw error
    }
  }

  /** Remembers the facts about the compiled module. */
  remember(module: WebAssembly.Module): void {
    this.#run.remember(module, { facts: this.#run.checks.facts, isValidated: this.#isValidated })
  }

  #refuse(error: PolicyError): never {
    this.refused = error
    throw error
  }

  #tell(fact: ModuleFact): void {
    const error = this.#run.checks.take(fact)
    if (error !== undefined) this.#refuse(error)
  }

  #tellFeatures(): void {
    for (const feature of this.#run.features()) {
      if (this.#features.has(feature)) continue
      this.#features.add(feature)
      this.#tell({ fact: "feature", feature, ...this.#place })
    }
  }

  /** Reports the facts that are known at the end of the current section. */
  #leave(): void {
    const open = this.#open
    this.#open = undefined
    const spaces = this.#spaces
    if (open === undefined || spaces === undefined) return
    const { id, end, name: section, start: offset } = open
    if (id === SECTION_FUNCTION) {
      const count = spaces.functionCount - spaces.importedFunctionCount
      this.#tell({ fact: "functions", count, section, offset })
    }
    if (id === SECTION_TABLE) {
      for (let at = spaces.importedTableCount; at < spaces.tableCount; at++) {
        this.#tell({ ...limitsFact("table", spaces.tableLimits, at, false), section, offset })
      }
    }
    if (id === SECTION_MEMORY) {
      for (let at = spaces.importedMemoryCount; at < spaces.memoryCount; at++) {
        this.#tell({ ...limitsFact("memory", spaces.memoryLimits, at, false), section, offset })
      }
    }
    this.#tellFeatures()
    if (id === SECTION_IMPORT) this.#pass(1, { section, offset: end })
    if (id === SECTION_EXPORT) this.#pass(2, { section, offset: end })
  }

  /** Reports the first `count` milestones, except those already reported. */
  #pass(count: number, place: { readonly section?: string; readonly offset: number }): void {
    for (; this.#passed < count; this.#passed++) {
      const milestone = milestones[this.#passed]
      if (milestone !== undefined) this.#tell({ fact: milestone.fact, ...place })
    }
  }

  // The decoder's events.

  begin(spaces: ModuleSpaces): void {
    this.#run.next.begin?.(spaces)
    this.#spaces = spaces
    this.#texts = new ExternalTexts(spaces)
  }

  section(id: number, startOffset: number, endOffset: number): void {
    this.#leave()
    this.#run.next.section?.(id, startOffset, endOffset)
    const section = sectionName(id) ?? ""
    const { length } = milestones.filter(({ isPast }) => id !== SECTION_CUSTOM && isPast(id))
    this.#pass(length, this.#place)
    this.#place = { section, offset: startOffset }
    this.#open = { id, name: section, start: startOffset, end: endOffset }
    this.#tell({ fact: "section", section, offset: startOffset, end: endOffset })
  }

  customSection(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    payloadOffset: number,
    endOffset: number,
  ): number {
    const name = decodeUtf8(bytes, nameStart, nameEnd)
    this.#tell({ fact: "custom-section", name, ...this.#place })
    const { next } = this.#run
    return next.customSection?.(bytes, nameStart, nameEnd, payloadOffset, endOffset) ?? 0
  }

  customPayload(bytes: Uint8Array, start: number, end: number): void {
    this.#run.next.customPayload?.(bytes, start, end)
  }

  import(
    kind: number,
    bytes: Uint8Array,
    moduleStart: number,
    moduleEnd: number,
    nameStart: number,
    nameEnd: number,
    offset: number,
  ): void {
    const { next } = this.#run
    next.import?.(kind, bytes, moduleStart, moduleEnd, nameStart, nameEnd, offset)
    const spaces = this.#spaces
    if (spaces === undefined) return
    const index = lastIndexOf(spaces, kind)
    const place = { section: "import", offset }
    this.#tell({
      fact: "import",
      module: decodeUtf8(bytes, moduleStart, moduleEnd),
      name: decodeUtf8(bytes, nameStart, nameEnd),
      kind: externalKindName(kind),
      type: this.#texts?.of(kind, index),
      ...place,
    })
    if (kind === EXTERNAL_MEMORY) {
      this.#tell({ ...limitsFact("memory", spaces.memoryLimits, index, true), ...place })
    }
    if (kind === EXTERNAL_TABLE) {
      this.#tell({ ...limitsFact("table", spaces.tableLimits, index, true), ...place })
    }
  }

  export(
    kind: number,
    index: number,
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    offset: number,
  ): void {
    this.#run.next.export?.(kind, index, bytes, nameStart, nameEnd, offset)
    this.#tell({
      fact: "export",
      name: decodeUtf8(bytes, nameStart, nameEnd),
      kind: externalKindName(kind),
      type: this.#texts?.of(kind, index),
      section: "export",
      offset,
    })
  }

  start(functionIndex: number): void {
    this.#run.next.start?.(functionIndex)
    this.#tell({ fact: "start", ...this.#place })
  }

  elementSegment(index: number, mode: number, table: number, count: number): void {
    this.#run.next.elementSegment?.(index, mode, table, count)
  }

  dataSegment(index: number, memory: number, startOffset: number, endOffset: number): void {
    this.#run.next.dataSegment?.(index, memory, startOffset, endOffset)
  }

  codeStart(count: number): void {
    this.#run.next.codeStart?.(count)
  }

  functionBody(functionIndex: number, startOffset: number, endOffset: number): void {
    // With full validation, the features of the bodies before this one are known.
    if (this.#run.watchesBodies) this.#tellFeatures()
    this.#run.next.functionBody?.(functionIndex, startOffset, endOffset)
  }

  end(size: number): void {
    this.#leave()
    this.#tellFeatures()
    this.#pass(milestones.length, this.#place)
    this.#tell({ fact: "end", size, offset: size })
    this.#run.next.end?.(size)
  }
}

const limitsFact = (
  fact: "memory" | "table",
  limits: LimitsList,
  index: number,
  isImported: boolean,
) => {
  const maximum = limits.maximum(index)
  return {
    fact,
    isImported,
    initial: numberFrom(limits.minimum(index)),
    maximum: maximum === undefined ? undefined : numberFrom(maximum),
  }
}

/** A count as a number, rounded up if it is not exact, so that rounding never lets a module pass a ceiling. */
const numberFrom = (count: bigint): number => {
  const near = Number(count)
  return BigInt(near) < count ? near * (1 + Number.EPSILON) : near
}

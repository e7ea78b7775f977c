/**
 * Reports the contents of a module, for readers and tools: a sink that collects them while the module
 * is decoded, and returns a plain object.
 *
 * @module
 */
import {
  decodeBuildId,
  decodeNeededLibraries,
  decodeProducers,
  decodeSingleName,
  decodeTargetFeatures,
  NameSection,
  type Producer,
} from "./custom_sections.ts"
import type { ModuleDecoder, UnknownConstruct } from "../decoder.ts"
import type { LimitsList, ModuleSpaces } from "../module_spaces.ts"
import { ExternalTexts, lastIndexOf } from "./external_texts.ts"
import { type ExternalKindName, externalKindName, memoryText, tableText } from "./print.ts"
import type { DecoderSink } from "../sink.ts"
import { sectionName } from "../types.ts"
import { decodeUtf8 } from "../utf8.ts"

/** A section of a module. */
export interface SectionReport {
  /** The section's id; 0 is a custom section. */
  readonly id: number
  /** The name of the id: `"type"`, `"data count"`, `"custom"`. */
  readonly name: string
  /** The name of a custom section, as it is in the module: not safe to print. */
  readonly customName: string | undefined
  /** Where the payload starts, in bytes from the start of the module. */
  readonly offset: number
  /** The size of the payload in bytes. */
  readonly size: number
  /** Why a known custom section was not read, if it was not: it is too large, or not the first of its name. */
  readonly unread?: "too-large" | "not-first"
}

/** An import. The names are as they are in the module: not safe to print. */
export interface ImportReport {
  /** The name of the module imported from. */
  readonly module: string
  /** The name of the import. */
  readonly name: string
  /** The kind of the import. */
  readonly kind: ExternalKindName
  /** Its type in the notation of the text format. */
  readonly type: string
}

/** An export. */
export interface ExportReport {
  /** Its name, as it is in the module: not safe to print. */
  readonly name: string
  /** The kind of the export. */
  readonly kind: ExternalKindName
  /** The index of the exported entity in the index space of its kind. */
  readonly index: number
  /** Its type in the notation of the text format. */
  readonly type: string
}

/** The size of a memory in pages, or of a table in entries. */
export interface LimitsReport {
  /** Whether it is an import. */
  readonly isImported: boolean
  /** The minimum, in pages or entries. */
  readonly minimum: number
  /** The maximum, in pages or entries, if there is one. Exact up to 2^53; `type` is always exact. */
  readonly maximum: number | undefined
  /** Whether addresses or indices are 64 bits wide. */
  readonly is64: boolean
  /** Whether it is a shared memory. */
  readonly isShared: boolean
  /** The type in the notation of the text format. */
  readonly type: string
}

/** The contents of a module. */
export interface ModuleReport {
  /** The number of bytes that the decoder received. */
  readonly size: number
  /** The construct at which the decoder stood aside, if it did; the report ends there. */
  readonly unknown: UnknownConstruct | undefined
  /** The sections in the order of the module. */
  readonly sections: ReadonlyArray<SectionReport>
  /** The imports in the order of the module. */
  readonly imports: ReadonlyArray<ImportReport>
  /** The exports in the order of the module. */
  readonly exports: ReadonlyArray<ExportReport>
  /** The memories, imported ones first. */
  readonly memories: ReadonlyArray<LimitsReport>
  /** The tables, imported ones first. */
  readonly tables: ReadonlyArray<LimitsReport>
  /** The numbers of functions. */
  readonly functions: { readonly imported: number; readonly defined: number }
  /** The numbers of globals. */
  readonly globals: { readonly imported: number; readonly defined: number }
  /** The number of data segments. */
  readonly dataSegments: number
  /** The number of element segments. */
  readonly elementSegments: number
  /** The start function's index, if there is one. */
  readonly start: number | undefined
  /** The features in use, as evident from the structure and, with full validation, from the instructions. */
  readonly features: ReadonlyArray<string>
  /** Present if the instructions were validated too; only then is `features` complete. */
  readonly validation?: "full"
  /** The module's name from the name section: not safe to print. */
  readonly moduleName: string | undefined
  /** The tools that produced the module, according to its `producers` section. */
  readonly producers: ReadonlyArray<Producer>
  /** The features that the toolchain used, according to the `target_features` section: `"+simd128"`. */
  readonly targetFeatures: ReadonlyArray<string>
  /** The URL of the source map: not safe to print. */
  readonly sourceMappingUrl: string | undefined
  /** The URL of the debug information: not safe to print. */
  readonly externalDebugInfo: string | undefined
  /** The build id, in hexadecimal. */
  readonly buildId: string | undefined
  /** The libraries that a dynamically linked module needs; `undefined` for other modules. */
  readonly neededLibraries: ReadonlyArray<string> | undefined
}

/** The options of a report. */
export interface ModuleReportOptions {
  /** The largest name section kept, in bytes; 0 for none. Defaults to 16 MiB. */
  readonly maximumNameSection?: number
}

const DEFAULT_NAME_SECTION = 16 * 1024 * 1024
const MAXIMUM_CUSTOM_PAYLOAD = 64 * 1024
const KNOWN_CUSTOM_SECTIONS: ReadonlySet<string> = new Set([
  "producers",
  "target_features",
  "sourceMappingURL",
  "external_debug_info",
  "build_id",
  "dylink",
  "dylink.0",
])

interface ImportEntry {
  readonly module: string
  readonly name: string
  readonly kind: number
  readonly index: number
}

interface ExportEntry {
  readonly name: string
  readonly kind: number
  readonly index: number
}

/**
 * Collects a {@link ModuleReport} while a decoder runs.
 *
 * @example
 * ```ts
 * import { ModuleDecoder, ModuleReportBuilder } from "@effect-wasm/compile-streaming/binary"
 *
 * const builder = new ModuleReportBuilder()
 * const decoder = new ModuleDecoder({ sink: builder })
 * decoder.push(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00))
 * decoder.finish()
 * console.log(builder.build(decoder).imports.length) // 0
 * ```
 */
export class ModuleReportBuilder implements DecoderSink {
  /** The name section, for names of functions; `undefined` if absent or too large. */
  names: NameSection | undefined = undefined

  readonly #maximumNameSection: number
  #spaces: ModuleSpaces | undefined = undefined
  readonly #sections: Array<SectionReport> = []
  readonly #imports: Array<ImportEntry> = []
  readonly #exports: Array<ExportEntry> = []
  #dataSegments = 0
  #customName = ""
  /** The names of the known custom sections so far, as only the first of each name is read. */
  readonly #customNames: Set<string> = new Set()
  #producers: Array<Producer> = []
  #targetFeatures: Array<string> = []
  #sourceMappingUrl: string | undefined = undefined
  #externalDebugInfo: string | undefined = undefined
  #buildId: string | undefined = undefined
  #neededLibraries: Array<string> | undefined = undefined

  /** Starts an empty report. */
  constructor(options: ModuleReportOptions = {}) {
    this.#maximumNameSection = options.maximumNameSection ?? DEFAULT_NAME_SECTION
  }

  /** Takes the index spaces, for the types. */
  begin(spaces: ModuleSpaces): void {
    this.#spaces = spaces
  }

  /** Notes a section. */
  section(id: number, startOffset: number, endOffset: number): void {
    const name = sectionName(id) ?? ""
    this.#sections.push({
      id,
      name,
      customName: undefined,
      offset: startOffset,
      size: endOffset - startOffset,
    })
  }

  /** Notes a custom section's name, and asks for its payload if the report includes it. */
  customSection(
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    payloadOffset: number = 0,
    endOffset: number = payloadOffset,
  ): number {
    const customName = decodeUtf8(bytes, nameStart, nameEnd)
    this.#customName = customName
    const isName = customName === "name"
    const isKnown = isName || KNOWN_CUSTOM_SECTIONS.has(customName)
    const most = isName ? this.#maximumNameSection : MAXIMUM_CUSTOM_PAYLOAD
    const isFirst = !this.#customNames.has(customName)
    if (isKnown) this.#customNames.add(customName)
    const isSmall = endOffset - payloadOffset <= most
    const section = this.#sections.pop()
    if (section !== undefined) {
      const unread = isFirst ? "too-large" : "not-first"
      const read = !isKnown || (isFirst && isSmall) ? {} : { unread } as const
      this.#sections.push({ ...section, customName, ...read })
    }
    return isKnown && isFirst ? most : 0
  }

  /** Reads the payload of a known custom section. */
  customPayload(bytes: Uint8Array, start: number, end: number): void {
    switch (this.#customName) {
      case "name":
        this.names = new NameSection(bytes.slice(start, end))
        break
      case "producers":
        this.#producers = decodeProducers(bytes, start, end)
        break
      case "target_features":
        this.#targetFeatures = decodeTargetFeatures(bytes, start, end)
        break
      case "sourceMappingURL":
        this.#sourceMappingUrl = decodeSingleName(bytes, start, end)
        break
      case "external_debug_info":
        this.#externalDebugInfo = decodeSingleName(bytes, start, end)
        break
      case "build_id":
        this.#buildId = decodeBuildId(bytes, start, end)
        break
      case "dylink":
      case "dylink.0": {
        const isOldForm = this.#customName === "dylink"
        this.#neededLibraries = decodeNeededLibraries(bytes, start, end, isOldForm)
        break
      }
    }
  }

  /** Notes an import. */
  import(
    kind: number,
    bytes: Uint8Array,
    moduleStart: number,
    moduleEnd: number,
    nameStart: number,
    nameEnd: number,
  ): void {
    this.#imports.push({
      module: decodeUtf8(bytes, moduleStart, moduleEnd),
      name: decodeUtf8(bytes, nameStart, nameEnd),
      kind,
      index: this.#spaces === undefined ? 0 : lastIndexOf(this.#spaces, kind),
    })
  }

  /** Notes an export. */
  export(
    kind: number,
    index: number,
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
  ): void {
    this.#exports.push({ name: decodeUtf8(bytes, nameStart, nameEnd), kind, index })
  }

  /** Counts a data segment. */
  dataSegment(): void {
    this.#dataSegments++
  }

  /** The name of a function from the name section, or `undefined`. */
  functionName(functionIndex: number): string | undefined {
    return this.names?.functionName(functionIndex)
  }

  /** Makes the report of what has been decoded so far. */
  build(decoder: ModuleDecoder): ModuleReport {
    const spaces = decoder.spaces
    const texts = new ExternalTexts(spaces)
    return {
      size: decoder.size,
      unknown: decoder.unknown,
      sections: this.#sections.slice(),
      imports: this.#imports.map(({ index, kind, module, name }) => ({
        module,
        name,
        kind: externalKindName(kind),
        type: texts.of(kind, index),
      })),
      exports: this.#exports.map(({ index, kind, name }) => ({
        name,
        kind: externalKindName(kind),
        index,
        type: texts.of(kind, index),
      })),
      memories: reportLimits(
        spaces.memoryLimits,
        spaces.importedMemoryCount,
        (index) => memoryText(spaces, index),
      ),
      tables: reportLimits(
        spaces.tableLimits,
        spaces.importedTableCount,
        (index) => tableText(spaces, index),
      ),
      functions: {
        imported: spaces.importedFunctionCount,
        defined: spaces.functionCount - spaces.importedFunctionCount,
      },
      globals: {
        imported: spaces.importedGlobalCount,
        defined: spaces.globalCount - spaces.importedGlobalCount,
      },
      dataSegments: this.#dataSegments,
      elementSegments: spaces.elementCount,
      start: spaces.startFunction < 0 ? undefined : spaces.startFunction,
      features: decoder.features,
      ...(decoder.validatesBodies ? { validation: "full" } as const : {}),
      moduleName: this.names?.moduleName,
      producers: this.#producers,
      targetFeatures: this.#targetFeatures,
      sourceMappingUrl: this.#sourceMappingUrl,
      externalDebugInfo: this.#externalDebugInfo,
      buildId: this.#buildId,
      neededLibraries: this.#neededLibraries,
    }
  }
}

const reportLimits = (
  limits: LimitsList,
  importedCount: number,
  textOf: (index: number) => string,
): Array<LimitsReport> => {
  const reports: Array<LimitsReport> = []
  for (let index = 0; index < limits.count; index++) {
    const maximum = limits.maximum(index)
    reports.push({
      isImported: index < importedCount,
      minimum: Number(limits.minimum(index)),
      maximum: maximum === undefined ? undefined : Number(maximum),
      is64: limits.is64(index),
      isShared: limits.isShared(index),
      type: textOf(index),
    })
  }
  return reports
}

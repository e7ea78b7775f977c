/**
 * The WebAssembly binary format: decodes a module as its bytes arrive, checks its structure, and
 * reports its contents. Has no dependencies, and runs anywhere.
 *
 * @example Reject bytes that are not a module at the first wrong one
 * ```ts
 * import { DecodeError, ModuleDecoder } from "@effect-wasm/compile-streaming/binary"
 *
 * const decoder = new ModuleDecoder()
 * try {
 *   decoder.push(Uint8Array.of(0x00, 0x61, 0x73, 0x6e))
 * } catch (error) {
 *   if (error instanceof DecodeError) console.log(error.message)
 * }
 * ```
 *
 * @module
 */
export { ModuleDecoder, type ModuleDecoderOptions, type UnknownConstruct } from "./decoder.ts"
export { ModuleValidator } from "./validation/module_validator.ts"
export { type FaultyBody, findFault, type ModuleFault } from "./validation/find_fault.ts"
export {
  BodyDisassembler,
  type DeclaredLocals,
  type DisassembledInstruction,
  type FaultyInstruction,
} from "./disassembly/disassembler.ts"
export {
  DecodeError,
  type DecodeErrorCode,
  type InstructionCode,
  type InvalidCode,
  type LimitCode,
  type MalformedCode,
} from "./errors.ts"
export { CORE_LIMITS, type DecoderLimits, JS_API_LIMITS, type LimitsName } from "./limits.ts"
export { FEATURE_NAMES } from "./features.ts"
export type { FunctionNames } from "./function_names.ts"
export type { LimitsEntry, LimitsList, ModuleSpaces } from "./module_spaces.ts"
export type { TypeSpace } from "./type_space.ts"
export type { HeapType, ValueType } from "./types.ts"
export { NameSection, type Producer } from "./report/custom_sections.ts"
export { type ExternalKindName, printName } from "./report/print.ts"
export {
  type FunctionReport,
  type ModuleOutline,
  ModuleOutlineBuilder,
  type TypedReport,
} from "./report/outline.ts"
export {
  type ExportReport,
  type ImportReport,
  type LimitsReport,
  type ModuleReport,
  ModuleReportBuilder,
  type ModuleReportOptions,
  type SectionReport,
} from "./report/module_report.ts"
export type { DecoderSink } from "./sink.ts"

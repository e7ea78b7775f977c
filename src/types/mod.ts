/**
 * Makes TypeScript declarations of a WebAssembly module's imports and exports, from its bytes or its report.
 *
 * ```ts
 * import { declarations } from "@effect-wasm/compile-streaming/types"
 *
 * const bytes = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
 * console.log(declarations(bytes, { form: "import" }))
 * ```
 *
 * It needs neither an engine nor `effect`.
 *
 * @module
 */
export { DeclarationError, type DeclarationErrorReason } from "./declaration_error.ts"
export { declarations } from "./declarations.ts"
export type { DeclarationOptions } from "./read_arguments.ts"
export type { ModuleReport } from "../binary/mod.ts"

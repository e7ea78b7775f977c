/**
 * What is this, if it is not a core module, or what happened to it? Says so from the evidence, and what to do about it.
 *
 * Loaded when something has failed. No Effect, and no bytes for which it throws.
 *
 * @module
 */
export { isServed } from "./advice.ts"
export { diagnoseThoroughly } from "./compressed.ts"
export { diagnose } from "./diagnose.ts"
export type { Diagnosis, DiagnosisReason, Evidence, Piece, Stop } from "./diagnosis.ts"
export { excerpt, hexOf } from "./print.ts"

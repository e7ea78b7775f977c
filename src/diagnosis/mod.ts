/**
 * Recognises what bytes are if they are not a core module, or how a module was damaged, and advises what to do.
 *
 * Loaded only after a failure. Does not use Effect, and does not throw for any bytes.
 *
 * @module
 */
export { isServed } from "./advice.ts"
export { diagnoseThoroughly } from "./compressed.ts"
export { diagnose } from "./diagnose.ts"
export type { Diagnosis, DiagnosisReason, Evidence, Piece, Stop } from "./diagnosis.ts"
export { excerpt, hexOf } from "./print.ts"

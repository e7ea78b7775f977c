/**
 * What is this, if it is not a core module? Names what the first bytes of a body are, and what to do about it.
 *
 * Pure functions: no Effect, no platform, no dependency, and no bytes for which they throw.
 *
 * @module
 */
export { diagnose } from "./diagnose.ts"
export { type Diagnosis, type DiagnosisReason, type Evidence, HEAD_SIZE } from "./diagnosis.ts"
export { excerpt, hexOf } from "./print.ts"

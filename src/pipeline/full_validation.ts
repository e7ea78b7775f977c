/**
 * What full validation needs, in one: loaded when it is asked for (`validator.ts`).
 *
 * @module
 */
export { validateBodies } from "../binary/validation/mod.ts"
export { heldBack } from "./held_back.ts"
export { inTurns, isTurnOver } from "./turns.ts"

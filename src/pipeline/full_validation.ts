/**
 * The code of full validation, in one module, loaded on demand by `validator.ts`.
 *
 * @module
 */
export { validateBodies } from "../binary/validation/mod.ts"
export { heldBack } from "./held_back.ts"
export { inTurns, isTurnOver } from "./turns.ts"

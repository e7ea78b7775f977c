/**
 * What only failures need: words, and what they are found by. Loaded when something has failed (`explain_later.ts`).
 *
 * @module
 */
export { explainDecodeError } from "./decode_error.ts"
export { explainEngineError } from "./engine_error.ts"
export { notAResponse, notAStream } from "./not_a_response.ts"

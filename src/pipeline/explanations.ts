/**
 * What only failures need: words, and what they are found by. Loaded when something has failed (`explain_later.ts`).
 *
 * @module
 */
export { explainFailure } from "./explain_failure.ts"
export { notAResponse, notAStream } from "./not_a_response.ts"
export { explainResponse } from "./response_error.ts"

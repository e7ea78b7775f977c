/**
 * The code that only failures need, in one module, loaded by `explain_later.ts`.
 *
 * @module
 */
export { explainFailure } from "./explain_failure.ts"
export { notAResponse, notAStream } from "./not_a_response.ts"
export { explainResponse } from "./response_error.ts"

/**
 * Replaces `node:assert/strict` in a page, on top of the bundler's replacement of `node:assert`.
 *
 * @module
 */
import * as assert from "node:assert"

const whole: { readonly strict?: unknown; readonly default?: { readonly strict?: unknown } } =
  assert
const strict: unknown = whole.strict ?? whole.default?.strict ?? assert
export default strict

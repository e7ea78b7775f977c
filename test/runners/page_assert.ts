/**
 * Stands for `node:assert/strict` in a page, over the bundler's own stand-in for `node:assert`.
 *
 * @module
 */
import * as assert from "node:assert"

const whole: { readonly strict?: unknown; readonly default?: { readonly strict?: unknown } } =
  assert
const strict: unknown = whole.strict ?? whole.default?.strict ?? assert
export default strict

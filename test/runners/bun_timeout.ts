/**
 * Sets the default timeout of tests on Bun; `bunfig.toml` has it loaded before the tests. `bunfig.toml` itself has no such
 * setting, and `setDefaultTimeout` applies to one file only.
 *
 * @module
 */
import { mock } from "bun:test"
import * as nodeTest from "node:test"

/** In milliseconds; Bun's default of 5 seconds is too short for reading every vector on a busy machine. */
const timeout = 120_000

// A copy: the namespace object itself would show the replacement.
const real = { ...nodeTest }

const test = (
  name: string,
  second: nodeTest.TestFn | nodeTest.TestOptions,
  third?: nodeTest.TestFn,
): unknown =>
  typeof second === "function"
    ? real.test(name, { timeout }, second)
    : real.test(name, { timeout, ...second }, third)

mock.module("node:test", () => ({ ...real, test, default: test }))

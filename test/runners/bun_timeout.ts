/**
 * Loaded by `bun test` before the tests (`bunfig.toml`): how long a test may take there, where it does not say so itself.
 * `bunfig.toml` has no setting for that, and `setDefaultTimeout` holds for one file only.
 *
 * @module
 */
import { mock } from "bun:test"
import * as nodeTest from "node:test"

/** In milliseconds; Bun's own are 5 seconds, too few for reading every vector on a busy machine. */
const timeout = 120_000

// A copy: the namespace itself shows what is put in its place.
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

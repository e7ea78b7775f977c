/**
 * Loaded by `bun test` before the tests (`bunfig.toml`): how long a test may take there, in milliseconds.
 *
 * @module
 */
import { setDefaultTimeout } from "bun:test"

setDefaultTimeout(120_000)

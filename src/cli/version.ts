/**
 * The version that `--version` prints. A test compares it with the package's.
 *
 * @module
 */

/** The version. */
export const version = "0.1.0"

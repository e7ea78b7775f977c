/**
 * The version that `--version` tells: that of the package, which a test compares.
 *
 * @module
 */

/** The version. */
export const version = "0.1.0"

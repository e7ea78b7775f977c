/**
 * The help of the whole and of each command, with colors, by the command's name. `build.ts` puts the texts here when it makes
 * the package, so that telling them takes no longer than reading the file; from source there are none, and they are made.
 *
 * @module
 */

/** The texts; the help of the whole is that of the name "". */
export const helpTexts: Readonly<Record<string, string>> = {}

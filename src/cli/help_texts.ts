/**
 * The help texts, with colors, by the command's name. `build.ts` puts them here when it makes the package, so that showing
 * help takes no longer than reading the file. When run from source there are none, and help is generated.
 *
 * @module
 */

/** The texts; the name of the top-level help is "". */
export const helpTexts: Readonly<Record<string, string>> = {}

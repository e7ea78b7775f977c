/**
 * The imports that the engine provides if a module is compiled with builtins or string constants.
 *
 * @see https://webassembly.github.io/spec/js-api/#builtins
 * @module
 */
import type { ImportReport } from "../binary/mod.ts"

/** The functions of each set. If an engine does not know a set, its functions are imported like any others. */
const SETS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "js-string",
    new Set(
      ("cast test fromCharCodeArray intoCharCodeArray fromCharCode fromCodePoint charCodeAt codePointAt length concat " +
        "substring equals compare").split(" "),
    ),
  ],
])

/** The names of the sets known here; an engine may know others. */
export const builtinSets: ReadonlyArray<string> = [...SETS.keys()]

/** The compile options that provide imports. */
export interface Provided {
  /** The sets of builtins. */
  readonly builtins?: ReadonlyArray<string> | undefined
  /** The module name of imported string constants. */
  readonly importedStringConstants?: string | null | undefined
}

/**
 * Makes a predicate for the imports that the engine provides.
 *
 * @param provided the compile options
 */
export const providedBy = (
  { builtins = [], importedStringConstants: strings }: Provided,
): (entry: ImportReport) => boolean => {
  const sets = new Map(builtins.map((name) => [`wasm:${name}`, SETS.get(name)]))
  return ({ kind, module, name }) =>
    (typeof strings === "string" && module === strings) ||
    (kind === "function" && sets.get(module)?.has(name) === true)
}

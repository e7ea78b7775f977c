/**
 * The imports that the engine provides where a module is compiled with builtins and string constants.
 *
 * @see https://webassembly.github.io/spec/js-api/#builtins
 * @module
 */
import type { ImportReport } from "../binary/mod.ts"

/** The functions of each set. An engine ignores a set that it does not know, and imports its functions like any others. */
const SETS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "js-string",
    new Set(
      ("cast test fromCharCodeArray intoCharCodeArray fromCharCode fromCodePoint charCodeAt codePointAt length concat " +
        "substring equals compare").split(" "),
    ),
  ],
])

/** The names of the sets that are known here; an engine may know others. */
export const builtinSets: ReadonlyArray<string> = [...SETS.keys()]

/** What a module is compiled with. */
export interface Provided {
  /** The sets of builtins. */
  readonly builtins?: ReadonlyArray<string> | undefined
  /** The name of the module that string constants are imported from. */
  readonly importedStringConstants?: string | null | undefined
}

/**
 * Makes what tells the imports that the engine provides from those that have to be given.
 *
 * @param provided what the module is compiled with
 */
export const providedBy = (
  { builtins = [], importedStringConstants: strings }: Provided,
): (entry: ImportReport) => boolean => {
  const sets = new Map(builtins.map((name) => [`wasm:${name}`, SETS.get(name)]))
  return ({ kind, module, name }) =>
    (typeof strings === "string" && module === strings) ||
    (kind === "function" && sets.get(module)?.has(name) === true)
}

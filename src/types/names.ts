/**
 * A module's names in declarations. A name is untrusted text of any length, which must not end a string, a line or a
 * comment. Only printable ASCII is kept as it is, so that the result does not depend on the engine's version of Unicode.
 *
 * @module
 */
import { escapeCharacter } from "../binary/escape.ts"

const UNSAFE = /["\\]|[^\x20-\x7e]/gu

/** A name as a string literal. */
export const quote = (name: string): string => {
  const text = name.replace(UNSAFE, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`
    return escapeCharacter(character)
  })
  return `"${text}"`
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** Names with a special meaning in an object type. */
const SPECIAL_PROPERTIES: ReadonlySet<string> = new Set(["constructor", "new", "get", "set"])

/** A name as a property name. */
export const propertyName = (name: string): string =>
  IDENTIFIER.test(name) && !SPECIAL_PROPERTIES.has(name) ? name : quote(name)

/** Names that cannot be declared at the top level of a module, or would hide names that the declarations refer to. */
const RESERVED: ReadonlySet<string> = new Set(
  ("arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public " +
    "return static super switch this throw true try typeof undefined var void while with yield " +
    "async globalThis exports module require Infinity NaN Object Promise WebAssembly").split(" "),
)

/** The longest name that is declared as it is, in characters. It bounds the prefix that sets other names apart. */
const LONGEST_DECLARED = 200

/** Whether an export can be declared under its own name at the top level of a module. */
export const canBeDeclared = (name: string): boolean =>
  name.length <= LONGEST_DECLARED && IDENTIFIER.test(name) && !RESERVED.has(name)

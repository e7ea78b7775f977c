/**
 * Names of a module as they stand in declarations. A name is any text of any length from anybody; nothing that it holds may
 * end a string, a line or a comment. Only printable ASCII is kept as it is, so that the result is the same on every engine,
 * whatever its version of Unicode.
 *
 * @module
 */
import { escapeCharacter } from "../binary/escape.ts"

const UNSAFE = /["\\]|[^\x20-\x7e]/gu

/** A name as a string literal of TypeScript. */
export const quote = (name: string): string => {
  const text = name.replace(UNSAFE, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`
    return escapeCharacter(character)
  })
  return `"${text}"`
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** What has a meaning of its own in an object type, before a colon or a parenthesis. */
const SPECIAL_PROPERTIES: ReadonlySet<string> = new Set(["constructor", "new", "get", "set"])

/** A name as that of a property. */
export const propertyName = (name: string): string =>
  IDENTIFIER.test(name) && !SPECIAL_PROPERTIES.has(name) ? name : quote(name)

/** What cannot be declared at the top of a module, or would hide what the declarations refer to. */
const RESERVED: ReadonlySet<string> = new Set(
  ("arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public " +
    "return static super switch this throw true try typeof undefined var void while with yield " +
    "async globalThis exports module require Infinity NaN Object Promise WebAssembly").split(" "),
)

/** A longer name is not declared as it is: other names are made to differ from those that are. */
const LONGEST_DECLARED = 200

/** Whether an export can be declared under its own name at the top of a module. */
export const canBeDeclared = (name: string): boolean =>
  name.length <= LONGEST_DECLARED && IDENTIFIER.test(name) && !RESERVED.has(name)

/**
 * Makes untrusted text safe to print: escapes what could break out of a line or reverse the direction of the text after it.
 *
 * @see https://www.unicode.org/reports/tr36/
 * @module
 */

/** Control characters, format characters (bidirectional marks, invisible ones), line separators, lone surrogates. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * A character as an escape, such as `\u{202e}`.
 *
 * @param character one character
 */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * A text with its unsafe characters as escapes.
 *
 * @param text any text
 */
export const escapeUnsafe = (text: string): string => text.replace(unsafe, escapeCharacter)

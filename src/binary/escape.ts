/**
 * Untrusted text on its way to people: what could break out of a line, or change the direction of what follows, is escaped.
 *
 * @see https://www.unicode.org/reports/tr36/
 * @module
 */

/** Controls, format characters (bidirectional marks and the invisible), line separators, lone surrogates. */
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

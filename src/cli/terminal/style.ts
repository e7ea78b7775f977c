/**
 * Colors and weights of text on a terminal, or none.
 *
 * @module
 */

/** Gives a text a look. */
export type Paint = (text: string) => string

/** The styles that the command uses, by their meaning. */
export interface Style {
  /** Headings and names. */
  readonly strong: Paint
  /** What matters less. */
  readonly faint: Paint
  readonly good: Paint
  readonly bad: Paint
  readonly warning: Paint
  /** Numbers that should stand out. */
  readonly accent: Paint
  /** Parts of a whole, the largest first. */
  readonly parts: ReadonlyArray<Paint>
}

const unpainted: Paint = (text) => text

/** Plain text. */
export const plainStyle: Style = {
  strong: unpainted,
  faint: unpainted,
  good: unpainted,
  bad: unpainted,
  warning: unpainted,
  accent: unpainted,
  parts: [],
}

const ansi = (on: number, off: number): Paint => (text) =>
  text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`

/** Styles by the ANSI control sequences that every terminal has. */
export const colorStyle: Style = {
  strong: ansi(1, 22),
  faint: ansi(2, 22),
  good: ansi(32, 39),
  bad: ansi(31, 39),
  warning: ansi(33, 39),
  accent: ansi(36, 39),
  parts: [ansi(34, 39), ansi(36, 39), ansi(35, 39), ansi(33, 39)],
}

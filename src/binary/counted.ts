/**
 * Numbers of things in messages.
 *
 * @module
 */

/** A number of things, in words: `1 memory`, `2 memories`. */
export const counted = (count: number, one: string): string =>
  `${count} ${count === 1 ? one : `${one.replace(/y$/, "ie")}s`}`

/**
 * The order in which contenders run; in a file of its own, as a page uses it too.
 *
 * @module
 */

/**
 * The order of contenders in a round, a balanced Latin square: over as many rounds as there are contenders, each has each
 * position once and, if their number is even, follows each other one once.
 */
export const orderOf = <A>(contenders: ReadonlyArray<A>, round: number): ReadonlyArray<A> => {
  const count = contenders.length
  return contenders.flatMap((_, place) => {
    const zigzag = place % 2 === 1 ? (place + 1) / 2 : count - place / 2
    const chosen = contenders[(zigzag + round) % count]
    return chosen === undefined ? [] : [chosen]
  })
}

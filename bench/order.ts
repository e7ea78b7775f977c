/**
 * In which order contenders run. On its own, as a page needs it too.
 *
 * @module
 */

/**
 * The order of contenders in a round: over as many rounds as there are contenders, each stands in each place once, and,
 * for an even count, each follows each other one once.
 */
export const orderOf = <A>(contenders: ReadonlyArray<A>, round: number): ReadonlyArray<A> => {
  const count = contenders.length
  return contenders.flatMap((_, place) => {
    const zigzag = place % 2 === 1 ? (place + 1) / 2 : count - place / 2
    const chosen = contenders[(zigzag + round) % count]
    return chosen === undefined ? [] : [chosen]
  })
}

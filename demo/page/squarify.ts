/**
 * Lays out boxes whose areas are proportional to sizes, as square as possible.
 *
 * @see https://doi.org/10.1007/978-3-7091-6783-0_4 Bruls, Huizing, van Wijk: Squarified Treemaps
 * @module
 */

/** A box, in shares of the whole's width and height. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The worst aspect ratio in a row of boxes. */
const worst = (row: ReadonlyArray<number>, side: number): number => {
  const sum = row.reduce((total, area) => total + area, 0)
  const [most, least] = [Math.max(...row), Math.min(...row)]
  return Math.max(side * side * most / (sum * sum), sum * sum / (side * side * least))
}

/**
 * Lays out boxes.
 *
 * @param sizes the sizes, the largest first; all above zero
 * @param aspect the width of the whole as a multiple of its height
 */
export const squarify = (sizes: ReadonlyArray<number>, aspect: number): ReadonlyArray<Box> => {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const areas = sizes.map((size) => size / total * aspect)
  const boxes: Array<Box> = []
  let [left, top, width, height] = [0, 0, aspect, 1]
  for (let at = 0; at < areas.length;) {
    const side = Math.min(width, height)
    const row: Array<number> = []
    for (let next = at; next < areas.length; next++) {
      const area = areas[next] ?? 0
      if (row.length > 0 && worst([...row, area], side) > worst(row, side)) break
      row.push(area)
    }
    const depth = row.reduce((sum, area) => sum + area, 0) / side
    let along = 0
    for (const area of row) {
      const length = area / depth
      boxes.push(
        width >= height
          ? { left: left / aspect, top: top + along, width: depth / aspect, height: length }
          : { left: (left + along) / aspect, top, width: length / aspect, height: depth },
      )
      along += length
    }
    if (width >= height) [left, width] = [left + depth, width - depth]
    else [top, height] = [top + depth, height - depth]
    at += row.length
  }
  return boxes
}

/**
 * The timeline, as bars in a table: a row for each load, with its first byte, its last byte and its module.
 *
 * @module
 */
import { make } from "./dom.ts"
import type { Lane } from "./loads.ts"
import { count, duration } from "./numbers.ts"

interface Row {
  readonly wait: HTMLElement
  readonly download: HTMLElement
  readonly compile: HTMLElement
  readonly end: HTMLElement
  readonly cells: ReadonlyArray<HTMLElement>
}

const columns = ["first byte", "last byte", "result", "bytes sent"] as const

const width = (element: HTMLElement, from: number, to: number, span: number): void => {
  element.style.left = `${100 * from / span}%`
  element.style.width = `${100 * Math.max(to - from, 0) / span}%`
}

/** Draws the timeline. */
export class TimeLine {
  readonly #body = make("tbody")
  readonly #rows: Array<Row> = []
  readonly #span = make("span", { class: "span" })

  constructor(parent: HTMLElement) {
    const head = make(
      "tr",
      {},
      make("th", { scope: "col" }, "load"),
      make("th", { scope: "col", class: "bars" }, "time", this.#span),
      ...columns.map((name) => make("th", { scope: "col", class: "number" }, name)),
    )
    const caption = make("caption", { class: "hidden" }, "Times and bytes of each load")
    const table = make("table", { class: "lanes" }, caption, make("thead", {}, head), this.#body)
    const legend = [["wait", "waiting"], ["download", "receiving"], [
      "compile",
      "after the last byte",
    ]]
      .map(([kind, label]) =>
        make("li", {}, make("span", { class: `swatch of-${kind}` }), label ?? "")
      )
    parent.append(table, make("ul", { class: "legend" }, ...legend))
  }

  /** Starts again with new loads. */
  reset(lanes: ReadonlyArray<Lane>): void {
    this.#rows.length = 0
    this.#span.textContent = ""
    this.#body.replaceChildren(...lanes.map(({ detail, name }) => {
      const [wait, download, compile, end] = ["wait", "download", "compile", "end"].map((kind) =>
        make("div", { class: `bar ${kind}` })
      )
      if (!wait || !download || !compile || !end) throw new Error("No bars")
      const cells = columns.map((column) => make("td", { class: "number", "data-label": column }))
      this.#rows.push({ wait, download, compile, end, cells })
      const track = make(
        "div",
        { class: "track", "aria-hidden": true },
        wait,
        download,
        compile,
        end,
      )
      const title = make("th", { scope: "row" }, name, make("small", {}, detail))
      return make("tr", {}, title, make("td", { class: "bars" }, track), ...cells)
    }))
  }

  /** Draws the state of the loads. */
  draw(lanes: ReadonlyArray<Lane>): void {
    const now = Math.max(...lanes.map(({ began, over }) => over ?? performance.now() - began))
    const span = Math.max(now, 100)
    this.#span.textContent = `, 0 to ${duration(span)}`
    for (const [index, lane] of lanes.entries()) {
      const row = this.#rows[index]
      if (row === undefined) continue
      const until = lane.over ?? now
      const first = Math.min(lane.firstByte ?? until, until)
      const last = Math.min(lane.lastByte ?? until, until)
      width(row.wait, 0, first, span)
      width(row.download, first, last, span)
      width(row.compile, last, until, span)
      row.end.hidden = lane.over === undefined
      row.end.classList.toggle("failed", lane.error !== undefined)
      row.end.style.left = `${100 * until / span}%`
      const time = (value: number | undefined): string =>
        value === undefined ? "–" : duration(value)
      const word = lane.error === undefined ? "ready" : lane.isStopped ? "stopped" : "error"
      const end = lane.over === undefined ? "–" : `${word} ${time(lane.over)}`
      // Each is shown once, and does not change then. An empty file has neither.
      const [firstByte, lastByte] = lane.isTimed && lane.taken > 0
        ? [lane.firstByte, lane.lastByte]
        : []
      const texts = [time(firstByte), time(lastByte), end]
      const taken = lane.taken > 0 ? count(lane.taken) : "–"
      for (const [at, text] of [...texts, taken].entries()) {
        const cell = row.cells[at]
        if (cell !== undefined) cell.textContent = text
      }
    }
  }
}

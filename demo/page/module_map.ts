/**
 * The map of a module: its sections in order and in proportion to their sizes, filled as the bytes arrive.
 *
 * @module
 */
import type { Collector } from "./collector.ts"
import { make, shown } from "./dom.ts"
import { count, many, place, share, size } from "./numbers.ts"

/** The color of each section: the most interesting ones have a color of their own. */
const kinds: ReadonlyArray<readonly [ids: ReadonlyArray<number>, kind: string, label: string]> = [
  [[10], "code", "code"],
  [[11, 12], "data", "data"],
  [[2, 7], "doors", "imports, exports"],
  [[0], "custom", "custom: names, producers"],
  [[1, 3, 4, 5, 6, 8, 9, 13], "types", "types, tables, globals"],
]

const kindOf = (id: number): string => kinds.find(([ids]) => ids.includes(id))?.[1] ?? "types"

/** Draws the map. */
export class ModuleMap {
  readonly #bar = make("div", { class: "map-bar" })
  readonly #text = make("p", { class: "map-text" }, "Nothing has arrived yet.")
  readonly #drawn = new Map<number, { box: HTMLElement; fill: HTMLElement }>()
  readonly #error = make(
    "li",
    { hidden: true },
    make("span", { class: "swatch stop-swatch" }),
    "the error",
  )
  #total = 0

  constructor(parent: HTMLElement) {
    const legend = kinds.map(([, kind, label]) =>
      make("li", {}, make("span", { class: `swatch kind-${kind}` }), label)
    )
    this.#bar.setAttribute("role", "img")
    parent.append(this.#bar, this.#text, make("ul", { class: "legend" }, ...legend, this.#error))
    this.#describe("The map of the module: empty")
  }

  /** Starts again with a module of `total` bytes. */
  reset(total: number): void {
    this.#total = total
    this.#drawn.clear()
    this.#bar.replaceChildren()
    this.#error.hidden = true
    this.#text.textContent = "Nothing has arrived yet."
    this.#describe("The map of the module: nothing has arrived")
  }

  /** Says how much of a module has been fetched before it is loaded. */
  fetched(bytes: number): void {
    this.#text.textContent = `${many(bytes, "byte")} fetched.`
  }

  /** Draws what has arrived. */
  draw(collector: Collector, fault: number | undefined): void {
    const { received } = collector
    const sections = collector.sections()
    const total = Math.max(this.#total, received)
    for (const { end, id, name, start } of sections) {
      let drawn = this.#drawn.get(start)
      if (drawn === undefined) {
        const fill = make("div", { class: "map-fill" })
        const box = make("div", { class: `map-section kind-${kindOf(id)}` }, fill)
        box.title = `${shown(name)}: ${size(end - start)} at ${place(start)}`
        box.style.left = `${100 * start / total}%`
        box.style.width = `${100 * (Math.min(end, total) - start) / total}%`
        if ((end - start) / total > 0.12) box.append(make("span", {}, shown(name, 24)))
        this.#drawn.set(start, drawn = { box, fill })
        this.#bar.append(box)
      }
      const filled = (Math.min(received, end) - start) / Math.max(end - start, 1)
      drawn.fill.style.width = `${100 * Math.max(filled, 0)}%`
    }
    const last = sections.at(-1)
    const { declared, seen } = collector.functions
    const functions = declared > 0 ? `, ${count(seen)} of ${count(declared)} functions` : ""
    const where = last === undefined ? "" : `, in section ${shown(last.name, 40)}`
    const text = `${count(received)} of ${count(total)} bytes (${share(received, total)})`
    this.#text.textContent = text + (received < total ? where : "") + functions
    this.#describe(`The map of the module: ${sections.length} sections; ${this.#text.textContent}`)
    if (fault === undefined || !this.#error.hidden) return
    this.#error.hidden = false
    const mark = make("div", { class: "map-stop" })
    mark.style.left = `${Math.min(100 * fault / Math.max(total, 1), 99.7)}%`
    this.#bar.append(mark)
  }

  #describe(text: string): void {
    this.#bar.setAttribute("aria-label", text)
  }
}

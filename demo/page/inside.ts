/**
 * What is in a module: its functions as a treemap, the instructions of a chosen function, sections, imports, exports and
 * features, and one field that searches all of them.
 *
 * @module
 */
import type { FunctionReport, ModuleReport } from "../../src/binary/mod.ts"
import type { Collector } from "./collector.ts"
import { make, shown } from "./dom.ts"
import { count, many, place, share, size } from "./numbers.ts"
import { type Item, Treemap } from "./treemap.ts"

const nothing = (): void => {}

/** The most functions with a box of their own; on a phone there is room for fewer. */
const tiles = (): number => (matchMedia("(width < 600px)").matches ? 24 : 60)
/** The most rows of a table. */
const rows = 100

const nameOf = ({ index, name }: FunctionReport): string => name ?? `function ${index}`

/** The name in a box of the treemap, which has less room. */
const labelOf = ({ index, name }: FunctionReport): string => name ?? `#${index}`

/** The text by which a function is found. */
const searchedIn = (one: FunctionReport): string => `${labelOf(one)} ${shown(nameOf(one))}`

/** The text that says what the treemap shows. */
const hintOf = (few: ReadonlyArray<Item>, matching: number, whole: number): string => {
  const part = share(few.reduce((sum, { size }) => sum + size, 0), whole)
  const all = many(matching, "function")
  const which = few.length === matching ? all : `The ${few.length} largest of ${all}`
  return `${which}: ${part} of the code. Choose one to see its instructions.`
}

/** A row of a table. */
interface Row {
  readonly cells: ReadonlyArray<string>
  /** More text by which it is found. */
  readonly more?: string
  /** What happens when its name, a button, is chosen. */
  readonly choose?: (button: HTMLElement) => void
}

const rowOf = (...cells: ReadonlyArray<string>): Row => ({ cells })

/** A table that shows the rows that match a search. */
interface Searched {
  readonly element: HTMLElement
  /** Shows the rows that contain a text, and returns their number. */
  readonly search: (text: string) => number
}

/** The class of a column: numbers must not be broken into lines. */
const kindOf = (column: string | undefined): string | undefined =>
  column === "name" || column === "module" || column === "type" ? undefined : "short"

const searchedTable = (
  title: string,
  columns: ReadonlyArray<string>,
  all: ReadonlyArray<Row>,
): Searched => {
  const body = make("tbody")
  const number = make("span", { class: "count" })
  const more = make("p", { class: "fine" })
  const head = make(
    "tr",
    {},
    ...columns.map((name) => make("th", { scope: "col", class: kindOf(name) }, name)),
  )
  const caption = make("caption", { class: "hidden" }, title)
  const table = make("table", { class: "list" }, caption, make("thead", {}, head), body)
  const frame = make(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": title },
    table,
  )
  const element = make(
    "details",
    {},
    make("summary", {}, title, " ", number),
    all.length === 0 ? make("p", { class: "fine" }, "None.") : frame,
    more,
  )
  const cellsOf = ({ cells, choose }: Row): ReadonlyArray<HTMLElement> =>
    cells.map((cell, index) => {
      const column = columns[index]
      if (choose === undefined || column !== "name") {
        return make("td", { class: kindOf(column) }, cell)
      }
      const button = make("button", { type: "button", class: "link" }, cell)
      button.addEventListener("click", () => choose(button))
      return make("td", { class: kindOf(column) }, button)
    })
  const search = (text: string): number => {
    const matching = all.filter(({ cells, more = "" }) =>
      [...cells, more].some((cell) => cell.toLowerCase().includes(text))
    )
    body.replaceChildren(...matching.slice(0, rows).map((row) => make("tr", {}, ...cellsOf(row))))
    const isPart = matching.length < all.length
    number.textContent = isPart
      ? `${count(matching.length)} of ${count(all.length)}`
      : count(all.length)
    const rest = matching.length - rows
    more.textContent = rest > 0 ? `${count(rest)} more; search to find them.` : ""
    more.hidden = rest <= 0
    return matching.length
  }
  search("")
  return { element, search }
}

/** Shows what is in a module. */
export class Inside {
  readonly #parent: HTMLElement
  /** Closes the instructions, if there are any. */
  #close = nothing

  constructor(parent: HTMLElement) {
    this.#parent = parent
    document.addEventListener("keydown", ({ key, target }) => {
      // In a field, Escape has a meaning of its own. Elsewhere on the page, the focus must not jump.
      const isNear = target === document.body ||
        (target instanceof Element && parent.contains(target) && !target.matches("input"))
      if (key === "Escape" && isNear) this.#close()
    })
  }

  /** Shows a module. */
  show(report: ModuleReport, collector: Collector): void {
    this.#close = nothing
    const functions = collector.largest()
    const whole = functions.reduce((sum, { size }) => sum + size, 0)
    const detail = make("div", { id: "function", class: "function" })
    const news = make("p", { class: "hidden", role: "status" })
    const field = make("input", {
      id: "search",
      type: "search",
      placeholder: "Search names, types, features",
      "aria-label": "Search functions, imports, exports, features",
      maxlength: 200,
    })
    const found = make("p", { class: "fine", role: "status" })
    const hint = make("p", { class: "fine" })
    const map = make("div")
    let matching: ReadonlyArray<FunctionReport> = functions
    const treemap = new Treemap(map, (few) => {
      hint.textContent = hintOf(few, matching.length, whole)
    })
    const features = make("ul", { class: "chips" })
    const tables = [
      searchedTable(
        "Imports",
        ["module", "name", "type"],
        report.imports.map(({ module, name, type }) =>
          rowOf(shown(module), shown(name), shown(type))
        ),
      ),
      searchedTable(
        "Exports",
        ["name", "type"],
        report.exports.map(({ name, type }) => rowOf(shown(name), shown(type))),
      ),
      searchedTable(
        "Functions, largest first",
        ["index", "name", "offset", "size"],
        functions.map((one) => ({
          cells: [`${one.index}`, shown(nameOf(one)), place(one.offset), size(one.size)],
          more: searchedIn(one),
          choose: (button) =>
            void show(one, button).then(() => detail.querySelector("h3")?.focus()),
        })),
      ),
      searchedTable(
        "Sections",
        ["name", "offset", "size", "share"],
        collector.sections().map(({ end, name, start }) =>
          rowOf(
            shown(name),
            place(start),
            size(end - start),
            share(end - start, report.size),
          )
        ),
      ),
    ]
    const show = async (one: FunctionReport, opener: HTMLElement): Promise<void> => {
      const end = one.offset + one.size
      const facts = `function ${one.index} · ${place(one.offset)} to ${place(end)} · ` +
        `${count(one.size)} bytes · ${share(one.size, whole)} of the code`
      const { instructionsOf } = await import("./instructions.ts")
      for (const tile of map.querySelectorAll("[aria-pressed]")) {
        if (tile !== opener) tile.removeAttribute("aria-pressed")
      }
      this.#close = () => {
        detail.replaceChildren()
        news.textContent = ""
        opener.removeAttribute("aria-pressed")
        opener.focus()
        // A search may have removed it.
        if (document.activeElement !== opener) field.focus()
        this.#close = nothing
      }
      const close = make("button", { type: "button", class: "link" }, "Close")
      close.addEventListener("click", this.#close)
      news.textContent = `The instructions of ${shown(nameOf(one))} are below the treemap`
      detail.replaceChildren(
        make("h3", { id: "function-title", tabindex: -1 }, shown(nameOf(one))),
        make("p", { class: "facts" }, `${facts} · `, close),
        ...instructionsOf(collector, one.offset, end),
      )
    }
    const search = (): void => {
      const text = field.value.toLowerCase()
      matching = functions.filter((one) => searchedIn(one).toLowerCase().includes(text))
      map.hidden = matching.length === 0
      hint.textContent = functions.length === 0
        ? "The module defines no functions."
        : "No function name matches."
      treemap.show(this.#items(matching, (one, tile) => void show(one, tile)), whole)
      const rowsFound = tables.reduce((sum, { search }) => sum + search(text), 0)
      const named = report.features.filter((name) => name.includes(text))
      features.replaceChildren(...named.map((name) => make("li", {}, name)))
      found.textContent = text === "" ? "" : `Found: ${count(rowsFound + named.length)}`
      found.hidden = text === ""
    }
    field.addEventListener("input", search)
    const facts = [
      `${many(functions.length, "function")} in ${size(whole)} of code`,
      many(report.imports.length, "import"),
      many(report.exports.length, "export"),
      ...report.producers.slice(0, 3).map(({ name, version }) =>
        shown(`${name} ${version}`.trim(), 60)
      ),
    ]
    this.#parent.replaceChildren(
      make("p", { class: "facts" }, facts.join(" · ")),
      field,
      found,
      hint,
      map,
      news,
      detail,
      make("h3", {}, "Features"),
      report.features.length > 0
        ? features
        : make("p", { class: "fine" }, "None beyond WebAssembly 1.0."),
      ...(report.validation === "full"
        ? []
        : [make("p", { class: "fine" }, "Instructions were not checked, and may use more.")]),
      ...tables.map(({ element }) => element),
    )
    search()
  }

  #items(
    functions: ReadonlyArray<FunctionReport>,
    choose: (one: FunctionReport, tile: HTMLElement) => void,
  ): ReadonlyArray<Item> {
    return functions.slice(0, tiles()).filter(({ size }) => size > 0).map((one) => ({
      label: labelOf(one),
      size: one.size,
      choose: (tile) => choose(one, tile),
    }))
  }
}

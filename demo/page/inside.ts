/**
 * What is in a module: its functions as a treemap, a function when it is chosen, sections, imports, exports, features;
 * one field that searches all of them.
 *
 * @module
 */
import type { FunctionReport, ModuleReport } from "../../src/binary/mod.ts"
import type { Collector } from "./collector.ts"
import { count, make, place, share, shown, size } from "./dom.ts"
import { type Item, Treemap } from "./treemap.ts"

/** So many functions have a box of their own; on a phone there is room for fewer. */
const tiles = (): number => (matchMedia("(width < 600px)").matches ? 24 : 60)
/** So many rows of a table are shown. */
const rows = 100

const nameOf = ({ index, name }: FunctionReport): string => name ?? `function ${index}`

/** What the treemap shows. */
const hintOf = (
  functions: ReadonlyArray<FunctionReport>,
  all: number,
  whole: number,
): string => {
  if (all === 0) return "It has no functions of its own."
  if (functions.length === 0) return "No function has that in its name."
  const few = functions.slice(0, tiles())
  const part = share(few.reduce((sum, { size }) => sum + size, 0), whole)
  const which = few.length < functions.length ? `The ${few.length} biggest` : `${few.length}`
  const noun = few.length === 1 ? "function" : "functions"
  return `${which} ${noun}: ${part} of the code. Choose one to see its instructions.`
}

type Cells = ReadonlyArray<string>

/** A table of which the rows that match are shown. */
interface Searched {
  readonly element: HTMLElement
  /** Shows the rows that have a text in them, and tells how many they are. */
  readonly search: (text: string) => number
}

/** Places and sizes keep together. */
const kindOf = (column: string | undefined): string | undefined =>
  column === "name" || column === "module" || column === "type" ? undefined : "short"

const searchedTable = (
  title: string,
  columns: ReadonlyArray<string>,
  all: ReadonlyArray<Cells>,
  isOpen: boolean,
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
    { open: isOpen },
    make("summary", {}, title, " ", number),
    all.length === 0 ? make("p", { class: "fine" }, "None.") : frame,
    more,
  )
  const search = (text: string): number => {
    const matching = all.filter((cells) => cells.some((cell) => cell.toLowerCase().includes(text)))
    body.replaceChildren(
      ...matching.slice(0, rows).map((cells) =>
        make(
          "tr",
          {},
          ...cells.map((cell, index) => make("td", { class: kindOf(columns[index]) }, cell)),
        )
      ),
    )
    const isPart = matching.length < all.length
    number.textContent = isPart
      ? `${count(matching.length)} of ${count(all.length)}`
      : count(all.length)
    const rest = matching.length - rows
    more.textContent = rest > 0 ? `${count(rest)} more: search to find them.` : ""
    more.hidden = rest <= 0
    return matching.length
  }
  search("")
  return { element, search }
}

/** Shows what is in a module. */
export class Inside {
  readonly #parent: HTMLElement

  constructor(parent: HTMLElement) {
    this.#parent = parent
  }

  /** Shows a module. */
  show(report: ModuleReport, collector: Collector): void {
    const functions = collector.largest()
    const whole = functions.reduce((sum, { size }) => sum + size, 0)
    const detail = make("div", { id: "function", class: "function" })
    const news = make("p", { class: "hidden", role: "status" })
    const field = make("input", {
      id: "search",
      type: "search",
      placeholder: "Search functions, imports, exports, features",
      "aria-label": "Search functions, imports, exports, features",
      maxlength: 200,
    })
    const found = make("p", { class: "fine", role: "status" })
    const hint = make("p", { class: "fine" })
    const map = make("div")
    const treemap = new Treemap(map)
    const features = make("ul", { class: "chips" })
    const tables = [
      searchedTable(
        "Imports",
        ["module", "name", "type"],
        report.imports.map(({ module, name, type }) => [shown(module), shown(name), shown(type)]),
        false,
      ),
      searchedTable(
        "Exports",
        ["name", "type"],
        report.exports.map(({ name, type }) => [shown(name), shown(type)]),
        false,
      ),
      searchedTable(
        "Functions, the largest first",
        ["index", "name", "at", "size"],
        functions.map((
          one,
        ) => [`${one.index}`, shown(nameOf(one)), place(one.offset), size(one.size)]),
        false,
      ),
      searchedTable(
        "Sections",
        ["name", "at", "size", "share"],
        collector.sections().map(({ end, name, start }) => [
          shown(name),
          place(start),
          size(end - start),
          share(end - start, report.size),
        ]),
        false,
      ),
    ]
    const show = async (one: FunctionReport): Promise<void> => {
      const end = one.offset + one.size
      const facts = `function ${one.index} · ${place(one.offset)} to ${place(end)} · ` +
        `${count(one.size)} bytes · ${share(one.size, whole)} of the code`
      const { instructionsOf } = await import("./instructions.ts")
      news.textContent = `The instructions of ${shown(nameOf(one))} are below the treemap`
      detail.replaceChildren(
        make("h3", {}, shown(nameOf(one))),
        make("p", { class: "facts" }, facts),
        ...instructionsOf(collector, one.offset, end),
      )
    }
    const search = (): void => {
      const text = field.value.toLowerCase()
      const matching = text === ""
        ? functions
        : functions.filter((one) => nameOf(one).toLowerCase().includes(text))
      treemap.show(this.#items(matching, (one) => void show(one)), whole)
      hint.textContent = hintOf(matching, functions.length, whole)
      map.hidden = matching.length === 0
      const rowsFound = tables.reduce((sum, { search }) => sum + search(text), 0)
      const named = report.features.filter((name) => name.includes(text))
      features.replaceChildren(...named.map((name) => make("li", {}, name)))
      found.textContent = text === "" ? "" : `${count(rowsFound + named.length)} found`
      found.hidden = text === ""
    }
    field.addEventListener("input", search)
    const facts = [
      `${count(functions.length)} functions in ${size(whole)} of code`,
      `${count(report.imports.length)} imports`,
      `${count(report.exports.length)} exports`,
      ...report.producers.slice(0, 3).map(({ name, version }) => shown(`${name} ${version}`, 60)),
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
        : make("p", { class: "fine" }, "Those of version 1 alone."),
      ...(report.validation === "full"
        ? []
        : [make("p", { class: "fine" }, "Its instructions were not looked at, and may use more.")]),
      ...tables.map(({ element }) => element),
    )
    search()
  }

  #items(
    functions: ReadonlyArray<FunctionReport>,
    choose: (one: FunctionReport) => void,
  ): ReadonlyArray<Item> {
    return functions.slice(0, tiles()).filter(({ size }) => size > 0).map((one) => ({
      label: nameOf(one),
      size: one.size,
      choose: () => choose(one),
    }))
  }
}

/**
 * A treemap: boxes whose areas are proportional to sizes. The arrow keys move between them.
 *
 * @module
 */
import { make, shown } from "./dom.ts"
import { share, size } from "./numbers.ts"
import { type Box, squarify } from "./squarify.ts"

/** What a box stands for. */
export interface Item {
  readonly label: string
  readonly size: number
  /** What happens when it is chosen; absent if it stands for several. */
  readonly choose?: (button: HTMLElement) => void
}

/** The least width and height of a box, in CSS pixels. @see https://www.w3.org/TR/WCAG22/#target-size-minimum */
const least = 24

/** Draws a treemap that adapts to the size of its element: it has as many of the largest items as fit. */
export class Treemap {
  readonly #element = make("div", {
    class: "treemap",
    role: "group",
    "aria-label": "Functions by size; the arrow keys go through them",
  })
  #items: ReadonlyArray<Item> = []
  #buttons: ReadonlyArray<HTMLButtonElement> = []
  #visible: ReadonlyArray<HTMLButtonElement> = []
  readonly #placed: (items: ReadonlyArray<Item>) => void

  /**
   * @param parent where it is drawn
   * @param placed called with the items that have a box
   */
  constructor(parent: HTMLElement, placed: (items: ReadonlyArray<Item>) => void) {
    this.#placed = placed
    parent.append(this.#element)
    new ResizeObserver(() => this.#place()).observe(this.#element)
    this.#element.addEventListener("keydown", (event) => this.#move(event))
  }

  /** Shows items, the largest first. */
  show(items: ReadonlyArray<Item>, whole: number): void {
    this.#items = items
    const most = items[0]?.size ?? 1
    this.#buttons = items.map(({ choose, label, size: bytes }, index) => {
      const level = choose === undefined ? 0 : Math.ceil(5 * Math.sqrt(bytes / most))
      const name = make("span", { class: "name" }, shown(label, 80))
      const button = make(
        "button",
        {
          type: "button",
          class: `tile level-${level}`,
          tabindex: index === 0 ? 0 : -1,
          title: `${shown(label)}: ${size(bytes)}, ${share(bytes, whole)} of the code`,
          "aria-disabled": choose === undefined ? "true" : undefined,
        },
        name,
        " ",
        make("span", { class: "bytes" }, size(bytes)),
      )
      button.addEventListener("click", () => {
        if (choose === undefined) return
        button.setAttribute("aria-pressed", "true")
        this.#focusable(button)
        choose(button)
      })
      return button
    })
    this.#element.replaceChildren(...this.#buttons)
    this.#place()
  }

  #place(): void {
    const { clientHeight, clientWidth } = this.#element
    if (clientHeight === 0 || this.#items.length === 0) return
    const boxes = this.#boxes(clientWidth, clientHeight)
    this.#visible = this.#buttons.slice(0, boxes.length)
    for (const [index, button] of this.#buttons.entries()) {
      const box = boxes[index]
      button.hidden = box === undefined
      if (box === undefined) continue
      button.style.left = `${100 * box.left}%`
      button.style.top = `${100 * box.top}%`
      button.style.width = `${100 * box.width}%`
      button.style.height = `${100 * box.height}%`
      const [width, height] = [box.width * clientWidth, box.height * clientHeight]
      // The number of lines for the name, above the line of the size.
      button.style.setProperty("--lines", `${Math.max(Math.floor((height - 28) / 17.6), 1)}`)
      button.classList.toggle("bare", width < 44 || height < 22)
      button.classList.toggle("low", height < 42 || width < 56)
      button.classList.toggle("narrow", width < 90)
    }
    this.#keepReachable()
    this.#placed(this.#items.slice(0, boxes.length))
  }

  /** If the box that Tab leads to was hidden, the last visible one takes its place, and its focus. */
  #keepReachable(): void {
    const last = this.#visible.at(-1)
    if (last === undefined || this.#visible.some(({ tabIndex }) => tabIndex === 0)) return
    const isLost = this.#element.contains(document.activeElement)
    this.#focusable(last)
    if (isLost) last.focus()
  }

  /** The boxes of as many items as fit. */
  #boxes(width: number, height: number): ReadonlyArray<Box> {
    const sizes = this.#items.map(({ size }) => size)
    for (;; sizes.pop()) {
      const boxes = squarify(sizes, width / height)
      const fits = boxes.every((box) => box.width * width >= least && box.height * height >= least)
      if (fits || sizes.length === 1) return boxes
    }
  }

  #focusable(button: HTMLButtonElement): void {
    for (const other of this.#buttons) other.tabIndex = other === button ? 0 : -1
  }

  #move(event: KeyboardEvent): void {
    const at = this.#visible.findIndex((button) => button === document.activeElement)
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: this.#visible.length - 1,
    }
    const next = this.#visible[steps[event.key] ?? -1]
    if (next === undefined) return
    event.preventDefault()
    this.#focusable(next)
    next.focus()
  }
}

/**
 * A treemap: boxes whose areas are sizes, as square as they can be, which the arrow keys go through.
 *
 * @module
 */
import { make, share, shown, size } from "./dom.ts"
import { squarify } from "./squarify.ts"

/** What a box stands for. */
export interface Item {
  readonly label: string
  readonly size: number
  /** What happens when it is chosen; nothing where it stands for several. */
  readonly choose?: () => void
}

/** Draws a treemap that follows the width of its place. */
export class Treemap {
  readonly #element = make("div", {
    class: "treemap",
    role: "group",
    "aria-label": "Functions by size; the arrow keys go through them",
  })
  #items: ReadonlyArray<Item> = []
  #buttons: ReadonlyArray<HTMLButtonElement> = []

  constructor(parent: HTMLElement) {
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
        for (const other of this.#buttons) other.removeAttribute("aria-pressed")
        button.setAttribute("aria-pressed", "true")
        this.#focusable(button)
        choose()
      })
      return button
    })
    this.#element.replaceChildren(...this.#buttons)
    this.#place()
  }

  #place(): void {
    const { clientHeight, clientWidth } = this.#element
    if (clientHeight === 0 || this.#items.length === 0) return
    const boxes = squarify(this.#items.map(({ size }) => size), clientWidth / clientHeight)
    for (const [index, box] of boxes.entries()) {
      const button = this.#buttons[index]
      if (button === undefined) continue
      button.style.left = `${100 * box.left}%`
      button.style.top = `${100 * box.top}%`
      button.style.width = `${100 * box.width}%`
      button.style.height = `${100 * box.height}%`
      const [width, height] = [box.width * clientWidth, box.height * clientHeight]
      // Lines of the name, above that of the size.
      button.style.setProperty("--lines", `${Math.max(Math.floor((height - 28) / 17.6), 1)}`)
      button.classList.toggle("bare", width < 44 || height < 22)
      button.classList.toggle("low", height < 42)
      button.classList.toggle("narrow", width < 90)
    }
  }

  #focusable(button: HTMLButtonElement): void {
    for (const other of this.#buttons) other.tabIndex = other === button ? 0 : -1
  }

  #move(event: KeyboardEvent): void {
    const at = this.#buttons.findIndex((button) => button === document.activeElement)
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: this.#buttons.length - 1,
    }
    const next = this.#buttons[steps[event.key] ?? -1]
    if (next === undefined) return
    event.preventDefault()
    this.#focusable(next)
    next.focus()
  }
}

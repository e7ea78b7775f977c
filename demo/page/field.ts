/**
 * A field that is there for some choices only: while it is not shown it takes no part in the form, and what is wrong with it
 * is told next to it.
 *
 * @module
 */
import { find } from "./dom.ts"

/** What a person has to mend before anything can be loaded. */
export class FieldError extends Error {
  override readonly name = "FieldError"
  readonly field: Field

  constructor(field: Field, message: string) {
    super(message)
    this.field = field
  }
}

/** The elements of the page are `id`, `id-field` around it, and `id-error` where something can be wrong with it. */
export class Field {
  readonly input: HTMLInputElement
  readonly #box: HTMLElement
  readonly #error: HTMLElement | null

  constructor(id: string) {
    this.input = find(id, HTMLInputElement)
    this.#box = find(`${id}-field`, HTMLElement)
    this.#error = document.getElementById(`${id}-error`)
    this.input.addEventListener("input", () => this.clear())
  }

  /** Shows or hides it. */
  show(isShown: boolean): void {
    this.#box.hidden = !isShown
    this.input.disabled = !isShown
    if (!isShown) this.clear()
  }

  /** Tells what is wrong with it, where a person can mend it. */
  tell(problem: string): void {
    if (this.#error === null) return
    this.#error.textContent = problem
    this.#error.hidden = false
    this.input.setAttribute("aria-invalid", "true")
    this.input.focus()
  }

  /** What was wrong with it is mended, or is no longer asked for. */
  clear(): void {
    this.input.removeAttribute("aria-invalid")
    if (this.#error === null) return
    this.#error.hidden = true
    this.#error.textContent = ""
  }
}

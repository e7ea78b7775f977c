/**
 * A form field that applies to some choices only. While it is hidden, it takes no part in the form. Errors in it are shown
 * next to it.
 *
 * @module
 */
import { find } from "./dom.ts"

/** An error in a field, which the user has to correct before anything can be loaded. */
export class FieldError extends Error {
  override readonly name = "FieldError"
  readonly field: Field

  constructor(field: Field, message: string) {
    super(message)
    this.field = field
  }
}

/** The elements of the page are `id`, `id-field` around it, and `id-error` if it can have an error. */
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

  /** Shows an error, and moves the focus to the field. */
  tell(problem: string): void {
    if (this.#error === null) return
    this.#error.textContent = problem
    this.#error.hidden = false
    this.input.setAttribute("aria-invalid", "true")
    this.input.focus()
  }

  /** Removes the error. */
  clear(): void {
    this.input.removeAttribute("aria-invalid")
    if (this.#error === null) return
    this.#error.hidden = true
    this.#error.textContent = ""
  }
}

/**
 * Elements, made and found. What a module says goes through `textContent` alone.
 *
 * @module
 */
import { printName } from "../../src/binary/report/print.ts"

type Child = Node | string
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Makes an element; an attribute that is `false` or `undefined` is left out. */
export const make = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: ReadonlyArray<Child>
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue
    element.setAttribute(key, value === true ? "" : String(value))
  }
  element.append(...children)
  return element
}

/** The element of the page with an id, of the class that it is to have. */
export const find = <A extends HTMLElement>(id: string, kind: abstract new () => A): A => {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`The page has no ${id}`)
  return element
}

/** What a stranger called something: escaped, and bounded. */
export const shown = (name: string, most = 200): string => {
  const printed = printName(name)
  return printed.length > most ? `${printed.slice(0, most)}…` : printed
}

/** A message, bounded: what was a stranger's in it is escaped where it was made, and it is shown as text. */
export const bounded = (text: string, most = 1_000): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

/**
 * Makes and finds elements. Text from a module is only ever inserted as text, never as HTML.
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

/** Finds the element with an id, which must be of a class. */
export const find = <A extends HTMLElement>(id: string, kind: abstract new () => A): A => {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`The page has no ${id}`)
  return element
}

/** An untrusted name, escaped and bounded. */
export const shown = (name: string, most = 200): string => {
  const printed = printName(name)
  return printed.length > most ? `${printed.slice(0, most)}…` : printed
}

/** A message, bounded. Untrusted text in it has been escaped where the message was made. */
export const bounded = (text: string, most = 1_000): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

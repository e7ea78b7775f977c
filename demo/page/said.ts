/**
 * The result of a load in words: the error with its details, the byte at its offset, and how much each way of loading took
 * from the connection.
 *
 * @module
 */
import { Wasm } from "../../mod.ts"
import type { Trouble } from "../line.ts"
import type { Collector } from "./collector.ts"
import { bounded, make, shown } from "./dom.ts"
import { hexLines } from "./hex.ts"
import type { Lane } from "./loads.ts"
import { count, duration, many, place, share } from "./numbers.ts"

/** The library's error, if a promise was rejected with one. */
const taggedOf = (error: unknown): Wasm.CompileError | Wasm.TypeError | undefined => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Wasm.CompileError || cause instanceof Wasm.TypeError ? cause : undefined
}

/** The message of an error, bounded. */
const messageOf = (error: unknown): string =>
  bounded(error instanceof Error ? error.message : String(error)).trim()

const facts = (error: Wasm.CompileError | Wasm.TypeError): ReadonlyArray<[string, string]> => {
  const rows: Array<[string, string]> = [["error", `${error._tag}, reason ${error.reason}`]]
  if (!(error instanceof Wasm.CompileError)) return rows
  if (error.code !== undefined) rows.push(["code", error.code])
  if (error.offset !== undefined) rows.push(["offset", place(error.offset)])
  if (error.section !== undefined) rows.push(["section", shown(error.section, 60)])
  if (error.functionIndex !== undefined) rows.push(["function", `${error.functionIndex}`])
  return rows
}

/** The offset of the error in the module, if it has one. */
export const faultOf = (error: unknown): number | undefined => {
  const tagged = taggedOf(error)
  return tagged instanceof Wasm.CompileError ? tagged.offset : undefined
}

const list = (rows: ReadonlyArray<readonly [string, string]>): HTMLElement =>
  make("dl", {}, ...rows.flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]))

/** How much each load received, and what it reported. */
const others = (lanes: ReadonlyArray<Lane>, total: number): HTMLElement =>
  make(
    "ul",
    { class: "others" },
    ...lanes.map((lane) => {
      // The native loads of a file get a copy that is longer.
      const taken = `${many(lane.taken, "byte")} (${share(lane.taken, lane.whole || total)})`
      const end = lane.error === undefined
        ? "accepted the module"
        : lane.isStopped
        ? "was stopped"
        : `“${messageOf(lane.error)}”`
      return make(
        "li",
        {},
        make("strong", {}, lane.name),
        lane.taken > 0 ? ` was sent ${taken} and ` : " ",
        lane.error === undefined || lane.isStopped ? "" : "reported: ",
        end,
      )
    }),
  )

/** The text for a module that is valid although a byte was broken. */
const stillValid = (): HTMLElement =>
  make(
    "p",
    {},
    "The corrupted byte leaves the module valid: it is in a constant, a name or data, for example. ",
    make("a", { href: "../src/http/integrity.ts" }, "loadModule"),
    " would find it with the option ",
    make("code", {}, "integrity"),
    ".",
  )

/** The circumstances of a load. */
export interface Told {
  readonly trouble: Trouble
  readonly isFull: boolean
  readonly isStopped: boolean
  /** The number of bytes to be sent. */
  readonly total: number
  /** What the module is called. */
  readonly name: string
}

/** The result of our load, in a sentence. */
export const summaryOf = (
  ours: Lane,
  received: number,
  { isStopped, name, total }: Told,
): string => {
  if (ours.error === undefined) return `The module is ready: ${name}, ${many(received, "byte")}.`
  const partOf = (bytes: number): string =>
    `${count(bytes)} of ${many(total, "byte")} (${share(bytes, total)})`
  const part = partOf(received)
  if (taggedOf(ours.error) !== undefined) {
    const after = received < total ? ` after ${part}` : ` after all ${many(received, "byte")}`
    return `compile-streaming stopped with an error${total > 0 ? after : ""}.`
  }
  if (isStopped) return `Stopped after ${part}.`
  const read = ours.taken > received ? ` compile-streaming had read ${count(received)}.` : ""
  return `The connection was dropped after ${partOf(Math.min(ours.taken, total))}.${read}`
}

/** Why a load has read as much as it has; empty if there is nothing to explain. */
const whyRead = (error: unknown, received: number, { isFull, total }: Told): string => {
  const fault = faultOf(error)
  if (fault === undefined || fault >= total) return ""
  if (taggedOf(error)?.reason === "engine") {
    return isFull
      ? ""
      : " Without full validation, errors in functions are left to the engine, which reports them at the end."
  }
  // A chunk of Chromium may have 2 MiB. See `explainedBy` of the pipeline.
  return " After an error it reads up to 32 KiB more, and to the end of that chunk, to explain it" +
    (received < total ? "." : " (here, all of it).")
}

/** Shows the error, or how soon the module was ready. */
export const tell = async (
  parent: HTMLElement,
  lanes: ReadonlyArray<Lane>,
  collector: Collector,
  told: Told,
): Promise<void> => {
  const { isStopped, total, trouble } = told
  const [ours, ...rest] = lanes
  if (ours === undefined) return
  if (ours.error === undefined) {
    const after = ours.over === undefined || ours.lastByte === undefined
      ? ""
      : `The module was ready ${
        duration(Math.max(ours.over - ours.lastByte, 0))
      } after its last byte. `
    const failed = rest.filter(({ error }) => error !== undefined)
    parent.replaceChildren(
      make("p", { class: "message good" }, `${after}It is valid.`),
      ...(trouble === "break" ? [stillValid()] : []),
      ...(failed.length > 0 ? [others(failed, total)] : []),
    )
    return
  }
  const tagged = taggedOf(ours.error)
  const isLost = tagged === undefined && !isStopped
  const words = messageOf(ours.error)
  const message = isLost ? `The connection was lost: “${words}”` : words
  const children: Array<Node> = [make("p", { class: "message bad" }, message)]
  if (tagged !== undefined) children.push(list(facts(tagged)))
  else if (isLost) {
    children.push(
      make(
        "p",
        {},
        "Browsers do not tell pages why a connection was lost, and compile-streaming passes their " +
          "error on unchanged. ",
        make("a", { href: "../src/http/load_module.ts" }, "loadModule"),
        " would have resumed the download where it broke off.",
      ),
    )
  }
  const fault = faultOf(ours.error)
  if (fault !== undefined && fault < collector.received) {
    const start = Math.max(fault - fault % 16 - 16, 0)
    children.push(hexLines(collector.bytes(start, start + 48), start, fault))
    const { aroundFault } = await import("./instructions.ts")
    children.push(...aroundFault(collector, fault))
  }
  const read = make("strong", { id: "stopped-at" }, count(collector.received))
  const sent = ours.taken > collector.received ? `; ${count(ours.taken)} had been sent` : ""
  const why = whyRead(ours.error, collector.received, told)
  children.push(
    make("p", {}, "compile-streaming had read ", read, ` of ${many(total, "byte")}${sent}.${why}`),
    others(rest, total),
  )
  parent.replaceChildren(...children)
}

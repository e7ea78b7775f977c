/**
 * What a load came to, in words: the error with everything that it knows, the byte that is meant, and how much each way
 * of loading took from the line.
 *
 * @module
 */
import { Wasm } from "../../mod.ts"
import type { Collector } from "./collector.ts"
import { bounded, count, duration, make, place, share, shown } from "./dom.ts"
import { hexLines } from "./hex.ts"
import type { Lane } from "./loads.ts"

/** The library's own error, where a promise was rejected with one. */
const taggedOf = (error: unknown): Wasm.CompileError | Wasm.TypeError | undefined => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Wasm.CompileError || cause instanceof Wasm.TypeError ? cause : undefined
}

/** What an error says, bounded. */
const messageOf = (error: unknown): string =>
  bounded(error instanceof Error ? error.message : String(error))

const facts = (error: Wasm.CompileError | Wasm.TypeError): ReadonlyArray<[string, string]> => {
  const rows: Array<[string, string]> = [["error", `${error._tag}, reason ${error.reason}`]]
  if (!(error instanceof Wasm.CompileError)) return rows
  if (error.code !== undefined) rows.push(["code", error.code])
  if (error.offset !== undefined) rows.push(["byte", place(error.offset)])
  if (error.section !== undefined) rows.push(["section", shown(error.section, 60)])
  if (error.functionIndex !== undefined) rows.push(["function", `${error.functionIndex}`])
  return rows
}

/** Where a load stopped: a byte of the module, if one is at fault. */
export const faultOf = (error: unknown): number | undefined => {
  const tagged = taggedOf(error)
  return tagged instanceof Wasm.CompileError ? tagged.offset : undefined
}

const list = (rows: ReadonlyArray<readonly [string, string]>): HTMLElement =>
  make("dl", {}, ...rows.flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]))

/** Who took how much, and what they said. */
const others = (lanes: ReadonlyArray<Lane>, total: number): HTMLElement =>
  make(
    "ul",
    { class: "others" },
    ...lanes.map((lane) => {
      const taken = `${count(lane.taken)} bytes, ${share(Math.min(lane.taken, total), total)}`
      const end = lane.error === undefined ? "accepted the module" : `“${messageOf(lane.error)}”`
      return make(
        "li",
        {},
        make("strong", {}, lane.name),
        lane.taken > 0 ? ` took ${taken}, and said: ` : " said: ",
        end,
      )
    }),
  )

/** A byte was broken, and the module is valid. */
const stillValid = (): HTMLElement =>
  make(
    "p",
    {},
    "The broken byte is one that validation cannot know: a number, or data. The option ",
    make("code", {}, "integrity"),
    " of ",
    make("a", { href: "../src/http/integrity.ts" }, "loadModule"),
    " finds it.",
  )

/** Tells what went wrong, or how much sooner the module was there. */
export const tell = async (
  parent: HTMLElement,
  lanes: ReadonlyArray<Lane>,
  collector: Collector,
  { isBroken, isStopped, total }: {
    readonly isBroken: boolean
    readonly isStopped: boolean
    readonly total: number
  },
): Promise<void> => {
  const [ours, ...rest] = lanes
  if (ours === undefined) return
  if (ours.error === undefined) {
    const after = ours.over === undefined || ours.lastByte === undefined
      ? ""
      : `The module was ready ${duration(ours.over - ours.lastByte)} after its last byte. `
    const failed = rest.filter(({ error }) => error !== undefined)
    parent.replaceChildren(
      make("p", { class: "message good" }, after + "What was sent is a valid module."),
      ...(isBroken ? [stillValid()] : []),
      ...(failed.length > 0 ? [others(failed, total)] : []),
    )
    return
  }
  const tagged = taggedOf(ours.error)
  const children: Array<Node> = [make("p", { class: "message bad" }, messageOf(ours.error))]
  if (tagged !== undefined) children.push(list(facts(tagged)))
  else if (!isStopped) {
    children.push(
      make(
        "p",
        {},
        "The failure of the line is passed on as it is. ",
        make("a", { href: "../src/http/load_module.ts" }, "loadModule"),
        " would have asked for the rest and gone on where it was cut.",
      ),
    )
  }
  const fault = faultOf(ours.error)
  if (fault !== undefined && fault < collector.received) {
    const start = Math.max(fault - fault % 16 - 16, 0)
    children.push(hexLines(collector.bytes(start, start + 48), start, fault))
    const { aroundFault } = await import("./instructions.ts")
    children.push(...aroundFault(collector))
  }
  const read = make("strong", { id: "stopped-at" }, count(collector.received))
  // See `explainedBy` of the pipeline.
  const after = fault === undefined ? "" : " Up to 32 KiB after a fault are read, to explain it."
  const sent = ours.taken > collector.received ? `; ${count(ours.taken)} had been sent` : ""
  children.push(
    make("p", {}, "We had read ", read, ` of ${count(total)} bytes${sent}.${after}`),
    others(rest, total),
  )
  parent.replaceChildren(...children)
}

/**
 * The page: what to load, the loads, and what is shown of them.
 *
 * @module
 */
import { inspect } from "../../mod.ts"
import { type Trouble, troubled, TROUBLES } from "../line.ts"
import { Collector } from "./collector.ts"
import { count, find, make, share, size } from "./dom.ts"
import { Inside } from "./inside.ts"
import { type Run, type Source, start } from "./loads.ts"
import { ModuleMap } from "./module_map.ts"
import { faultOf, tell } from "./said.ts"
import { TimeLine } from "./time_line.ts"

/** What the server tells of itself. */
interface About {
  readonly size: number
  readonly later: number
  readonly samples: ReadonlyArray<{ name: string; title: string; size: number }>
}

/** A larger module would not be looked at in a page that keeps its bytes. */
const largest = 64 * 1024 * 1024

const form = find("form", HTMLFormElement)
const source = find("source", HTMLSelectElement)
const url = find("url", HTMLInputElement)
const file = find("file", HTMLInputElement)
const rate = find("rate", HTMLSelectElement)
const trouble = find("trouble", HTMLSelectElement)
const at = find("at", HTMLInputElement)
const full = find("full", HTMLInputElement)
const load = find("load", HTMLButtonElement)
const stop = find("stop", HTMLButtonElement)
const status = find("status", HTMLElement)
const saidSection = find("said-section", HTMLElement)
const insideSection = find("inside-section", HTMLElement)

const map = new ModuleMap(find("map", HTMLElement))
const timeLine = new TimeLine(find("lanes", HTMLElement))
const inside = new Inside(find("inside", HTMLElement))
const said = find("said", HTMLElement)

const about: About = await (await fetch("about.json")).json()
source.append(
  ...about.samples.map(({ name, size: bytes, title }) =>
    make("option", { value: name }, `${title}, ${size(bytes)}`)
  ),
  make("option", { value: "#file" }, "a file of yours"),
  make("option", { value: "#url" }, "an address"),
)
find("weight", HTMLElement).textContent =
  `All that runs here is the library and this page's own code: ${size(about.size)} gzipped, ` +
  `effect included, and ${
    size(about.later)
  } more when they are needed. Nothing is loaded from elsewhere.`

/** A file that was dropped, until another source is chosen. */
let dropped: File | undefined

const troubleOf = (): Trouble => TROUBLES.find((name) => name === trouble.value) ?? "none"

const arrange = (): void => {
  find("file-field", HTMLElement).hidden = source.value !== "#file"
  find("url-field", HTMLElement).hidden = source.value !== "#url"
  find("at-field", HTMLElement).hidden = !["break", "cut"].includes(trouble.value)
  find("at-text", HTMLElement).textContent = `${at.value} %`
}

const readBytes = async (
  bytes: Promise<ArrayBuffer>,
  bytesToCome: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  if (bytesToCome > largest) throw new RangeError(`This page looks at ${size(largest)} at most`)
  const whole = new Uint8Array(await bytes)
  if (whole.length > largest) throw new RangeError(`This page looks at ${size(largest)} at most`)
  return whole
}

/** What was chosen, and how many bytes it has. */
const chosen = async (signal: AbortSignal): Promise<readonly [Source, number]> => {
  if (source.value === "#file") {
    const picked = dropped ?? file.files?.[0]
    if (picked === undefined) throw new Error("Choose a file first, or drop one on this page")
    const bytes = await readBytes(picked.arrayBuffer(), picked.size)
    return [{ kind: "bytes", bytes }, bytes.length]
  }
  if (source.value === "#url") {
    if (!URL.canParse(url.value)) throw new Error("Give the address of a module first")
    const response = await fetch(url.value, { signal, credentials: "omit" })
    // What is no module's response at all is told by the library, and not played over the line.
    if (!response.ok) await inspect(response, { signal })
    const announced = Number(response.headers.get("content-length") ?? 0)
    const bytes = await readBytes(response.arrayBuffer(), announced)
    return [{ kind: "bytes", bytes }, bytes.length]
  }
  const sample = about.samples.find(({ name }) => name === source.value)
  if (sample === undefined) throw new Error("There is no such module")
  return [{ kind: "sample", name: sample.name }, sample.size]
}

let current: AbortController | undefined

/** Draws while the loads run, and once more at their end. */
const drawing = async (
  run: Run,
  collector: Collector,
  isOutdated: () => boolean,
): Promise<void> => {
  let isOver = false
  const draw = (): void => {
    if (isOutdated()) return
    const { error } = run.lanes[0] ?? {}
    map.draw(collector, faultOf(error))
    timeLine.draw(run.lanes)
    if (!isOver) requestAnimationFrame(draw)
  }
  draw()
  await run.all
  isOver = true
  draw()
}

const begin = async (): Promise<void> => {
  current?.abort()
  const controller = new AbortController()
  current = controller
  load.disabled = true
  stop.disabled = false
  saidSection.hidden = true
  insideSection.hidden = true
  status.classList.remove("bad")
  status.textContent = "Loading…"
  try {
    const [from, bytes] = await chosen(controller.signal)
    const line = { rate: Number(rate.value), trouble: troubleOf(), at: Number(at.value) / 100 }
    // What a sample's server adds, or sends instead, counts.
    const probe = from.kind === "bytes" ? from.bytes : new Uint8Array(bytes)
    const extra = from.kind === "sample" && line.trouble !== "page" ? 15 : 0
    const total = troubled(probe, { ...line, isStamped: false }).bytes.length + extra
    const collector = new Collector()
    const run = start(from, line, full.checked, collector, controller.signal)
    map.reset(total)
    timeLine.reset(run.lanes)
    const drawn = drawing(run, collector, () => current !== controller)
    const report = await run.ours
    // Another load has begun meanwhile: what is shown is about that one.
    if (current !== controller) return
    const [ours] = run.lanes
    if (report !== undefined) {
      insideSection.hidden = false
      inside.show(report, collector)
      status.textContent = "The module is ready; the other loads go on."
    } else {
      status.textContent = "The load has failed; the other loads go on."
    }
    await drawn
    if (current !== controller) return
    saidSection.hidden = false
    await tell(said, run.lanes, collector, {
      isBroken: line.trouble === "break",
      isStopped: controller.signal.aborted,
      total,
    })
    status.textContent = ours?.error === undefined
      ? `The module is ready: ${count(collector.received)} bytes.`
      : `We stopped after ${share(collector.received, total)} of what was on its way.`
  } catch (error) {
    if (current !== controller) return
    status.classList.add("bad")
    status.textContent = error instanceof Error ? error.message : String(error)
  } finally {
    if (current === controller) {
      load.disabled = false
      stop.disabled = true
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault()
  void begin()
})
stop.addEventListener("click", () => current?.abort(new Error("The load was stopped")))
for (const field of [source, trouble, at]) field.addEventListener("input", arrange)
source.addEventListener("input", () => (dropped = undefined))
file.addEventListener("input", () => (dropped = undefined))
document.addEventListener("dragover", (event) => event.preventDefault())
document.addEventListener("drop", (event) => {
  event.preventDefault()
  const [first] = event.dataTransfer?.files ?? []
  if (first === undefined) return
  source.value = "#file"
  dropped = first
  arrange()
  void begin()
})
arrange()
// What is loaded on demand is loaded while a person looks at the page, so that the first load is not about that.
await inspect(
  new Response(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), {
    headers: { "content-type": "application/wasm" },
  }),
  { validation: "full" },
)
document.documentElement.dataset["ready"] = "true"

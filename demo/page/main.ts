/**
 * The page: the form, the loads that it starts, and their results.
 *
 * @module
 */
import { inspect } from "../../mod.ts"
import { isModule, STAMP_SIZE, type Trouble, troubled, TROUBLES } from "../line.ts"
import { problemOf, unreachable } from "./address.ts"
import { Collector } from "./collector.ts"
import { printUrl } from "../../src/messages/print.ts"
import { isWasmContentType } from "../../src/pipeline/content_type.ts"
import { bounded, find, make, shown } from "./dom.ts"
import { Field, FieldError } from "./field.ts"
import { Inside } from "./inside.ts"
import { type Run, type Source, start } from "./loads.ts"
import { ModuleMap } from "./module_map.ts"
import { many, size } from "./numbers.ts"
import { faultOf, summaryOf, tell } from "./said.ts"
import { TimeLine } from "./time_line.ts"

/** What the server reports about the page and the samples. */
interface About {
  readonly size: number
  readonly later: number
  readonly samples: ReadonlyArray<{ name: string; title: string; size: number }>
}

/** The largest module, in bytes: the page keeps it in memory. */
const largest = 64_000_000

const form = find("form", HTMLFormElement)
const source = find("source", HTMLSelectElement)
const url = new Field("url")
const file = new Field("file")
const rate = find("rate", HTMLSelectElement)
const trouble = find("trouble", HTMLSelectElement)
const at = new Field("at")
const full = find("full", HTMLInputElement)
const load = find("load", HTMLButtonElement)
const stop = find("stop", HTMLButtonElement)
const status = find("status", HTMLElement)
const added = find("added", HTMLElement)
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
  make("option", { value: "#file" }, "a file on this device"),
  make("option", { value: "#url" }, "a URL"),
)
find("weight", HTMLElement).textContent =
  `This page runs only the library and the page’s own code: ${
    size(about.size)
  } gzipped, Effect included, ` +
  `and ${
    size(about.later)
  } more on demand. Nothing is loaded from elsewhere, unless you enter a URL.`

const troubleOf = (): Trouble => TROUBLES.find((name) => name === trouble.value) ?? "none"

const arrange = (): void => {
  file.show(source.value === "#file")
  url.show(source.value === "#url")
  at.show(["break", "cut"].includes(trouble.value))
  find("at-text", HTMLElement).textContent = `${at.input.value}%`
}

const tooLarge = (bytes: number): RangeError =>
  new RangeError(
    `The module is ${size(bytes)}; this page keeps it in memory, and takes no more than ${
      size(largest)
    }`,
  )

const readFile = async (picked: File): Promise<Uint8Array<ArrayBuffer>> => {
  if (picked.size > largest) throw tooLarge(picked.size)
  const buffer = await picked.arrayBuffer().catch((cause) => {
    const words = bounded(cause instanceof Error ? cause.message : String(cause), 200)
      .replace(/\.$/, "")
    throw new Error(`Cannot read ${shown(picked.name, 80)}: ${words}`, { cause })
  })
  return new Uint8Array(buffer)
}

/** Reads a response; the error of a lost connection says how much had arrived. */
const readResponse = async (
  response: Response,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> => {
  const announced = Number(response.headers.get("content-length") ?? 0)
  if (announced > largest) throw tooLarge(announced)
  const reader = response.body?.getReader()
  const parts: Array<Uint8Array<ArrayBuffer>> = []
  let received = 0
  for (;;) {
    const read = await reader?.read().catch((error) => {
      if (signal.aborted) throw error
      const words = bounded(error instanceof Error ? error.message : String(error), 200).trim()
      throw new Error(`The connection was lost after ${many(received, "byte")}: “${words}”`, {
        cause: error,
      })
    })
    if (read?.value === undefined) break
    received += read.value.length
    if (received > largest) {
      await reader?.cancel()
      throw tooLarge(received)
    }
    parts.push(read.value)
    map.fetched(received)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** The chosen source. */
interface Chosen {
  readonly from: Source
  /** In bytes. */
  readonly size: number
  readonly name: string
  /** What else the user should know about it. */
  readonly note?: string
}

/** What the page overlooks: it compiles the bytes whatever their type is. */
const typeNote = ({ headers }: Response): string => {
  const type = headers.get("content-type")
  if (type !== null && isWasmContentType(type)) return ""
  const sent = type === null ? "without a Content-Type" : `as ${shown(type, 60)}`
  return ` The server sent it ${sent}: compileStreaming would reject it; this page ignores the type.`
}

const chosen = async (signal: AbortSignal): Promise<Chosen> => {
  if (source.value === "#file") {
    const picked = file.input.files?.[0]
    if (picked === undefined) throw new FieldError(file, "Choose a file, or drop one on this page")
    const bytes = await readFile(picked)
    return { from: { kind: "bytes", bytes }, size: bytes.length, name: shown(picked.name, 80) }
  }
  if (source.value === "#url") {
    const address = url.input.value.trim()
    const problem = problemOf(address)
    if (problem !== undefined) throw new FieldError(url, problem)
    const response = await fetch(address, { signal, credentials: "omit" }).catch((error) => {
      throw signal.aborted ? error : unreachable(address, error)
    })
    // `inspect` rejects such a response with the library's error.
    if (!response.ok) await inspect(response, { signal })
    const bytes = await readResponse(response, signal)
    return {
      from: { kind: "bytes", bytes },
      size: bytes.length,
      name: bounded(printUrl(address), 80),
      note: typeNote(response),
    }
  }
  const sample = about.samples.find(({ name }) => name === source.value)
  if (sample === undefined) throw new Error("This server has no such module")
  return {
    from: { kind: "sample", name: sample.name },
    size: sample.size,
    name: sample.title,
  }
}

let current: AbortController | undefined

/** Sets which of the two buttons is active. `aria-disabled` leaves the focus on a button, unlike `disabled`. */
const setRunning = (isRunning: boolean): void => {
  load.setAttribute("aria-disabled", `${isRunning}`)
  stop.setAttribute("aria-disabled", `${!isRunning}`)
}

/** Hides the results of the previous load. If the focus was in them, it moves to the button. */
const hideOutdated = (): void => {
  const isLost = [saidSection, insideSection].some((it) => it.contains(document.activeElement))
  saidSection.hidden = true
  insideSection.hidden = true
  added.hidden = true
  map.reset(0)
  timeLine.reset([])
  if (isLost) load.focus()
}

/** Explains the custom section that the shown sizes include. */
const tellAdded = (from: Source, isPage: boolean): void => {
  added.hidden = isPage || (from.kind === "bytes" && !isModule(from.bytes))
  const section = `a ${STAMP_SIZE}-byte custom section, “demo”, with a random number that keeps ` +
    "the engine from using its cache."
  added.textContent = from.kind === "sample"
    ? `These sizes and offsets include ${section}`
    : `The two native loads get a copy with ${section}`
}

/** Draws while the loads run, and once more when they have ended. */
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

/**
 * Begins a load; a load that is running ends.
 *
 * @param also what else the status says
 */
const begin = async (also = ""): Promise<void> => {
  current?.abort()
  const controller = new AbortController()
  current = controller
  setRunning(true)
  hideOutdated()
  status.classList.remove("bad")
  status.textContent = source.value === "#url"
    ? "Fetching the module; the comparison starts when it is here…"
    : "Loading…"
  try {
    const { from, name, note = "", size: bytes } = await chosen(controller.signal)
    status.textContent = "Loading…"
    const line = {
      rate: Number(rate.value),
      trouble: troubleOf(),
      at: Number(at.input.value) / 100,
    }
    // The size includes what the server adds to a sample, or is that of the page it sends instead.
    const probe = from.kind === "bytes" ? from.bytes : new Uint8Array(bytes)
    const extra = from.kind === "sample" && line.trouble !== "page" ? STAMP_SIZE : 0
    const total = troubled(probe, { ...line, isStamped: false }).bytes.length + extra
    const collector = new Collector()
    const isFull = full.checked
    const run = start(from, line, isFull, collector, controller.signal)
    map.reset(total)
    timeLine.reset(run.lanes)
    tellAdded(from, line.trouble === "page")
    const drawn = drawing(run, collector, () => current !== controller)
    const report = await run.ours
    // Another load has begun, and its results are shown.
    if (current !== controller) return
    const [ours] = run.lanes
    if (report !== undefined) {
      insideSection.hidden = false
      inside.show(report, collector)
      status.textContent = "The module is ready; the other loads are still running."
    } else {
      status.textContent =
        "compile-streaming has reported an error; the other loads are still running."
    }
    await drawn
    if (current !== controller) return
    saidSection.hidden = false
    const told = {
      trouble: line.trouble,
      isFull,
      isStopped: controller.signal.aborted,
      total,
      name,
    }
    await tell(said, run.lanes, collector, told)
    if (ours !== undefined) {
      status.textContent = `${summaryOf(ours, collector.received, told)}${note}${also}`
    }
  } catch (error) {
    if (current !== controller) return
    if (error instanceof FieldError) {
      status.textContent = ""
      return error.field.tell(error.message)
    }
    status.classList.add("bad")
    status.textContent = `${error instanceof Error ? error.message : String(error)}${
      also && `.${also}`
    }`
  } finally {
    if (current === controller) {
      setRunning(false)
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault()
  if (load.ariaDisabled !== "true") void begin()
})
stop.addEventListener("click", () => current?.abort(new Error("The load was stopped.")))
for (const field of [source, trouble, at.input]) field.addEventListener("input", arrange)

/** Whether files are dragged; text may be dropped into a field. */
const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes("Files") === true

document.addEventListener("dragover", (event) => {
  if (hasFiles(event)) event.preventDefault()
})
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return
  event.preventDefault()
  const files = [...event.dataTransfer?.files ?? []]
  const taken = files.find(({ name }) => name.endsWith(".wasm")) ?? files[0]
  if (taken === undefined) return
  const one = new DataTransfer()
  one.items.add(taken)
  file.input.files = one.files
  file.clear()
  source.value = "#file"
  arrange()
  void begin(
    files.length === 1
      ? ""
      : ` This page takes one file at a time: it took ${shown(taken.name, 80)} and ignored ${
        many(files.length - 1, "other")
      }.`,
  )
})
arrange()
// Loads the parts that are imported on demand, so that they do not slow down the first load.
await inspect(
  new Response(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), {
    headers: { "content-type": "application/wasm" },
  }),
  { validation: "full" },
)
document.documentElement.dataset["ready"] = "true"

/**
 * Finds leaks: timers, unhandled rejections, listeners of a signal.
 */
import process from "node:process"

/** What is watched. */
export interface Watch {
  /** The stack traces of the pending timers. */
  readonly timers: () => ReadonlyArray<string>
  /** Rejections that nobody handled. */
  readonly rejections: () => ReadonlyArray<unknown>
  readonly stop: () => void
}

const place = (): string =>
  (new Error("A timer").stack ?? "").split("\n").slice(3, 7).map((line) => line.trim()).join(" < ")

/** The pending timers, with the stack traces of their creation; recorded only while watching. */
const pending = new Map<unknown, string>()
let watching = false

const setting =
  (set: typeof setTimeout | typeof setInterval, once: boolean) =>
  (callback: unknown, ...rest: ReadonlyArray<unknown>): unknown => {
    if (!watching) return Reflect.apply(set, globalThis, [callback, ...rest])
    const called = (...args: ReadonlyArray<unknown>): unknown => {
      if (once) pending.delete(timer)
      return typeof callback === "function" ? Reflect.apply(callback, undefined, args) : undefined
    }
    const timer: unknown = Reflect.apply(set, globalThis, [called, ...rest])
    pending.set(timer, place())
    return timer
  }

const clearing = (clear: typeof clearTimeout | typeof clearInterval) => (timer: unknown): void => {
  pending.delete(timer)
  Reflect.apply(clear, globalThis, [timer])
}

const originals = { setTimeout, setInterval, clearTimeout, clearInterval }
Object.assign(globalThis, {
  setTimeout: setting(originals.setTimeout, true),
  setInterval: setting(originals.setInterval, false),
  clearTimeout: clearing(originals.clearTimeout),
  clearInterval: clearing(originals.clearInterval),
})

/**
 * Begins to watch new timers, and rejections. This file has to be imported before the library, which takes its timers when
 * it is imported.
 */
export const watchLeaks = (): Watch => {
  watching = true
  const rejections: Array<unknown> = []
  const unhandled = (reason: unknown): void => void rejections.push(reason)
  process.on("unhandledRejection", unhandled)

  return {
    timers: () => [...pending.values()],
    rejections: () => rejections,
    stop: () => {
      watching = false
      pending.clear()
      Object.assign(globalThis, originals)
      process.off("unhandledRejection", unhandled)
    },
  }
}

/** The number of timers and the like that keep this process alive; `undefined` if the runtime does not report it. */
export const activeTimers = (): number | undefined => {
  const active = process.getActiveResourcesInfo?.()
  return active?.filter((name) => name === "Timeout" || name === "Immediate").length
}

/** A signal that counts its listeners. */
export interface CountedSignal {
  readonly controller: AbortController
  readonly signal: AbortSignal
  /** How many listeners were ever added. */
  readonly added: () => number
  /** How many there are. */
  readonly listening: () => number
}

/** Makes a signal that counts its listeners, including those that the runtime adds by the method. */
export const countedSignal = (): CountedSignal => {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = new Set<unknown>()
  const once = new Set<unknown>()
  let added = 0
  const add = signal.addEventListener
  const remove = signal.removeEventListener
  Object.defineProperty(signal, "addEventListener", {
    value: (...args: ReadonlyArray<unknown>): void => {
      listeners.add(args[1])
      const options = args[2]
      if (
        typeof options === "object" && options !== null && Reflect.get(options, "once") === true
      ) {
        once.add(args[1])
      }
      added++
      Reflect.apply(add, signal, args)
    },
  })
  Object.defineProperty(signal, "removeEventListener", {
    value: (...args: ReadonlyArray<unknown>): void => {
      listeners.delete(args[1])
      Reflect.apply(remove, signal, args)
    },
  })
  // A listener with `once` is removed when it is called.
  Reflect.apply(add, signal, [
    "abort",
    () => once.forEach((listener) => listeners.delete(listener)),
  ])
  return { controller, signal, added: () => added, listening: () => listeners.size }
}

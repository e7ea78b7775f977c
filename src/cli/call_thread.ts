/**
 * Runs a module's code in a thread of its own: it may never return, and the command must meanwhile react to Ctrl-C and to
 * its time limit. Values that cannot be sent to another thread are replaced by descriptions.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { type MessagePort, Worker } from "node:worker_threads"
import { NativeRuntimeError } from "../platform/natives.ts"
import { badModule, type CliError } from "./cli_error.ts"

/** A call of an exported function. */
export interface Call {
  /** A module that imports only what the engine provides. */
  readonly module: WebAssembly.Module
  /** The exported function. */
  readonly name: string
  readonly args: ReadonlyArray<unknown>
}

/** What was thrown. */
export interface Thrown {
  /** An error, a WebAssembly exception, or any other value, with its text as the message. */
  readonly kind: "error" | "exception" | "value"
  readonly name: string
  readonly message: string
  readonly stack: string
}

/** A value, or a description of one that cannot leave its thread. */
export type Passed =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "object" }

/** The message that the module is instantiated. */
interface Instantiated {
  readonly kind: "instantiated"
}

/** How a call ended; `missing` if the engine has no such function. */
export type Outcome =
  | { readonly kind: "returned"; readonly values: ReadonlyArray<Passed> }
  | { readonly kind: "threw"; readonly during: "instantiation" | "call"; readonly thrown: Thrown }
  | { readonly kind: "missing" }

/**
 * The thread's program. The thread gets its source text alone, so it must not refer to anything outside of it.
 *
 * @param port where the call arrives
 */
const answerCall = (port: MessagePort): void => {
  const passed = (value: unknown): Passed => {
    if (typeof value === "function") return { kind: "function", name: value.name }
    return typeof value === "object" && value !== null
      ? { kind: "object" }
      : { kind: "value", value }
  }
  const thrownOf = (error: unknown): Thrown => {
    const none = { name: "", message: "", stack: "" }
    if (Object.prototype.toString.call(error) === "[object WebAssembly.Exception]") {
      return { ...none, kind: "exception" }
    }
    if (!(error instanceof Error)) return { ...none, kind: "value", message: String(error) }
    const { message, name, stack = "" } = error
    return { kind: "error", name, message, stack }
  }
  const outcomeOf = ({ args, module, name }: Call): Outcome => {
    let during: "instantiation" | "call" = "instantiation"
    try {
      const called: unknown = new WebAssembly.Instance(module, {}).exports[name]
      port.postMessage({ kind: "instantiated" } satisfies Instantiated)
      if (typeof called !== "function") return { kind: "missing" }
      during = "call"
      const returned: unknown = Reflect.apply(called, undefined, args)
      const values: ReadonlyArray<unknown> = Array.isArray(returned) ? returned : [returned]
      return { kind: "returned", values: values.map(passed) }
    } catch (error) {
      return { kind: "threw", during, thrown: thrownOf(error) }
    }
  }
  port.once("message", (call: Call) => port.postMessage(outcomeOf(call)))
}

/** A module with the text of the function: the command is one file, so there is no other to start a thread from. */
const program = new URL(
  `data:text/javascript,${
    encodeURIComponent(
      `import { parentPort } from "node:worker_threads"\n;(${answerCall})(parentPort)`,
    )
  }`,
)

/**
 * Calls an exported function in a thread of its own.
 *
 * @param call what is to be called
 * @param onInstantiated called when the module is instantiated, before the function is called
 */
export const callInThread = (
  call: Call,
  onInstantiated: () => void = () => {},
): Effect.Effect<Outcome, CliError> =>
  Effect.callback((resume) => {
    const worker = new Worker(program, { execArgv: [] })
    const fail = (why: string): void =>
      resume(Effect.fail(badModule(`The thread that the module runs in has ended: ${why}`)))
    // Not `terminate`: on Bun it waits for the module, which may never return. The end of the process does not wait.
    const leave = (): void => void worker.unref()
    worker.on("message", (message: Outcome | Instantiated) => {
      if (message.kind === "instantiated") return onInstantiated()
      leave()
      resume(Effect.succeed(message))
    })
    worker.once("error", (error: unknown) => fail(String(error)))
    worker.once("exit", (code: number) => fail(`its exit code is ${code}`))
    worker.postMessage(call)
    return Effect.sync(leave)
  })

/** The value, or a stand-in that is printed the same way. */
const valueOf = (passed: Passed): unknown => {
  if (passed.kind === "value") return passed.value
  return passed.kind === "object"
    ? {}
    : Object.defineProperty(() => {}, "name", { value: passed.name })
}

/**
 * What a function returned, for `resultLines`.
 *
 * @param values as they were passed
 */
export const returnedValue = (values: ReadonlyArray<Passed>): unknown =>
  values.length === 1 ? values.map(valueOf)[0] : values.map(valueOf)

/**
 * What was thrown, for `trapLines`: an error of the same kind, with the same stack.
 *
 * @param thrown as it was passed
 */
export const thrownValue = ({ kind, message, name, stack }: Thrown): unknown => {
  if (kind === "exception") return { [Symbol.toStringTag]: "WebAssembly.Exception" }
  if (kind === "value") return message
  const error = name === "RuntimeError"
    ? new NativeRuntimeError(message)
    : name === "RangeError"
    ? new RangeError(message)
    : new Error(message)
  return Object.defineProperties(error, { name: { value: name }, stack: { value: stack } })
}

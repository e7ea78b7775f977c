/**
 * A module's own code, in a thread of its own: it may never return, and the command has to hear of Ctrl-C and of its time
 * limit meanwhile. What cannot pass between threads is passed as what there is to say of it.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { type MessagePort, Worker } from "node:worker_threads"
import { NativeRuntimeError } from "../platform/natives.ts"
import { badModule, type CliError } from "./cli_error.ts"

/** What is to be called. */
export interface Call {
  /** Without imports but those that its engine provides. */
  readonly module: WebAssembly.Module
  /** The exported function. */
  readonly name: string
  readonly args: ReadonlyArray<unknown>
}

/** What was thrown. */
export interface Thrown {
  /** An error, an exception of the module's own, or another value, whose text is the message. */
  readonly kind: "error" | "exception" | "value"
  readonly name: string
  readonly message: string
  readonly stack: string
}

/** A value; what stands for it, where it cannot leave its thread. */
export type Passed =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "object" }

/** How a call ended; where the engine has no such function, it is missing. */
export type Outcome =
  | { readonly kind: "returned"; readonly values: ReadonlyArray<Passed> }
  | { readonly kind: "threw"; readonly during: "instantiation" | "call"; readonly thrown: Thrown }
  | { readonly kind: "missing" }

/**
 * What the thread runs: its text is all that the thread has, so nothing from outside of it may be used in it.
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

/** A module of its own, with the text of the function: the command is one file, and has no other to start a thread with. */
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
 */
export const callInThread = (call: Call): Effect.Effect<Outcome, CliError> =>
  Effect.callback((resume) => {
    const worker = new Worker(program, { execArgv: [] })
    const fail = (why: string): void =>
      resume(Effect.fail(badModule(`The thread that the module runs in has ended: ${why}`)))
    // Not terminated: on Bun that waits for the module, which may never end. When the process ends, nobody waits for it.
    const leave = (): void => void worker.unref()
    worker.once("message", (outcome: Outcome) => {
      leave()
      resume(Effect.succeed(outcome))
    })
    worker.once("error", (error: unknown) => fail(String(error)))
    worker.once("exit", (code: number) => fail(`its exit code is ${code}`))
    worker.postMessage(call)
    return Effect.sync(leave)
  })

/** A value as it was, or one that is described by the same words. */
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

/**
 * Calls that use much of the platform, and their results.
 */
import * as Effect from "effect/Effect"
import { compileStreaming, inspect, instantiateStreaming, Wasm } from "../../mod.ts"
import { badFunction, empty, importing, large } from "./modules.ts"
import { chunks, response, split, typed } from "./responses.ts"

/** The result of a call, as a short text. */
export const wordOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    return Object.prototype.toString.call(await run())
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined
    return cause instanceof Error ? Reflect.get(cause, "reason") : error
  }
}

/** Calls that use much of the platform. Their arguments are made here, before the globals are replaced. */
export const prepareCalls = (): ReadonlyArray<
  readonly [() => Promise<unknown>, expected: unknown]
> => {
  const good = response(chunks(...split(large(20), 50)))
  const page = response("<!doctype html>")
  const wrong = typed("text/html")
  const bad = response(badFunction)
  const checked = response(chunks(...split(large(20), 50)))
  const reported = response(importing)
  const unlinked = response(importing)
  const run = response(empty)
  const controller = new AbortController()
  const aborted = response(empty)
  controller.abort("enough")
  const { signal } = controller
  return [
    [() => compileStreaming(good), "[object WebAssembly.Module]"],
    [() => compileStreaming(page), "html"],
    [() => compileStreaming(wrong), "content-type"],
    [() => compileStreaming(bad), "engine"],
    [() => compileStreaming(checked, { validation: "full" }), "[object WebAssembly.Module]"],
    [() => inspect(reported), "[object Object]"],
    [() => instantiateStreaming(unlinked, { m: { f: 1 } }), undefined],
    [
      // Without spans: effect looks their clock up late.
      () => Effect.runPromise(Effect.withTracerEnabled(Wasm.compileStreaming(run), false)),
      "[object WebAssembly.Module]",
    ],
    [() => compileStreaming(aborted, { signal }), "enough"],
  ]
}

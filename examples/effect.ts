/**
 * A program that tries a mirror if the first server does not have the module, with a time limit for everything, and
 * distinguishes the kinds of failure.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import { Wasm } from "../mod.ts"

/** A response as an Effect: its failure joins the program's error channel. */
const request = (url: string): Effect.Effect<Response, "unreachable"> =>
  Effect.tryPromise({
    try: (signal) => fetch(url, { signal }),
    catch: () => "unreachable" as const,
  })

/**
 * Loads a module from one of two servers.
 *
 * @param first the module's URL
 * @param mirror the URL to try if the first one fails
 */
export const load = (first: string, mirror: string): Effect.Effect<WebAssembly.Module, string> =>
  Wasm.compileStreaming(request(first)).pipe(
    Effect.catchIf(
      (error) => error === "unreachable" || (error._tag === "TypeError" && error.status === 404),
      () => Wasm.compileStreaming(request(mirror)),
    ),
    Effect.timeoutOrElse({ duration: "30 seconds", orElse: () => Effect.fail("too slow") }),
    Effect.mapError((error) => typeof error === "string" ? error : error.message),
  )

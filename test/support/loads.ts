/**
 * What the tests of loading by URL share: modules, and checks of a load's result.
 */
import assert from "node:assert/strict"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import { LoadError } from "../../src/http/mod.ts"
import { settled } from "./outcomes.ts"
import { large } from "./modules.ts"

type Bytes = Uint8Array<ArrayBuffer>

/** Five retries without a wait. */
export const quick: Schedule.Schedule<unknown, LoadError> = Schedule.recurs(5)

/** A module of about 84 kB. They differ from the first function on. */
export const makeContent = (): Bytes => {
  const bytes = large(2_000)
  // The constant in the first function's body can be any number.
  const code = bytes.indexOf(10, 2_000)
  const constant = bytes.indexOf(0x41, code) + 1
  bytes[constant] = Math.floor(Math.random() * 60)
  return bytes
}

/** The digest of bytes in the notation of Subresource Integrity. */
export const integrityOf = async (
  bytes: Bytes,
  algorithm: "sha256" | "sha384" | "sha512" = "sha256",
): Promise<string> => {
  const name = algorithm.replace("sha", "SHA-")
  const digest = new Uint8Array(await crypto.subtle.digest(name, bytes))
  return `${algorithm}-${btoa(String.fromCharCode(...digest))}`
}

const fresh = (module: WebAssembly.Module): string =>
  WebAssembly.Module.customSections(module, "fresh").map((bytes) => new TextDecoder().decode(bytes))
    .join()

/** Checks that a load results in the module with these bytes. */
export const checkModule = async (
  load: Promise<WebAssembly.Module>,
  bytes: Bytes,
): Promise<void> => {
  const module = await settled(load)
  assert.equal(fresh(module), fresh(new WebAssembly.Module(bytes)))
}

/** An error of the pipeline or of loading, by its tag and its reason. */
export type Failure = readonly [
  tag: "LoadError" | "TypeError" | "CompileError",
  reason: string,
]

/** Checks that a load fails as expected, and returns the tagged error. */
export const checkFailure = async (
  load: Promise<unknown>,
  [tag, reason]: Failure,
): Promise<object> => {
  const error = await settled(load).then(() => assert.fail("It has loaded"), (error) => error)
  const tagged: unknown = tag === "LoadError" ? error : error.cause
  assert.ok(typeof tagged === "object" && tagged !== null, `got ${error}`)
  assert.deepEqual([Reflect.get(tagged, "_tag"), Reflect.get(tagged, "reason")], [tag, reason])
  if (tag === "LoadError") assert.ok(error instanceof LoadError && error instanceof Error)
  else {assert.equal(
      error.constructor,
      tag === "TypeError" ? TypeError : WebAssembly.CompileError,
    )}
  return tagged
}

/** Checks that a load rejects with the reason of its signal. */
export const checkAborted = async (load: Promise<unknown>, signal: AbortSignal): Promise<void> => {
  const error: unknown = await settled(load).then(() => assert.fail("It has loaded"), (e) => e)
  assert.ok(signal.aborted, `It has ended before, in ${error}`)
  assert.equal(error, signal.reason)
}

/** Runs an Effect with the client that uses the platform's fetch. */
export const runLoad = <A, E>(
  effect: Effect.Effect<A, E, HttpClient.HttpClient>,
): Promise<A> => settled(Effect.runPromise(Effect.provide(effect, FetchHttpClient.layer)))

/**
 * Compiles a response of Effect's HttpClient; the client's errors and requirements stay in the types.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { Wasm } from "../mod.ts"

/**
 * Compiles the module at a URL.
 *
 * @param url where the module is
 */
export const compileFrom = (
  url: string,
): Effect.Effect<
  WebAssembly.Module,
  Wasm.CompileStreamingError | HttpClientError.HttpClientError,
  HttpClient.HttpClient
> =>
  Wasm.compileStreaming(
    Effect.flatMap(HttpClient.get(url), HttpClientResponse.filterStatusOk),
  )

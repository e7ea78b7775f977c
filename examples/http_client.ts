/**
 * Bytes from `@effect/platform`'s HttpClient: any stream of bytes compiles, and its errors and requirements come through.
 *
 * @module
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
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
  Wasm.CompileError | HttpClientError.HttpClientError,
  HttpClient.HttpClient
> =>
  HttpClient.get(url).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.flatMap((response) => Wasm.compileStream(response.stream)),
  )

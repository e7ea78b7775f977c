/**
 * The types of the API: the error channel and the requirements of each Effect. These tests are only type-checked
 * (`bun run ok`), never run.
 */
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import type * as KeyValueStore from "effect/persistence/KeyValueStore"
import { compileStreaming, instantiateStreaming, Wasm } from "../mod.ts"
import { emscripten, go, type GoProgram, jco, wasmBindgen } from "../src/adapters/mod.ts"
import { Http, loadModule } from "../src/http/mod.ts"
import { loadVariant, type Picked, pickVariant, Variants } from "../src/http/variants/mod.ts"
import { type Policy, policy, type PolicyError } from "../src/policy/mod.ts"

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : { readonly got: A; readonly expected: B }

/** Accepts only a value of exactly the given type. */
declare const expect: <Expected>() => <Got>(
  got: Got,
  ...same: Same<Got, Expected> extends true ? [] : [Same<Got, Expected>]
) => void

declare const response: Response
declare const promise: Promise<Response>
declare const lazy: Effect.Effect<Response, "no network", "Network">
declare const bytes: Stream.Stream<Uint8Array, "cut", "Disk">
declare const got: Effect.Effect<
  HttpClientResponse.HttpClientResponse,
  HttpClientError.HttpClientError,
  HttpClient.HttpClient
>
declare const imports: Wasm.ImportObject

export const compile = (): void => {
  expect<Effect.Effect<WebAssembly.Module, Wasm.CompileStreamingError>>()(
    Wasm.compileStreaming(response),
  )
  expect<Effect.Effect<WebAssembly.Module, Wasm.CompileStreamingError>>()(
    Wasm.compileStreaming(promise),
  )
  expect<Effect.Effect<WebAssembly.Module, Wasm.CompileStreamingError | "no network", "Network">>()(
    Wasm.compileStreaming(lazy),
  )
  expect<Effect.Effect<WebAssembly.Module, Wasm.CompileStreamingError | "cut", "Disk">>()(
    Wasm.compileStream(bytes),
  )
  expect<
    Effect.Effect<
      WebAssembly.Module,
      Wasm.CompileStreamingError | HttpClientError.HttpClientError,
      HttpClient.HttpClient
    >
  >()(Wasm.compileStreaming(got))
  expect<Promise<WebAssembly.Module>>()(compileStreaming(promise))
}

export const instantiate = (): void => {
  expect<Effect.Effect<Wasm.InstantiatedSource, Wasm.InstantiateStreamingError>>()(
    Wasm.instantiateStreaming(promise, imports),
  )
  expect<
    Effect.Effect<Wasm.InstantiatedSource, Wasm.InstantiateStreamingError | "no network", "Network">
  >()(Wasm.instantiateStreaming(lazy))
  expect<Promise<WebAssembly.WebAssemblyInstantiatedSource>>()(instantiateStreaming(promise))
}

declare const request: HttpClientRequest.HttpClientRequest
declare const store: KeyValueStore.KeyValueStore

export const load = (): void => {
  type Load = Effect.Effect<WebAssembly.Module, Http.LoadModuleError, HttpClient.HttpClient>
  expect<Load>()(Http.loadModule("https://example.org/module.wasm"))
  expect<Load>()(Http.loadModule(request, { timeout: "1 minute", schedule: Http.defaultSchedule }))
  expect<Promise<WebAssembly.Module>>()(loadModule(new URL("https://example.org/")))
  expect<Layer.Layer<Http.ModuleCache>>()(Http.ModuleCache.layer({ store }))
  expect<Layer.Layer<Http.ModuleCache, never, KeyValueStore.KeyValueStore>>()(
    Http.ModuleCache.layerKeyValueStore({ maxBytes: 5 }),
  )
  expect<true>()(
    {} as Same<
      Http.LoadModuleError["_tag"],
      "TypeError" | "CompileError" | "LoadError" | "SourceError"
    >,
  )
}

export const errors = (): void => {
  expect<true>()(
    {} as Same<
      Wasm.InstantiateStreamingError["_tag"],
      "TypeError" | "CompileError" | "SourceError" | "LinkError" | "RuntimeError"
    >,
  )
}

export const rejected = (): void => {
  // @ts-expect-error: a string is no source
  Wasm.compileStreaming("module.wasm")
  // @ts-expect-error: neither is a promise of one
  compileStreaming(Promise.resolve("module.wasm"))
  // @ts-expect-error: an Effect of something else is no source
  Wasm.compileStreaming({} as Effect.Effect<string>)
  // @ts-expect-error: there is no such policy
  compileStreaming(response, { contentType: "lenient" })
  // @ts-expect-error: a stream of strings holds no bytes
  Wasm.compileStream({} as Stream.Stream<string>)
}

declare const module: WebAssembly.Module
declare const runtime: Parameters<typeof go>[0]

export const adapt = (): void => {
  expect<Promise<string>>()(emscripten(() => Promise.resolve("program"), promise))
  expect<Promise<number>>()(wasmBindgen(() => Promise.resolve(1), loadModule("module.wasm")))
  expect<Promise<GoProgram>>()(go(runtime, module))
  expect<(path: string) => Promise<WebAssembly.Module>>()(jco(() => promise))
  // @ts-expect-error a URL is no source
  emscripten(() => 1, "module.wasm")
}

interface Build {
  readonly source: string
  readonly features: ReadonlyArray<"simd">
  readonly glue: string
}
declare const builds: ReadonlyArray<Build>

export const vary = (): void => {
  expect<Promise<Variants.LoadedVariant<Build>>>()(loadVariant(builds, { retries: 1 }))
  expect<Promise<Picked<Build>>>()(pickVariant(builds))
  expect<
    Effect.Effect<
      Variants.LoadedVariant<Build>,
      Http.LoadModuleError | Variants.VariantError,
      HttpClient.HttpClient
    >
  >()(Variants.loadVariant(builds))
  // @ts-expect-error there is no feature of that name
  pickVariant([{ features: ["simd128"] }])
}

declare const own: Policy
declare const options: Wasm.CompileStreamingOptions
declare const maybe: Wasm.WithPolicy<Wasm.CompileStreamingOptions>

export const policies = (): void => {
  type Failing<E> = Effect.Effect<WebAssembly.Module, E>
  expect<Failing<Wasm.CompileStreamingError>>()(Wasm.compileStreaming(response, options))
  expect<Failing<Wasm.CompileStreamingError>>()(Wasm.compileStreaming(response, { policy: null }))
  expect<Failing<Wasm.CompileStreamingError | PolicyError>>()(
    Wasm.compileStreaming(response, { policy: own, validation: "full" }),
  )
  expect<Failing<Wasm.CompileStreamingError | PolicyError>>()(
    Wasm.compileStreaming(response, maybe),
  )
  expect<
    Effect.Effect<
      Wasm.InstantiatedSource,
      Wasm.InstantiateStreamingError | PolicyError | "no network",
      "Network"
    >
  >()(Wasm.instantiateStreaming(lazy, imports, { policy: own }))
  expect<
    Effect.Effect<
      WebAssembly.Module,
      Http.LoadModuleError | PolicyError,
      HttpClient.HttpClient
    >
  >()(Http.loadModule("https://example.org/module.wasm", { policy: own, timeout: "1 minute" }))
  expect<Promise<WebAssembly.Module>>()(compileStreaming(promise, { policy: own }))
  // @ts-expect-error: rules are no policy
  compileStreaming(promise, { policy: { imports: { allow: [] } } })
  // @ts-expect-error: there is no such rule
  policy({ import: { allow: [] } })
  // @ts-expect-error: there is no such option
  Wasm.compileStreaming(response, { policy: own, valdiation: "full" })
}

/**
 * Variants: which one is picked, by the features of this engine and with some of them disabled; what is loaded; and whether
 * it uses only the features of its entry.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Effect from "effect/Effect"
import {
  type Feature,
  loadVariant,
  type LoadVariantOptions,
  pickVariant,
  supportedFeatures,
  type Variant,
  VariantError,
  type VariantNeeds,
  Variants,
} from "../../src/http/variants/mod.ts"
import { engineFeatures, probes } from "../../src/pipeline/engine_features.ts"
import { policy } from "../../src/policy/mod.ts"
import { native } from "../../src/platform/natives.ts"
import { empty, large } from "../support/modules.ts"
import { call, checkPromise, same, settled, typeError } from "../support/outcomes.ts"

/** Runs while the engine rejects modules that need these features. */
const lacking = async <A>(features: ReadonlyArray<string>, run: () => Promise<A>): Promise<A> => {
  const { validate } = native
  const refused = new Set(
    probes.filter(([name]) => features.includes(name)).map(([, bytes]) => bytes.join()),
  )
  Reflect.set(
    native,
    "validate",
    (bytes: Uint8Array<ArrayBuffer>) => !refused.has(bytes.join()) && validate?.(bytes) === true,
  )
  try {
    return await run()
  } finally {
    Reflect.set(native, "validate", validate)
  }
}

const yes = { name: "yes", probe: () => true }
const later = { name: "later", probe: () => Promise.resolve(true) }
const no = { name: "no", probe: () => Promise.resolve(false) }

type Features = VariantNeeds["features"]

// deno-fmt-ignore
const picks: ReadonlyArray<readonly [name: string, lacks: ReadonlyArray<Feature>, list: ReadonlyArray<Features>, index: number]> = [
  ["one that needs nothing", [], [[]], 0],
  ["the first that needs nothing", [], [[], []], 0],
  ["the best", [], [["simd"], []], 0],
  ["the next best", ["simd"], [["simd"], ["bulk-memory"], []], 1],
  ["one of two features is missing", ["simd"], [["bulk-memory", "simd"], []], 1],
  ["a feature that is built upon another", ["simd"], [["relaxed-simd"], ["simd"], []], 0],
  ["a version of the specification", ["multi-value"], [["wasm-2.0"], ["wasm-1.0"], []], 1],
  ["memories of 64 bits, and no tables", ["table64"], [["memory64", "table64"], ["memory64"], []], 1],
  ["both forms of exceptions", ["exceptions"], [["exceptions"], ["legacy-exceptions"], []], 1],
  ["a probe of one's own", [], [[no], [yes, later]], 1],
  ["a probe of one's own, and a feature", ["simd"], [[yes, "simd"], [yes, "bulk-memory"]], 1],
]
for (const [name, lacks, list, index] of picks) {
  test(`picked: ${name}`, async () => {
    // Features that this engine lacks are not part of the case.
    const own = list.filter((features) =>
      features.every((feature) =>
        typeof feature !== "string" || !engineFeatures().has(feature) ||
        engineFeatures().get(feature) === true
      )
    )
    if (own.length < list.length) return console.log(`Skipped: ${name}: not with this engine`)
    const variants = list.map((features, place) => ({ features, place }))
    const picked = await lacking(lacks, () => pickVariant(variants))
    assert.deepEqual([picked.index, picked.variant.place], [index, index])
    assert.equal(picked.variant, variants[index])
  })
}

const refusal = async (promise: Promise<unknown>): Promise<VariantError> => {
  const error = await settled(promise.then(() => undefined, (error: unknown) => error))
  assert.ok(error instanceof VariantError, String(error))
  return error
}

test("none fits: what is missing, for each", async () => {
  const variants: ReadonlyArray<VariantNeeds> = [
    { name: "fast\u202e", features: ["wasm-2.0", "multi-memory"] },
    { features: ["simd", no] },
    { name: "own", features: [yes, { name: "a\nb", probe: () => false }, no] },
  ]
  const error = await lacking(
    ["simd", "multi-value", "multi-memory"],
    () => refusal(pickVariant(variants)),
  )
  assert.equal(error.reason, "none-fits")
  assert.deepEqual(error.missing, [
    { variant: "fast\\u{202e}", features: ["multi-value", "simd", "multi-memory"] },
    { variant: "variant 2", features: ["simd"] },
    { variant: "own", features: ["a\\u{a}b"] },
  ])
  for (const word of ["simd", "multi-value", "variant 2"]) assert.ok(error.message.includes(word))
})

test("probes run in order, and no further than they have to", async () => {
  const asked: Array<string> = []
  const asking = (name: string, result: boolean) => ({
    name,
    probe: () => {
      asked.push(name)
      return result
    },
  })
  await lacking(["simd"], () =>
    pickVariant([
      { features: ["simd", asking("never", true)] },
      { features: [asking("first", false), asking("after a false one", true)] },
      { features: [asking("second", true)] },
      { features: [asking("beyond", true)] },
    ]))
  assert.deepEqual(asked, ["first", "second"])
  asked.length = 0
  const [there, missing] = [asking("there", true), asking("missing", false)]
  const { index } = await pickVariant([
    { features: [there, missing] },
    { features: [missing, there] },
    { features: [there, asking("another", true)] },
  ])
  assert.deepEqual([index, asked], [2, ["there", "missing", "another"]])
})

test("a probe is called as a method, and tells yes by anything that is true", async () => {
  class Detector {
    readonly name = "of a class"
    readonly #answer: unknown
    constructor(answer: unknown) {
      this.#answer = answer
    }
    probe(): boolean {
      return Object(this.#answer) === this.#answer
    }
  }
  const list = [{ features: [new Detector(1)] }, { features: [new Detector({})] }]
  assert.equal((await pickVariant(list)).index, 1)
})

test("a probe that fails, and one that never answers", async () => {
  const failure = new Error("of the probe's own")
  const failing = {
    name: "failing",
    probe: () => {
      throw failure
    },
  }
  await checkPromise(pickVariant([{ features: [failing] }]), same(failure))
  const pending = { name: "pending", probe: () => new Promise<boolean>(() => {}) }
  const reason = new Error("not wanted")
  const variants = [{ features: [pending], source: empty }]
  await checkPromise(pickVariant(variants, { signal: AbortSignal.abort(reason) }), same(reason))
  const controller = new AbortController()
  const loading = loadVariant(variants, { signal: controller.signal })
  controller.abort(reason)
  await checkPromise(loading, same(reason))
  const error = await settled(
    loadVariant(variants, { timeout: 20 }).catch((error: unknown) => error),
  )
  const [tag, why] = ["_tag", "reason"].map((name) => Reflect.get(Object(error), name))
  assert.deepEqual([tag, why], ["LoadError", "timeout"])
})

test("a signal that is aborted: nothing is picked, and no probe is called", async () => {
  const reason = new Error("not wanted")
  const signal = AbortSignal.abort(reason)
  const asked = { name: "asked", probe: () => assert.fail("It was called") }
  for (const features of [[], ["simd"], [asked]] as const) {
    await checkPromise(pickVariant([{ features }], { signal }), same(reason))
    await checkPromise(loadVariant([{ features, source: empty }], { signal }), same(reason))
  }
})

type Run = typeof pickVariant | typeof loadVariant
const both: ReadonlyArray<Run> = [pickVariant, loadVariant]
// deno-fmt-ignore
const optionCases: ReadonlyArray<readonly [name: string, options: unknown, fail: ReadonlyArray<Run>]> = [
  ["none", undefined, []],
  ["null", null, []],
  ["an empty object", {}, []],
  ["no signal", { signal: null }, []],
  ["text", "x", both],
  ["a number", 1, both],
  ["a signal that is none", { signal: {} }, both],
  ["an unknown one", { retry: 1 }, both],
  ["checkFeatures: null", { checkFeatures: null }, both],
  ["checkFeatures: 0", { checkFeatures: 0 }, both],
  ["checkFeatures as text", { checkFeatures: "no" }, both],
  ["checkFeatures", { checkFeatures: false }, [pickVariant]],
  ["a timeout", { timeout: 1_000 }, [pickVariant]],
  ["a timeout that is none", { timeout: "soon" }, both],
  ["a timeout of nothing", { timeout: 0 }, both],
]
for (const [name, options, fail] of optionCases) {
  test(`options: ${name}`, async () => {
    for (const run of both) {
      const variants = [{ features: [yes], source: empty }]
      const outcome = call(run, variants, options)
      if (fail.includes(run)) await checkPromise(outcome, typeError("options"))
      else assert.equal(Reflect.get(await settled(outcome), "index"), 0)
    }
  })
}

// deno-fmt-ignore
const entryOptions: ReadonlyArray<readonly [name: string, options: unknown]> = [
  ["text", "x"],
  ["a number", 1],
  ["an unknown one", { retry: 1 }],
  ["what is of the call alone", { checkFeatures: false }],
  ["a signal that is none", { signal: {} }],
]
for (const [name, options] of entryOptions) {
  test(`options of an entry: ${name}`, () =>
    checkPromise(
      call(loadVariant, [{ features: [], source: empty, options }]),
      typeError("options"),
    ))
}

test("options that throw when they are read", async () => {
  const failure = new Error("of a getter")
  const throwing = {
    get signal(): AbortSignal {
      throw failure
    },
  }
  const variants = [{ features: [], source: empty }]
  await checkPromise(pickVariant(variants, throwing), same(failure))
  await checkPromise(loadVariant(variants, throwing), same(failure))
})

// deno-fmt-ignore
const malformed: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ["nothing", undefined],
  ["an empty list", []],
  ["no list", { features: [] }],
  ["an entry that is none", [null]],
  ["no features", [{}]],
  ["features that are no list", [{ features: "simd" }]],
  ["an unknown feature", [{ features: [] }, { features: ["simd128"] }]],
  ["a property of every object", [{ features: ["constructor"] }]],
  ["an unknown feature that is undefined", [{ features: [undefined] }]],
  ["an unknown feature that is a number", [{ features: [5] }]],
  ["a name that is no text", [{ name: 5, features: [] }]],
  ["an object without a probe", [{ features: [{ name: "x" }] }]],
]
for (const [name, value] of malformed) {
  test(`malformed: ${name}`, () => checkPromise(call(pickVariant, value), typeError("options")))
}

test("the features of this engine are those of the probes, but threads where memory cannot be shared", () => {
  const supported: ReadonlySet<string> = supportedFeatures()
  assert.ok(supported.size > 8)
  const isolated = Reflect.get(globalThis, "crossOriginIsolated") !== false
  for (const [name, has] of engineFeatures()) {
    assert.equal(supported.has(name), has && (name !== "threads" || isolated), name)
  }
})

// Loading

const load = (
  features: Features,
  source: Variant["source"],
  options?: LoadVariantOptions,
): Promise<unknown> => loadVariant([{ source, features }], options)

const known = supportedFeatures()
for (const [name, bytes] of probes) {
  const feature = [...known].find((feature) => feature === name)
  if (feature === undefined) {
    console.log(`Skipped: a module that uses ${name}, which this engine does not have`)
    continue
  }
  test(`a module that uses ${feature} has to say so`, async () => {
    const full = { validation: "full" } as const
    await load([feature], bytes, full)
    const error = await refusal(load([], bytes, full))
    assert.equal(error.reason, "undeclared")
    assert.ok(error.undeclared?.includes(name), String(error.undeclared))
    assert.equal(error.variant, "variant 1")
    await load([], bytes, { ...full, checkFeatures: false })
  })
}

test("what is loaded: the module, its report, the entry; nothing else is asked for", async () => {
  const data = `data:application/wasm;base64,AGFzbQEAAAA=`
  const variants = [
    { source: "https://127.0.0.1:1/missing.wasm", features: [no] },
    { source: data, features: [], glue: "./plain.js" },
    { source: "https://127.0.0.1:1/missing.wasm", features: [] },
  ]
  const { index, module, report, variant } = await loadVariant(variants)
  assert.ok(module instanceof WebAssembly.Module)
  assert.deepEqual([index, report?.size], [1, 8])
  assert.equal(variant, variants[1])
  assert.equal(variant.glue, "./plain.js")
})

test("a module that is ready is held against nothing", async () => {
  const ready = new WebAssembly.Module(empty)
  const { module, report } = await loadVariant([{ source: ready, features: [] }])
  assert.deepEqual([module, report], [ready, undefined])
})

test("the options of a build come before those of the call, and all are checked", async () => {
  const progress: Array<string> = []
  const on = (name: string) => ({ onProgress: () => progress.push(name) })
  await loadVariant([{ source: large(), features: [], options: on("of the build") }], on("of all"))
  assert.deepEqual(new Set(progress), new Set(["of the build"]))
  await loadVariant([{ source: large(), features: [] }], on("of all"))
  assert.equal(progress.at(-1), "of all")

  const options = { integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
  const error = await loadVariant([{ source: empty, features: [], options }])
    .then(() => undefined, (error: unknown) => error)
  assert.deepEqual(
    [Reflect.get(Object(error), "_tag"), Reflect.get(Object(error), "reason")],
    ["LoadError", "integrity"],
  )
  const strange: object = { strange: 1 }
  await checkPromise(loadVariant([{ source: empty, features: [] }], strange), typeError("options"))
})

test("an option that is undefined is absent", async () => {
  const none = policy({ exports: { allow: [] } })
  const entry = { source: large(), features: [] }
  const refusing: object = { policy: none, checkFeatures: undefined, timeout: undefined }
  const outcome = (options: object | undefined): Promise<unknown> =>
    loadVariant([{ ...entry, options }], refusing)
      .then(() => "loaded", (error: unknown) => Reflect.get(Object(error), "_tag"))
  assert.equal(await outcome(undefined), "PolicyError")
  assert.equal(await outcome({ policy: undefined, integrity: undefined }), "PolicyError")
  assert.equal(await outcome({ policy: null }), "loaded")
})

test("the Effect API: errors by their tags", async () => {
  const told = (program: ReturnType<typeof Variants.loadVariant>): Promise<string> =>
    Effect.runPromise(program.pipe(
      Effect.map(({ index }) => `loaded ${index}`),
      Effect.catchTags({
        VariantError: ({ reason }) => Effect.succeed(reason),
        TypeError: ({ reason }) => Effect.succeed(reason),
        CompileError: ({ reason }) => Effect.succeed(reason),
        LoadError: ({ reason }) => Effect.succeed(reason),
        SourceError: ({ reason }) => Effect.succeed(reason),
      }),
      Effect.provide(FetchHttpClient.layer),
    ))
  const page = new TextEncoder().encode("<!doctype html>")
  const [, multi] = probes.find(([name]) => name === "multi-value") ?? ["", empty]
  assert.equal(await told(Variants.loadVariant([{ source: empty, features: [] }])), "loaded 0")
  assert.equal(await told(Variants.loadVariant([{ source: empty, features: [no] }])), "none-fits")
  assert.equal(await told(Variants.loadVariant([{ source: multi, features: [] }])), "undeclared")
  assert.equal(await told(Variants.loadVariant([{ source: page, features: [] }])), "html")
  assert.equal(await told(Variants.loadVariant([])), "options")
})

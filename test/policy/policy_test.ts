/**
 * Policies while a module streams: each rule refuses with its name, the offset and what breaks it, from the bytes up to
 * there alone, however they are split, and before the engine gets any code.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  compileStreaming,
  compileStreamingWithReport,
  inspect,
  instantiateStreaming,
  Wasm,
} from "../../mod.ts"
import { policy, PolicyError, type PolicyRule, type PolicyRules } from "../../src/policy/mod.ts"
import {
  AT,
  body,
  build,
  code,
  custom,
  emptyBody,
  END,
  exported,
  exports,
  func,
  FUNCREF,
  functions,
  I32,
  i32,
  imported,
  imports,
  memories,
  type Part,
  section,
  types,
  V128,
  vec,
} from "../support/module_builder.ts"
import { huge } from "../support/modules.ts"
import { limits, log, logType, plugin, signatures } from "./support/plugin.ts"
import { settled, withoutNative } from "../support/outcomes.ts"
import { chunks, endless, response, split } from "../support/responses.ts"

const [FUNC, TABLE, MEMORY] = [0, 1, 2]
const exec = imported("env", "exec", FUNC, 1)

/** A section whose payload begins at the mark. */
const marked = (id: number, ...entries: ReadonlyArray<Part>): Part =>
  section(id, AT, vec(...entries))

interface Case {
  readonly name: string
  readonly rules: PolicyRules
  /** The bytes that are sufficient for the refusal, with its offset. */
  readonly shown: ReadonlyArray<Part>
  readonly rule: PolicyRule
  readonly section: string | undefined
  /** Further fields of the error. */
  readonly tells?: Readonly<Record<string, unknown>>
}

const execImport = { module: "env", name: "exec", kind: "function", type: "(func)" }

const cases: ReadonlyArray<Case> = [
  {
    name: "an import that is not allowed",
    rules: { imports: { allow: [{ module: "env", name: "log" }] } },
    shown: [signatures, imports(log, AT, exec)],
    rule: "imports.allow",
    section: "import",
    tells: { import: execImport },
  },
  {
    name: "any import where none is allowed",
    rules: { imports: { allow: [] } },
    shown: [signatures, imports(AT, exec)],
    rule: "imports.allow",
    section: "import",
    tells: { import: execImport },
  },
  {
    name: "an import of an allowed name with another type",
    rules: { imports: { allow: [{ module: "env", name: "exec", type: logType }] } },
    shown: [signatures, imports(AT, exec)],
    rule: "imports.allow",
    section: "import",
    tells: { import: execImport },
  },
  {
    name: "an import of an allowed name and another kind",
    rules: { imports: { allow: [{ module: "env", name: "exec", kind: "global" }] } },
    shown: [signatures, imports(AT, exec)],
    rule: "imports.allow",
    section: "import",
    tells: { import: execImport },
  },
  {
    name: "an import from a module with another name",
    rules: { imports: { allow: [{ module: "en" }, { modulePrefix: "envi" }] } },
    shown: [signatures, imports(AT, exec)],
    rule: "imports.allow",
    section: "import",
    tells: { import: execImport },
  },
  {
    name: "an import that is refused, though allowed",
    rules: { imports: { allow: [{ module: "env" }], refuse: [{ namePrefix: "ex" }] } },
    shown: [signatures, imports(log, AT, exec)],
    rule: "imports.refuse",
    section: "import",
    tells: { import: execImport },
  },
  {
    name: "a required import that is missing at the end of the imports",
    rules: { imports: { require: [{ module: "env", name: "exec" }] } },
    shown: [signatures, imports(log), AT],
    rule: "imports.require",
    section: "import",
    tells: { missing: { module: "env", name: "exec" } },
  },
  {
    name: "a required import in a module without imports",
    rules: { imports: { require: [{ module: "env" }] } },
    shown: [section(1, AT, vec(func([], []))), section(3, vec(0))],
    rule: "imports.require",
    section: "type",
  },
  {
    name: "an export that is not allowed",
    rules: { exports: { allow: [{ name: "run" }] } },
    shown: [
      signatures,
      functions(1),
      exports(exported("run", FUNC, 0), AT, exported("walk", FUNC, 0)),
    ],
    rule: "exports.allow",
    section: "export",
    tells: { export: { name: "walk", kind: "function", type: "(func)" } },
  },
  {
    name: "an export that is refused",
    rules: { exports: { refuse: [{ kind: "memory" }] } },
    shown: [memories(limits(1)), exports(AT, exported("m", MEMORY, 0))],
    rule: "exports.refuse",
    section: "export",
    tells: { export: { name: "m", kind: "memory", type: "(memory 1)" } },
  },
  {
    name: "a required export that is missing",
    rules: { exports: { require: [{ name: "run", type: "(func)" }, { name: "walk" }] } },
    shown: [signatures, functions(1), exports(exported("run", FUNC, 0)), AT],
    rule: "exports.require",
    section: "export",
    tells: { missing: { name: "walk" } },
  },
  {
    name: "a required export of another type",
    rules: { exports: { require: [{ name: "run", type: logType }] } },
    shown: [signatures, functions(1), exports(exported("run", FUNC, 0)), AT],
    rule: "exports.require",
    section: "export",
    tells: { missing: { name: "run", type: logType } },
  },
  {
    name: "a required export in a module without exports, before its code",
    rules: { exports: { require: [{ name: "run" }] } },
    shown: [signatures, section(3, AT, vec(1)), [10, 4]],
    rule: "exports.require",
    section: "function",
  },
  {
    name: "a memory that is too large",
    rules: { memory: { initial: 2 } },
    shown: [marked(5, limits(3))],
    rule: "memory.initial",
    section: "memory",
    tells: { ceiling: 2, actual: 3 },
  },
  {
    name: "two memories that are too large together",
    rules: { memory: { initial: 3 } },
    shown: [marked(5, limits(2), limits(2))],
    rule: "memory.initial",
    section: "memory",
    tells: { ceiling: 3, actual: 4 },
  },
  {
    name: "a memory that may grow too large",
    rules: { memory: { initial: 2, maximum: 16 } },
    shown: [marked(5, limits(1, 17))],
    rule: "memory.maximum",
    section: "memory",
    tells: { ceiling: 16, actual: 17 },
  },
  {
    name: "a memory without a maximum",
    rules: { memory: { maximum: 65_536 } },
    shown: [marked(5, limits(1))],
    rule: "memory.maximum",
    section: "memory",
    tells: { ceiling: 65_536, actual: undefined },
  },
  {
    name: "an imported memory that is too large",
    rules: { memory: { initial: 2 } },
    shown: [imports(AT, imported("env", "memory", MEMORY, limits(3)))],
    rule: "memory.initial",
    section: "import",
    tells: { ceiling: 2, actual: 3 },
  },
  {
    name: "a 64-bit memory of 2^36 pages",
    rules: { memory: { maximum: 65_536 } },
    shown: [marked(5, [5, 1, [0x80, 0x80, 0x80, 0x80, 0x80, 0x02]])],
    rule: "memory.maximum",
    section: "memory",
    tells: { ceiling: 65_536, actual: 2 ** 36 },
  },
  {
    name: "a table that is too large",
    rules: { table: { initial: 2 } },
    shown: [marked(4, [FUNCREF, limits(3)])],
    rule: "table.initial",
    section: "table",
    tells: { ceiling: 2, actual: 3 },
  },
  {
    name: "an imported table without a maximum",
    rules: { table: { maximum: 100 } },
    shown: [imports(AT, imported("env", "t", TABLE, [FUNCREF, limits(3)]))],
    rule: "table.maximum",
    section: "import",
    tells: { ceiling: 100, actual: undefined },
  },
  {
    name: "more functions than allowed",
    rules: { functions: 2 },
    shown: [signatures, imports(log), section(3, AT, vec(1, 1, 1))],
    rule: "functions",
    section: "function",
    tells: { ceiling: 2, actual: 3 },
  },
  {
    name: "a section that ends beyond the size, by its header",
    rules: { moduleSize: 1_000 },
    shown: [signatures, functions(1), [10, [0xe8, 0x07], AT]],
    rule: "moduleSize",
    section: "code",
  },
  {
    name: "a start function",
    rules: { start: false },
    shown: [signatures, functions(1), section(8, AT, 0)],
    rule: "start",
    section: "start",
  },
  {
    name: "a shared memory where threads are refused",
    rules: { features: { refuse: ["threads"] } },
    shown: [marked(5, [3, 1, 2])],
    rule: "features.refuse",
    section: "memory",
    tells: { feature: "threads" },
  },
  {
    name: "a feature that is not allowed",
    rules: { features: { allow: ["bulk-memory"] } },
    shown: [marked(1, func([], [I32, I32]))],
    rule: "features.allow",
    section: "type",
    tells: { feature: "multi-value" },
  },
  {
    name: "a feature that an instruction shows",
    rules: { features: { refuse: ["sign-extension"] } },
    shown: [
      signatures,
      functions(1, 1),
      marked(10, body(0, i32(1), 0xc0, 0x1a, END), emptyBody),
    ],
    rule: "features.refuse",
    section: "code",
    tells: { feature: "sign-extension" },
  },
  {
    name: "a custom section that is not allowed",
    rules: { customSections: { allow: [{ name: "name" }, { namePrefix: ".debug_" }] } },
    shown: [custom("name", 0), custom(".debug_info", 1), [0, 8, AT, 4, 101, 118, 105, 108]],
    rule: "customSections.allow",
    section: "custom",
    tells: { customSection: "evil" },
  },
  {
    name: "a custom section that is refused",
    rules: { customSections: { refuse: [{ namePrefix: "ev" }] } },
    shown: [signatures, [0, 8, AT, 4, 101, 118, 105, 108]],
    rule: "customSections.refuse",
    section: "custom",
    tells: { customSection: "evil" },
  },
  {
    name: "a section that the decoder does not know",
    rules: {},
    shown: [signatures, AT, [0x3f, 2, 7, 7]],
    rule: "unknown",
    section: undefined,
  },
  {
    name: "an import of a kind that the decoder does not know",
    rules: { imports: { require: [{ module: "env", name: "exec" }] } },
    shown: [signatures, imports(log, [1, 109, 1, 102, AT, 0x39, 0])],
    rule: "unknown",
    section: "import",
  },
  {
    name: "a type that the decoder does not know",
    rules: {},
    shown: [section(1, 1, AT, 0x11, 0, 0)],
    rule: "unknown",
    section: "type",
  },
]

const check = (error: unknown, { rule, section, tells }: Case, at: number): void => {
  assert.ok(error instanceof PolicyError, `got ${error}`)
  assert.equal(error._tag, "PolicyError")
  assert.deepEqual([error.rule, error.section, error.offset], [rule, section, at])
  for (const [name, value] of Object.entries(tells ?? {})) {
    assert.deepEqual(Reflect.get(error, name), value, name)
  }
  assert.ok(error.message.length > 20)
}

for (const one of cases) {
  const { bytes, at } = build(...one.shown)
  const options = { policy: policy(one.rules) }

  test(`${one.name} is refused while the rest has not come`, async () => {
    for (const size of [1, 5, 1_000]) {
      const { cancelled, stream } = endless(...split(bytes, size))
      const refused = compileStreaming(response(stream), options).catch((error) => error)
      check(await settled(refused), one, at)
      await settled(cancelled)
    }
  })

  test(`${one.name} is refused before the engine gets the bytes that show it`, async () => {
    for (const size of [1, 5, 1_000]) {
      let received = 0
      const engine: Wasm.EngineService = {
        compile: ({ chunks }) =>
          Effect.andThen(
            chunks.forEach<never>((chunk) => {
              received += chunk.length
              return undefined
            }),
            Effect.die("All bytes came"),
          ),
      }
      const program = Wasm.compileStreaming(response(chunks(...split(bytes, size))), options)
      const error = await settled(
        Effect.runPromise(Effect.flip(Effect.provideService(program, Wasm.Engine, engine))),
      )
      check(error, one, at)
      assert.ok(received < bytes.length, `${received} of ${bytes.length}`)
    }
  })

  test(`${one.name} is refused without native streaming, and by inspect`, async () => {
    const whole = () => response(chunks(bytes))
    const compiled = withoutNative(() => settled(compileStreaming(whole(), options)))
    check(await compiled.catch((error) => error), one, at)
    check(await settled(inspect(whole(), options).catch((error) => error)), one, at)
  })
}

const allowed: ReadonlyArray<readonly [name: string, rules: PolicyRules]> = [
  ["no rules", {}],
  ["rules without lists", {
    imports: {},
    exports: {},
    memory: {},
    features: {},
    customSections: {},
  }],
  ["imports by module", { imports: { allow: [{ module: "env" }, { module: "wbg" }] } }],
  ["imports by the beginning of a module's name", {
    imports: { allow: [{ modulePrefix: "e" }, { modulePrefix: "wb" }] },
  }],
  [
    "imports by name, kind and type",
    {
      imports: {
        allow: [
          { module: "env", name: "log", kind: "function", type: logType },
          { module: "env", kind: "memory", type: "(memory 1 4)" },
          { module: "wbg", namePrefix: "__wbg_", kind: "function" },
        ],
      },
    },
  ],
  [
    "what is required is allowed",
    { imports: { allow: [{ module: "env" }], require: [{ module: "wbg" }, { name: "log" }] } },
  ],
  [
    "exports",
    {
      exports: {
        allow: [{ kind: "function" }, { namePrefix: "se" }],
        require: [{ name: "memory" }],
      },
    },
  ],
  ["ceilings that are reached", {
    memory: { initial: 1, maximum: 4 },
    table: { initial: 2, maximum: 5 },
  }],
  ["functions and size that are reached", { functions: 2, moduleSize: plugin.length }],
  ["features", { features: { allow: ["mutable-globals"], refuse: ["threads"] } }],
  ["custom sections", {
    customSections: { allow: [{ name: "made-by" }], refuse: [{ name: "name" }] },
  }],
  ["a start function", { start: true }],
]
for (const [name, rules] of allowed) {
  test(`a module fits ${name}`, async () => {
    for (const size of [1, 1_000]) {
      const source = response(chunks(...split(plugin, size)))
      const module = await settled(compileStreaming(source, { policy: policy(rules) }))
      assert.equal(WebAssembly.Module.exports(module).length, 3)
    }
  })
}

test("every form that takes options takes a policy", async () => {
  const options = { policy: policy({ start: false }) }
  const source = () => response(chunks(plugin))
  const forms: ReadonlyArray<() => Promise<unknown>> = [
    () => compileStreaming(source(), options),
    () => compileStreamingWithReport(source(), options),
    () => instantiateStreaming(source(), {}, options),
    () => inspect(source(), options),
    () => Effect.runPromise(Wasm.compileStreaming(source(), options)),
    () => Effect.runPromise(Wasm.compileStreamingWithReport(source(), options)),
    () => Effect.runPromise(Wasm.instantiateStreaming(source(), {}, options)),
    () => Effect.runPromise(Wasm.inspect(source(), options)),
    () => Effect.runPromise(Wasm.compileStream(Stream.make(plugin), options)),
  ]
  for (const form of forms) {
    const error: unknown = await settled(form().catch((error) => error))
    assert.ok(error instanceof PolicyError, `got ${error}`)
    assert.equal(error.rule, "start")
  }
})

test("of a module of megabytes, no more is read than up to the section that breaks a rule", async () => {
  const bytes = huge(100_000)
  const size = 16_384
  let read = 0
  const body = new ReadableStream({
    pull: (controller) => {
      controller.enqueue(bytes.slice(read, read + size))
      read += size
    },
  }, { highWaterMark: 0 })
  const error: unknown = await settled(
    compileStreaming(response(body), { policy: policy({ functions: 99_999 }) }).catch((error) =>
      error
    ),
  )
  assert.ok(error instanceof PolicyError, `got ${error}`)
  assert.equal(error.actual, 100_000)
  // The function section has a byte for each function.
  assert.ok(read < 100_000 + 3 * size && bytes.length > 3_000_000, `${read} of ${bytes.length}`)
})

test("a report is the same with a policy", async () => {
  const options = { policy: policy({ moduleSize: 1_000 }) }
  const { report } = await settled(compileStreamingWithReport(response(chunks(plugin)), options))
  assert.deepEqual(report, await settled(inspect(response(chunks(plugin)))))
})

test("a module that is not valid is no matter of the policy", async () => {
  const bytes = build(signatures, imports(log), signatures).bytes
  const options = { policy: policy({ imports: { allow: [{ module: "env" }] } }) }
  const error = await settled(
    Effect.runPromise(Effect.flip(Wasm.compileStreaming(response(chunks(bytes)), options))),
  )
  assert.equal(error._tag, "CompileError")
})

test("what is broken first is told, however the bytes are cut", async () => {
  // A refused import, then a section twice.
  const bytes = build(signatures, imports(exec), signatures).bytes
  const options = { policy: policy({ imports: { allow: [] } }) }
  for (const size of [1, 3, 1_000]) {
    const error: unknown = await settled(
      compileStreaming(response(chunks(...split(bytes, size))), options).catch((error) => error),
    )
    assert.ok(error instanceof PolicyError, `${size}: ${error}`)
  }
})

test("features without their instructions are looked at where validation is set so", async () => {
  const bytes = build(
    types(func([], [])),
    functions(0),
    code(body(0, i32(1), 0xc0, 0x1a, END)),
  ).bytes
  const options = { policy: policy({ features: { refuse: ["sign-extension"] } }) }
  const run = (more: object) =>
    settled(compileStreaming(response(chunks(bytes)), { ...options, ...more })).then(
      () => "compiled",
      (error) => error.rule,
    )
  assert.equal(await run({}), "features.refuse")
  assert.equal(await run({ validation: "full" }), "features.refuse")
  assert.equal(await run({ validation: "structure" }), "compiled")
})

test("a local of a vector type shows SIMD without validation", async () => {
  const bytes = build(
    types(func([], [])),
    functions(0),
    code(body(1, 1, V128, END)),
  ).bytes
  const options = {
    policy: policy({ features: { refuse: ["simd"] } }),
    validation: "structure",
  } as const
  const error: unknown = await settled(
    compileStreaming(response(chunks(bytes)), options).catch((error) => error),
  )
  assert.ok(error instanceof PolicyError, `got ${error}`)
  assert.equal(error.rule, "features.refuse")
})

// The option.

test("the option policy takes what policy() makes, and nothing else", async () => {
  for (const policy of [{ imports: {} }, 1, "none", () => undefined, []]) {
    const error: unknown = await settled(
      Reflect.apply(compileStreaming, undefined, [response(), { policy }]).catch(
        (error: unknown) => error,
      ),
    )
    assert.ok(error instanceof TypeError, `got ${error}`)
    assert.equal(Reflect.get(Object(error.cause), "reason"), "options")
  }
  for (const policy of [undefined, null]) {
    assert.ok(await settled(compileStreaming(response(), { policy })))
  }
})

test("names of strangers are escaped and cut in messages", async () => {
  const bytes =
    build(signatures, imports(imported("\u202e\n", "\u001b[31m".repeat(100), FUNC, 1))).bytes
  const error: unknown = await settled(
    compileStreaming(response(chunks(bytes)), { policy: policy({ imports: { allow: [] } }) }).catch(
      (error) => error,
    ),
  )
  assert.ok(error instanceof PolicyError)
  assert.equal(error.import?.module, "\u202e\n")
  assert.ok(error.message.length < 700, `${error.message.length}`)
  assert.doesNotMatch(error.message, /[\p{Cc}\u202e]/u)
})

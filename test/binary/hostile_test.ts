/**
 * Hostile modules: long names, function names in any order, types that are compared a million times. The work is bounded,
 * and the results are the same.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  type DecodeErrorCode,
  ModuleDecoder,
  ModuleReportBuilder,
  ModuleValidator,
  NameSection,
  type TypeSpace,
} from "../../src/binary/mod.ts"
import { IntList } from "../../src/binary/collections/int_list.ts"
import { Supertypes } from "../../src/binary/supertypes.ts"
import { referenceTo } from "../../src/binary/types.ts"
import { defaultStructs } from "../support/modules/hostile_modules.ts"
import {
  array,
  AT,
  body,
  build,
  code,
  END,
  exported,
  func,
  functions,
  globals,
  HEADER,
  I32,
  memories,
  name,
  type Part,
  rec,
  ref,
  refNull,
  section,
  struct,
  sub,
  types,
  u,
  V128,
} from "../support/module_builder.ts"
import { random, seed } from "../support/random.ts"
import { defers, judge } from "../support/verdicts.ts"

console.log(`hostile_test: seed ${seed}`)

// Names

const LONGEST = 100_000
const longName = (size: number): Part => [u(size), Array.from({ length: size }, () => 0x61)]

/** Modules with a name of some size, which is marked. */
const named: Readonly<Record<string, (marked: Part) => ReadonlyArray<Part>>> = {
  "custom section": (marked) => [section(0, marked)],
  "module imported from": (marked) => [section(2, 1, marked, 0, 2, 0, 1)],
  import: (marked) => [section(2, 1, 0, marked, 2, 0, 1)],
  export: (marked) => [memories([0, 1]), section(7, 1, marked, 2, 0)],
  "export of a function": (marked) => [
    types(func([], [])),
    functions(0),
    section(7, 1, marked, 0, 0),
    code(body(0, END)),
  ],
}
for (const [what, sections] of Object.entries(named)) {
  test(`ModuleDecoder accepts the name of ${LONGEST} bytes of a ${what}`, () => {
    const { bytes } = build(...sections(longName(LONGEST)))
    for (const limits of ["js-api", "core"] as const) {
      assert.equal(judge([bytes], { limits }).code, "ok")
    }
  })

  test(`ModuleDecoder does not hold a longer name of a ${what}: limit-name-size`, () => {
    const { at, bytes } = build(...sections([AT, longName(LONGEST + 1)]))
    const cuts = [[bytes], [bytes.subarray(0, at + 2), bytes.subarray(at + 2)]]
    for (const chunks of cuts) {
      const strict = judge(chunks)
      assert.deepEqual({ code: strict.code, offset: strict.offset }, {
        code: "limit-name-size",
        offset: at,
      })
      const deferring = judge(chunks, { unknown: "defer" })
      assert.deepEqual({ code: deferring.code, offset: deferring.offset }, {
        code: "unknown",
        offset: at,
      })
      assert.equal(judge(chunks, { limits: "core" }).code, "ok")
    }
  })
}

test("a name is refused before its bytes are there", () => {
  const head = Uint8Array.from([...HEADER, 0, ...u(700_000_000), ...u(600_000_000)])
  const decoder = new ModuleDecoder()
  assert.throws(() => decoder.push(head), { code: "limit-name-size", offset: 14 })
  const deferring = new ModuleDecoder({ unknown: "defer" })
  deferring.push(head)
  assert.deepEqual(deferring.unknown, { offset: 14, what: "long name" })
})

// The name section

const nameSection = (entries: ReadonlyArray<readonly [number, string]>): NameSection => {
  const payload = [1, 0, u(entries.length), entries.map(([index, text]) => [u(index), name(text)])]
  const functionsPart = build(...payload.slice(2)).bytes.subarray(HEADER.length)
  return new NameSection(Uint8Array.from([1, ...u(functionsPart.length), ...functionsPart]))
}

test("names of functions are found in whatever order they are; the first of several counts", () => {
  const next = random(seed)
  const indices = Array.from({ length: 300 }, () => next(2) === 0 ? next(400) : next(2 ** 32))
  const extremes = [0, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
  const entries = [...indices, ...extremes, ...indices].map(
    (index, at) => [index, `f${at}`] as const,
  )
  const first = new Map<number, string>()
  for (const [index, text] of entries) if (!first.has(index)) first.set(index, text)
  for (const order of [entries, [...entries].sort(([a], [b]) => a - b)]) {
    const section = nameSection(order)
    assert.equal(section.functionNameCount, entries.length)
    for (const [index, text] of first) assert.equal(section.functionName(index), text)
    const absent = [1, 401, 2 ** 31 + 1].filter((index) => !first.has(index))
    for (const index of absent) assert.equal(section.functionName(index), undefined)
  }
})

// A linear search for each of 150,000 names would not end in any test's time.
test("all names of a large section that is not in order are found", () => {
  const count = 150_000
  const section = nameSection(
    Array.from({ length: count }, (_, at) => [count - 1 - at, (count - 1 - at).toString(36)]),
  )
  for (let index = 0; index < count; index++) {
    assert.equal(section.functionName(index), index.toString(36))
  }
})

// Defaults

const FIELDS: ReadonlyArray<readonly [string, Part, boolean]> = [
  ["i32", I32, true],
  ["i8", 0x78, true],
  ["v128", V128, true],
  ["a reference", ref(0x6e), false],
  ["a reference to a type", ref(0), false],
  ["a reference that may be null", refNull(0x6e), true],
]
const ACCEPTED = "ok"
for (const [what, type, hasDefault] of FIELDS) {
  for (const mutability of [0, 1]) {
    const expected: DecodeErrorCode | "ok" = hasDefault ? ACCEPTED : "type-mismatch"
    const field: Part = [type, mutability]
    const plain: Part = [I32, 1]
    const composites: ReadonlyArray<readonly [Part, Part]> = [
      [struct(field), [0xfb, 1, 1]],
      [struct(field, plain), [0xfb, 1, 1]],
      [struct(plain, plain, field), [0xfb, 1, 1]],
      [array(field), [0x41, 1, 0xfb, 7, 1]],
    ]
    test(`a field of ${what} (${mutability}) in a default value: ${expected}`, () => {
      for (const [composite, instructions] of composites) {
        const before = types(struct(), composite, func([], []))
        const constant = build(before, globals([0x6e, 0, instructions, END])).bytes
        assert.equal(judge([constant]).code, expected, "in a constant expression")
        const inBody = [functions(2), code(body(0, instructions, 0x1a, END))]
        const { code: found } = judge([build(before, ...inBody).bytes], { validation: "full" })
        assert.equal(found, expected, "in a body")
      }
    })
  }
}

test("the defaults of a type are known after one look at its fields", () => {
  const decoder = new ModuleDecoder()
  decoder.push(defaultStructs(1_000))
  decoder.finish()
  const space = decoder.spaces.types
  const original = space.fieldType
  let looks = 0
  Object.defineProperty(space, "fieldType", {
    value: (id: number, index: number) => {
      looks++
      return original.call(space, id, index)
    },
  })
  assert.equal(space.lastWithoutDefault(0), -1)
  assert.equal(looks, 0)
})

// Subtyping

/** The supertype of each type, or -1, made at random: chains and bushes, up to the limit of 63. */
const forest = (count: number, depth: number): Array<number> => {
  const next = random(seed)
  const supertypes: Array<number> = []
  const depths: Array<number> = []
  for (let index = 0; index < count; index++) {
    const candidate = next(4) === 0 ? next(index + 1) - 1 : index - 1
    const supertype = candidate >= 0 && (depths[candidate] ?? 0) < depth ? candidate : -1
    supertypes.push(supertype)
    depths.push(supertype < 0 ? 0 : (depths[supertype] ?? 0) + 1)
  }
  return supertypes
}

const spaceOf = (supertypes: ReadonlyArray<number>): TypeSpace => {
  // In one group, as equal types in different groups would be the same type.
  const entries = supertypes.map((index) => sub(index < 0 ? [] : [u(index)], struct()))
  const decoder = new ModuleDecoder({ limits: "core" })
  decoder.push(build(types(rec(...entries))).bytes)
  decoder.finish()
  return decoder.spaces.types
}

for (const [count, depth] of [[200, 63], [120, Infinity]] as const) {
  test(`${count} types are subtypes of those above them, and of no others; depth ${depth}`, () => {
    const supertypes = forest(count, depth)
    const space = spaceOf(supertypes)
    supertypes.forEach((_, sub) => {
      const above = new Set<number>()
      for (let at = sub; at >= 0; at = supertypes[at] ?? -1) above.add(at)
      supertypes.forEach((_, sup) => {
        assert.equal(space.isIdSubtype(sub, sup), above.has(sup), `${sub} <: ${sup}`)
        const [from = 0, to = 0] = [sub, sup].map((index) =>
          referenceTo(space.heapTypeOfIndex(index), false)
        )
        assert.equal(space.isSubtype(from, to), above.has(sup))
      })
    })
  })
}

test("a subtype is found in few steps, however deep it is", () => {
  const count = 20_000
  const supertypes = new Supertypes()
  for (let id = 0; id < count; id++) supertypes.add(id - 1)
  const { at } = IntList.prototype
  let steps = 0
  IntList.prototype.at = function (index) {
    steps++
    return at.call(this, index)
  }
  try {
    assert.ok(supertypes.isAbove(0, count - 1))
    assert.ok(supertypes.isAbove(1, count - 1))
    assert.ok(supertypes.isAbove(count - 2, count - 1))
    assert.equal(supertypes.isAbove(count - 1, 0), false)
  } finally {
    IntList.prototype.at = at
  }
  assert.ok(steps < 400, `${steps} steps`)
})

// Reports

test("a report of many exports of one function holds its type once", () => {
  const parameters = Array.from({ length: 1_000 }, () => I32)
  const exports = Array.from({ length: 2_000 }, (_, index) => exported(`f${index}`, 0, 0))
  const builder = new ModuleReportBuilder()
  const decoder = new ModuleValidator({ sink: builder })
  decoder.push(
    build(
      types(func(parameters, [])),
      functions(0),
      section(7, u(exports.length), exports),
      code(body(0, END)),
    ).bytes,
  )
  decoder.finish()
  const space = decoder.spaces.types
  let looks = 0
  const original = space.textOf
  Object.defineProperty(space, "textOf", {
    value: (type: number) => {
      looks++
      return original.call(space, type)
    },
  })
  const report = builder.build(decoder)
  assert.equal(report.exports.length, exports.length)
  assert.equal(report.exports[1_999]?.type, `(func (param${" i32".repeat(1_000)}))`)
  assert.ok(looks <= 1_000, `${looks} types were written`)
})

defers("limit-name-size", "an import name of 200000 bytes that has not come", [
  [2, u(300_000), 1, AT, u(200_000)],
])

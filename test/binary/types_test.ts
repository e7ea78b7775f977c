// Type section: forms, value types, recursion groups, subtypes, equivalence.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ModuleDecoder } from "../../src/binary/mod.ts"
import {
  array,
  AT,
  build,
  code,
  emptyBody,
  EXTERNREF,
  F32,
  F64,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  I64,
  imported,
  imports,
  type Part,
  rec,
  ref,
  refNull,
  struct,
  sub,
  subFinal,
  types,
  V128,
  vec,
} from "../support/module_builder.ts"
import { accepts, defers, rejects } from "../support/verdicts.ts"

const EMPTY = func([], [])
const IMMUTABLE = 0
const MUTABLE = 1

// Forms and value types
accepts("function types", [types(func([I32, I64, F32, F64, V128], [FUNCREF, EXTERNREF]))])
accepts("abstract heap types", [
  types(func([0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74], [])),
])
accepts("references", [types(EMPTY, func([ref(0), refNull(0), ref(0x70), refNull(0x6e)], []))])
accepts("a type index of three bytes", [types(EMPTY, func([ref([0x80, 0x80, 0x00])], []))])
accepts("structs and arrays", [
  types(
    struct(),
    struct([I32, IMMUTABLE], [0x78, MUTABLE], [0x77, MUTABLE]),
    array([F64, MUTABLE]),
  ),
])
defers("malformed-type-form", "type form 0x40", [types([AT, 0x40, 0, 0])])
defers("malformed-type-form", "continuation types", [types(EMPTY, [AT, 0x5d, 0])])
defers("malformed-type-form", "shared types", [types([AT, 0x65, EMPTY])])
defers("malformed-type-form", "a form after sub", [types([0x50, 0, AT, 0x61])])
defers("malformed-value-type", "a value type of 0x40", [types(func([AT, 0x40], []))])
defers("malformed-value-type", "packed types as parameters", [types(func([AT, 0x78], []))])
defers("malformed-value-type", "an unknown value type in a field", [types(struct([AT, 0x68, 0]))])
defers("malformed-heap-type", "an unknown heap type", [types(func([ref([AT, 0x65])], []))])
defers("malformed-heap-type", "exact references", [types(EMPTY, func([ref([AT, 0x62, 0])], []))])
defers("malformed-mutability", "a field's mutability of 2", [types(struct([I32, AT, 2]))])
defers("malformed-heap-type", "an abstract heap type of two bytes", [
  types(func([ref([AT, 0xf0, 0x7f])], [])),
])
rejects("leb128-too-large", "a heap type beyond 33 bits", [
  types(func([ref([[0x80, 0x80, 0x80, 0x80], AT, 0x20])], [])),
])
rejects("unknown-type", "a type index that does not exist", [types(func([ref([AT, 1])], []))])
rejects("unknown-type", "a type after the group", [types(func([ref([AT, 1])], []), EMPTY)])
rejects("length-out-of-bounds", "parameters beyond the section", [[1, 4, 1, 0x60, AT, 2], I32])

// Recursion groups
accepts("a type that refers to itself", [types(func([refNull(0)], [ref(0)]))])
accepts("a group of mutual references", [types(rec(func([ref(1)], []), struct([ref(0), 0])))])
accepts("an empty group", [types(rec(), EMPTY)])
rejects("unknown-type", "a reference beyond the group", [
  types(rec(func([ref([AT, 2])], []), EMPTY)),
])
rejects("length-out-of-bounds", "a group larger than the section", [[1, 4, 1, 0x4e, AT, 9, 0x60]])
defers("malformed-type-form", "a group in a group", [types([0x4e, 1, AT, 0x4e, 0])])

// Subtypes
accepts("a sub type", [types(sub([], struct([I32, 0])), sub([0], struct([I32, 0], [I64, 0])))])
accepts("a final sub type", [types(sub([], EMPTY), subFinal([0], EMPTY))])
accepts("sub types in a group", [types(rec(sub([], EMPTY), sub([0], EMPTY), sub([1], EMPTY)))])
accepts("covariant fields", [
  types(sub([], struct([0x6e, 0])), sub([0], struct([ref(0), 0]))),
])
accepts("contravariant parameters and covariant results", [
  types(sub([], func([ref(0x6b)], [0x6e])), sub([0], func([0x6d], [ref(0x6c)]))),
])
accepts("a field of a later type of the group, matched by its super type", [
  types(
    rec(
      sub([], struct([refNull(2), 0])),
      sub([0], struct([refNull(3), 0])),
      sub([], struct()),
      sub([2], struct()),
    ),
  ),
])
rejects("invalid-supertype", "a final super type", [types(EMPTY, sub([AT, 0], EMPTY))])
rejects("invalid-supertype", "an explicitly final super type", [
  types(subFinal([], EMPTY), sub([AT, 0], EMPTY)),
])
defers("invalid-supertype", "two super types", [types(sub([], EMPTY), [0x50, AT, 2, 0, 0], EMPTY)])
rejects("unknown-type", "a super type that comes later", [
  types(rec(sub([AT, 1], EMPTY), sub([], EMPTY))),
])
rejects("unknown-type", "a type that is its own super type", [types(sub([AT, 0], EMPTY))])
rejects("invalid-supertype", "a super type of another kind", [
  types(sub([], struct()), AT, sub([0], EMPTY)),
])
rejects("invalid-supertype", "fewer fields than the super type", [
  types(sub([], struct([I32, 0])), AT, sub([0], struct())),
])
rejects("invalid-supertype", "another mutability", [
  types(sub([], struct([I32, 0])), AT, sub([0], struct([I32, 1]))),
])
rejects("invalid-supertype", "a covariant mutable field", [
  types(sub([], struct([0x6e, 1])), AT, sub([0], struct([0x6d, 1]))),
])
rejects("invalid-supertype", "another packed type", [
  types(sub([], array([0x78, 0])), AT, sub([0], array([0x77, 0]))),
])
rejects("invalid-supertype", "covariant parameters", [
  types(sub([], func([0x6e], [])), AT, sub([0], func([0x6d], []))),
])
rejects("invalid-supertype", "contravariant results", [
  types(sub([], func([], [0x6d])), AT, sub([0], func([], [0x6e]))),
])
rejects("invalid-supertype", "another number of results", [
  types(sub([], func([], [])), AT, sub([0], func([], [I32]))),
])
rejects("invalid-supertype", "a mismatch inside a group", [
  types([0x4e, 3], sub([], struct([I32, 0])), AT, sub([0], struct()), EMPTY),
])
rejects("invalid-supertype", "references of the wrong direction", [
  types(
    sub([], struct()),
    sub([0], struct([I32, 0])),
    sub([], array([ref(1), 0])),
    AT,
    sub([2], array([ref(0), 0])),
  ),
])

// Equivalence, observed through globals: a function of type 0 initialises a reference to type 1.
const isEquivalent = (
  title: string,
  isSame: boolean,
  first: Part,
  second: Part,
  at: number,
): void => {
  const sections = [
    types(first, second),
    functions(0),
    globals([ref(at), 0, 0xd2, 0, ...(isSame ? [] : [AT]), 0x0b]),
    code(emptyBody),
  ]
  if (isSame) accepts(title, sections)
  else rejects("type-mismatch", title, sections)
}
isEquivalent("equal types", true, func([], []), func([], []), 1)
isEquivalent("types that differ in a result", false, func([], []), func([], [I32]), 1)
isEquivalent("types that differ in finality", false, func([], []), sub([], func([], [])), 1)
isEquivalent("types that refer to themselves", true, func([], [ref(0)]), func([], [ref(1)]), 1)
isEquivalent(
  "a reference to oneself and to another",
  false,
  func([], [ref(0)]),
  func([], [ref(0)]),
  1,
)
isEquivalent(
  "equal groups, first members",
  true,
  rec(func([], [ref(1)]), struct([ref(0), 0])),
  rec(func([], [ref(3)]), struct([ref(2), 0])),
  2,
)
isEquivalent(
  "groups of different sizes",
  false,
  rec(func([], []), struct()),
  rec(func([], []), struct(), struct()),
  2,
)
isEquivalent("equal types in one group", false, rec(func([], []), func([], [])), func([], []), 1)
isEquivalent(
  "different places of groups",
  false,
  rec(func([], []), struct()),
  rec(struct(), func([], [])),
  3,
)

test("TypeSpace gives equal types one id and keeps their structure", () => {
  const decoder = new ModuleDecoder()
  const { bytes } = build(types(
    func([I32, I64], [F32]),
    rec(sub([], struct([0x78, 1], [refNull(2), 0])), array([I64, 1])),
    func([I32, I64], [F32]),
    sub([1], struct([0x78, 1], [refNull(2), 0], [V128, 0])),
  ))
  decoder.push(bytes)
  decoder.finish()
  const space = decoder.spaces.types
  assert.equal(space.count, 5)
  assert.equal(space.idsCount, 4)
  assert.equal(space.idOf(0), space.idOf(3))
  assert.equal(space.typeIndexOf(space.idOf(3)), 0)
  const id = space.idOf(3)
  assert.deepEqual([space.isFunction(id), space.isFinal(id)], [true, true])
  assert.deepEqual([space.parameterCount(id), space.parameterType(id, 1)], [2, I64])
  assert.deepEqual([space.resultCount(id), space.resultType(id, 0)], [1, F32])
  const structId = space.idOf(1)
  assert.deepEqual([space.fieldCount(structId), space.isFinal(structId)], [2, false])
  assert.deepEqual([space.fieldType(structId, 0), space.isFieldMutable(structId, 0)], [0x78, true])
  assert.equal(space.textOf(space.fieldType(structId, 1)), "(ref null 2)")
  const subId = space.idOf(4)
  assert.deepEqual([space.supertype(subId), space.depth(subId)], [structId, 1])
  assert.ok(space.isIdSubtype(subId, structId) && !space.isIdSubtype(structId, subId))
})

test("TypeSpace orders heap types as the specification does", () => {
  const decoder = new ModuleDecoder()
  decoder.push(build(types(func([], []), struct(), array([I32, 0]))).bytes)
  const space = decoder.spaces.types
  const names = ["any", "eq", "i31", "struct", "array", "none", "func", "nofunc", "extern"]
  const bytes = [0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x71, 0x70, 0x73, 0x6f]
  const heaps = [...bytes, 0x72, 0x69, 0x74, ...[0, 1, 2].map((i) => space.heapTypeOfIndex(i))]
  names.push("noextern", "exn", "noexn", "$f", "$s", "$a")
  const above = new Map([
    ["any", "any"],
    ["eq", "eq any"],
    ["i31", "i31 eq any"],
    ["struct", "struct eq any"],
    ["array", "array eq any"],
    ["none", "none any eq i31 struct array $s $a"],
    ["func", "func"],
    ["nofunc", "nofunc func $f"],
    ["extern", "extern"],
    ["noextern", "noextern extern"],
    ["exn", "exn"],
    ["noexn", "noexn exn"],
    ["$f", "$f func"],
    ["$s", "$s struct eq any"],
    ["$a", "$a array eq any"],
  ])
  heaps.forEach((heap, i) => {
    const expected = above.get(names[i] ?? "")?.split(" ") ?? []
    const found = names.filter((_, j) => space.isHeapSubtype(heap, heaps[j] ?? 0))
    assert.deepEqual(found.sort(), expected.sort(), names[i] ?? "")
  })
})

accepts("three hundred equal types", [types(...Array.from({ length: 300 }, () => func([I32], [])))])
accepts("an import of every equal type", [
  types(func([I32], []), func([I32], [])),
  imports(imported("a", "b", 0, 0), imported("a", "b", 0, 1)),
])
accepts("a vector of groups", [[1, 5, vec(rec(), rec())]])

/**
 * Names and types whose hashes were made to collide: the decoder's tables still take linear time, and are still correct.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { KeyedHash } from "../../src/binary/collections/keyed_hash.ts"
import { ModuleDecoder } from "../../src/binary/mod.ts"
import { NameSet } from "../../src/binary/collections/name_set.ts"
import { IndexStack } from "../../src/binary/validation/index_stack.ts"
import {
  collidingNames,
  collidingParameters,
  exportingNames,
  quickStep,
} from "../support/modules/hostile_modules.ts"
import { build, func, refNull, section, types, u } from "../support/module_builder.ts"
import { random, seed } from "../support/random.ts"
import { judge } from "../support/verdicts.ts"

console.log(`hash_flooding_test: seed ${seed}`)

const encoder = new TextEncoder()

/** Adds a name; whether it was new. */
const add = (names: NameSet, name: string): boolean => {
  const bytes = encoder.encode(name)
  names.stage(new DataView(bytes.buffer), 0, bytes.length)
  return names.addStaged()
}

/** The most steps: four probes per name, and one for each of its words. */
const most = (count: number, words: number): number => 2_048 + count * (4 + words)

test("names that collide are found out, and cost no more than others", () => {
  const colliding = collidingNames(20_000)
  assert.equal(new Set(colliding).size, colliding.length)
  const names = new NameSet()
  for (const name of colliding) assert.ok(add(names, name))
  assert.ok(names.isKeyed, "the attack hits the hash as it is")
  assert.ok(names.probes < most(colliding.length, 2), `${names.probes} probes`)
  for (const name of colliding) assert.equal(add(names, name), false)
})

for (const before of [10, 63, 64, 65, 5_000]) {
  test(`names that collide after ${before} that do not are found out too`, () => {
    const names = new NameSet()
    for (let i = 0; i < before; i++) assert.ok(add(names, `function_${i}`))
    const colliding = collidingNames(3_000)
    for (const name of colliding) assert.ok(add(names, name))
    assert.ok(names.isKeyed)
    assert.ok(names.probes < most(before + colliding.length, 4), `${names.probes} probes`)
    for (let i = 0; i < before; i++) assert.equal(add(names, `function_${i}`), false)
    for (const name of colliding) assert.equal(add(names, name), false)
  })
}

const honest: ReadonlyArray<readonly [string, (index: number) => string]> = [
  ["numbered", (index) => `f${index}`],
  ["long with a common beginning", (index) => `_ZN4core3fmt9Formatter${"x".repeat(60)}${index}`],
  ["short", (index) => index.toString(36)],
  ["of two bytes a character", (index) => `имя${index}`],
]
for (const [title, nameOf] of honest) {
  test(`names that are ${title} are hashed quickly`, () => {
    const names = new NameSet()
    for (let i = 0; i < 100_000; i++) assert.ok(add(names, nameOf(i)))
    assert.equal(names.isKeyed, false)
  })
}

test("a module whose export names collide is accepted, and a duplicate among them found", () => {
  const names = collidingNames(5_000)
  assert.equal(judge([exportingNames(names)]).code, "ok")
  const [first = ""] = names
  assert.equal(judge([exportingNames([...names, first])]).code, "duplicate-export-name")
})

test("types that collide are found out, cost no more than others, and keep their identity", () => {
  const all = collidingParameters(1_200)
  const hashes = all.map((parameters) =>
    [4, 0, parameters.length, 0, ...parameters].reduce(quickStep, 1) & 0xf_ffff
  )
  assert.equal(new Set(hashes).size, 1, "they do collide")
  const entries = all.map((parameters) => func(parameters, []))
  // Twice the same, and a reference to the last one.
  const { bytes } = build(section(
    1,
    u(2 * entries.length + 1),
    entries,
    entries,
    func([refNull(u(2 * entries.length - 1))], []),
  ))
  const decoder = new ModuleDecoder()
  decoder.push(bytes)
  decoder.finish()
  const { types: space } = decoder.spaces
  assert.ok(space.isKeyed, "the attack hits the hash as it is")
  assert.ok(space.probes < most(2 * all.length, 24), `${space.probes} probes`)
  assert.equal(space.idsCount, all.length + 1)
  all.forEach((parameters, index) => {
    const id = space.idOf(index)
    assert.equal(space.idOf(all.length + index), id)
    const found = parameters.map((_, at) => space.parameterType(id, at))
    assert.deepEqual(found, parameters)
  })
})

test("types as compilers make them are hashed quickly", () => {
  const entries = Array.from(
    { length: 4_096 },
    (_, index) => func([0, 2, 4, 6, 8, 10].map((shift) => 0x7c + ((index >>> shift) & 3)), [0x7f]),
  )
  const decoder = new ModuleDecoder()
  decoder.push(build(types(...entries, ...entries)).bytes)
  decoder.finish()
  assert.equal(decoder.spaces.types.idsCount, entries.length)
  assert.equal(decoder.spaces.types.isKeyed, false)
})

test("a stack of indices holds what was pushed and not popped", () => {
  const next = random(seed)
  const stack = new IndexStack()
  const model: Array<number> = []
  for (let round = 0; round < 20_000; round++) {
    const index = next(4) === 0 ? next(2 ** 32) : next(300)
    assert.equal(stack.has(index), model.includes(index))
    if (next(5) < 2) {
      stack.pop()
      model.pop()
    } else if (!model.includes(index)) {
      stack.push(index)
      model.push(index)
    }
  }
  stack.clear()
  assert.deepEqual(model.filter((index) => stack.has(index)), [])
})

const hashOf = (hash: KeyedHash, words: ReadonlyArray<number>): number => {
  hash.start()
  for (const word of words) hash.add(word)
  return hash.end(words.length)
}

test("what collides under the quick hash does not under a key", () => {
  const hash = new KeyedHash()
  const words = Array.from(collidingNames(5_000), (name) => {
    const view = new DataView(encoder.encode(name).buffer)
    return [view.getInt32(0, true), view.getInt32(4, true)]
  })
  assert.equal(new Set(words.map((two) => two.reduce(quickStep, 8))).size, 1)
  assert.ok(new Set(words.map((two) => hashOf(hash, two))).size > 4_990)
})

// A multiplication by an odd number keeps a difference in the top bit, whatever the number: the next word can cancel it.
test("no known difference of two words makes them collide under more keys than chance", () => {
  const next = random(seed)
  const word = () => next(2 ** 32) | 0
  const differences = [0x8000_0000, 0x8001_0000, 0x4000_0000, 0x0000_0001, 0x0001_0001]
  let same = 0
  for (let round = 0; round < 20_000; round++) {
    const hash = new KeyedHash(word())
    const words = [word(), word(), word()]
    const [first = 0, second = 0, third = 0] = words
    const a = differences[next(differences.length)] ?? 0
    const b = differences[next(differences.length)] ?? 0
    if (hashOf(hash, words) === hashOf(hash, [first ^ a, second ^ b, third])) same++
  }
  assert.ok(same <= 1, `${same} collisions`)
})

test("the key of the process is used where none is named, and keys matter", () => {
  const words = [1, 2, 3]
  assert.equal(hashOf(new KeyedHash(), words), hashOf(new KeyedHash(), words))
  const others = [0, 1, 2, 3].map((key) => hashOf(new KeyedHash(key), words))
  assert.equal(new Set(others).size, others.length)
})

test("the hash is exact, also where words and point are at their edges", () => {
  const next = random(seed)
  const edges = [0, 1, 14, 15, 16, 0x7fff_ffff, 0x8000_0000, 2 ** 32 - 16, 2 ** 32 - 1]
  const word = () => next(3) === 0 ? edges[next(edges.length)] ?? 0 : next(2 ** 32)
  for (let round = 0; round < 5_000; round++) {
    const point = word()
    const words = Array.from({ length: 1 + next(12) }, word)
    const value = [...words, words.length].reduce(
      (sum, each) => (sum * BigInt(point) + BigInt(each)) % (2n ** 32n + 15n),
      1n,
    )
    const bits = Number(BigInt.asIntN(32, value))
    const mixed = Math.imul(bits ^ (bits >>> 16), 0x45d9_f3b3)
    assert.equal(hashOf(new KeyedHash(point), words), mixed ^ (mixed >>> 15))
  }
})

/**
 * Validation in turns: a body may be suspended after any instruction, and within a long one, without a change of the result.
 * Modules that are more work than their size suggests take many turns.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { DecodeError, ModuleDecoder, type ModuleDecoderOptions } from "../../src/binary/mod.ts"
import { validateBodies } from "../../src/binary/validation/mod.ts"
import { generateModule, moduleBytes } from "../support/generator/generator.ts"
import { exceptionPrograms } from "../support/modules/exception_modules.ts"
import { gcPrograms } from "../support/modules/gc_modules.ts"
import { Dice } from "../support/generator/dice.ts"
import { FEATURES } from "../support/generator/features.ts"
import { mutateBodies } from "../support/generator/mutations.ts"
import { heavyModules } from "../support/modules/hostile_modules.ts"
import { cut, random, seed } from "../support/random.ts"
import { missing, readVectors } from "../support/spec_vectors.ts"
import { bytewise, judge, RecordingSink } from "../support/verdicts.ts"

console.log(`put_off_test: seed ${seed}`)

const nothing = new Uint8Array(0)

/** When a turn ends, and what happens then. */
interface Turns {
  readonly isOver: () => boolean
  /** The amount of work between two calls of `isOver`. */
  readonly workAtOnce?: number
  /** Whether suspended work is completed before the next chunk, or together with it. */
  readonly isDrained: boolean
}

const always: Turns = { isOver: () => true, workAtOnce: 1, isDrained: true }

/** The result for a module in turns, in the form of `judge`, and how often it was suspended. */
const judgeInTurns = (
  chunks: ReadonlyArray<Uint8Array>,
  options: ModuleDecoderOptions,
  turns: Turns,
  wantsBodies = false,
) => {
  const sink = new RecordingSink(wantsBodies)
  const decoder = new ModuleDecoder(
    { ...options, sink },
    (c) => validateBodies(c, turns.isOver, turns.workAtOnce),
  )
  let putOff = 0
  const verdict = { section: undefined, functionIndex: undefined }
  try {
    for (const chunk of chunks) {
      decoder.push(chunk)
      if (decoder.isPutOff) putOff++
      while (turns.isDrained && decoder.isPutOff) {
        decoder.push(nothing)
        putOff++
      }
    }
    decoder.finish()
    assert.equal(decoder.isPutOff, false)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const { code, functionIndex, message, offset, section } = error
    const events = sink.events.join("\n")
    return { putOff, message, verdict: { code, offset, section, functionIndex, events } }
  }
  const events = sink.events.join("\n")
  return { putOff, message: "", verdict: { ...verdict, code: "ok", offset: decoder.size, events } }
}

/** The message of the error without suspending. */
const messageOf = (bytes: Uint8Array, options: ModuleDecoderOptions): string =>
  judgeInTurns([bytes], options, { isOver: () => false, isDrained: true }).message

/** Asserts that turns change nothing; returns how often it was suspended if every instruction allows it. */
const agrees = (bytes: Uint8Array, limits: "core" | "js-api", next: (below: number) => number) => {
  const options = { limits }
  const whole = judge([bytes], { limits, validation: "full" })
  const always1 = judgeInTurns([bytes], options, always)
  assert.deepEqual(always1.verdict, whole, "after every instruction")
  assert.equal(always1.message, messageOf(bytes, options), "the message")
  const sometimes = { isOver: () => next(3) === 0, workAtOnce: 1 + next(20) }
  for (const isDrained of [true, false]) {
    const turns = { ...sometimes, isDrained }
    const chunks = judgeInTurns(cut(bytes, next), options, turns)
    assert.deepEqual(chunks.verdict, whole, `in chunks, drained: ${isDrained}`)
  }
  const undrained = judgeInTurns([bytes], options, { ...always, isDrained: false })
  assert.deepEqual(undrained.verdict, whole, "finish does what is left")
  return always1.putOff
}

test("vectors are judged the same in turns", { skip: missing !== false }, () => {
  const next = random(seed)
  let putOff = 0
  for (const { bytes } of readVectors()) putOff += agrees(bytes, "core", next)
  assert.ok(putOff > 10_000, `${putOff} turns`)
})

for (const { bytes, name } of [...gcPrograms, ...exceptionPrograms]) {
  test(`a program is judged the same in turns: ${name}`, () => {
    assert.ok(agrees(bytes, "js-api", random(seed)) > 10)
    const options = { limits: "js-api" } as const
    const withBodies = judge([bytes], { ...options, validation: "full" }, true)
    assert.deepEqual(judgeInTurns([bytes], options, always, true).verdict, withBodies)
    assert.deepEqual(judgeInTurns(bytewise(bytes), options, always, true).verdict, withBodies)
  })
}

test("generated modules and changes of them are judged the same in turns", () => {
  const next = random(seed)
  for (let round = 0; round < 60; round++) {
    const module = generateModule({ seed: seed + round, features: new Set(FEATURES), size: 60 })
    agrees(moduleBytes(module), "js-api", next)
    const dice = new Dice(seed + round)
    for (let i = 0; i < 6; i++) agrees(moduleBytes(mutateBodies(dice, module)), "js-api", next)
  }
})

/** The modules that are no more work than their size suggests, as it should be. */
const light = new Set(["a long body", "structs of 10,000 fields in unreachable code"])

test("the work between two questions is bounded: heavy modules take as many turns as they are work", () => {
  const putOff = Object.entries(heavyModules).map(([title, make]) => {
    const [small, large] = [6_000, 24_000].map((size) => {
      const turns = { isOver: () => true, isDrained: true }
      const { putOff, verdict } = judgeInTurns([make(size)], {}, turns)
      assert.equal(verdict.code, "ok", `${title}: ${verdict.code} at ${verdict.offset}`)
      return putOff
    })
    return { title, small, large }
  })
  for (const { large = 0, small = 0, title } of putOff) {
    assert.ok(large >= 2, `${title}: ${large}`)
    if (light.has(title)) continue
    assert.ok(small >= 20 && large >= 3 * small, `${title}: ${small}, then ${large}`)
  }
})

/**
 * The Stream of chunks for custom engines: in order, at most one ahead of the reader, with the body's failure, and closed
 * with the reader.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Chunks } from "../../src/pipeline/chunks.ts"
import { settle } from "../../src/pipeline/chunks.ts"
import { toStream } from "../../src/pipeline/streams.ts"

interface Made {
  readonly chunks: Chunks<"cut">
  /** What happened to the source. */
  readonly notes: Array<string>
}

/** Chunks of one byte each, then an end. */
const chunksOf = (count: number, end: Effect.Effect<void, "cut">): Made => {
  const notes: Array<string> = []
  const note = (what: string) => Effect.sync(() => void notes.push(what))
  const chunks: Chunks<"cut"> = {
    forEach: (take) =>
      Effect.gen(function* () {
        for (let i = 0; i < count; i++) {
          notes.push(`gives ${i}`)
          yield* settle(take(Uint8Array.of(i)))
        }
        yield* end
      }).pipe(
        Effect.onExit((exit) => note(Exit.isSuccess(exit) ? "ended" : "stopped")),
      ),
  }
  return { chunks, notes }
}

const later = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 1)))

for (const count of [0, 1, 2, 3, 50]) {
  for (const slow of [false, true]) {
    test(`${count} chunks arrive in order, for a ${slow ? "slow" : "quick"} reader`, async () => {
      const { chunks, notes } = chunksOf(count, slow ? Effect.void : later)
      const received: Array<number> = []
      await Effect.runPromise(
        Stream.runForEach(toStream(chunks), ([byte]) =>
          Effect.gen(function* () {
            assert.ok(byte !== undefined)
            received.push(byte)
            if (slow) yield* later
            // At most one chunk may wait to be taken.
            assert.ok(notes.filter((what) => what !== "ended").length <= received.length + 1)
          })),
      )
      assert.deepEqual(received, Array.from({ length: count }, (_, i) => i))
      assert.equal(notes.at(-1), "ended")
    })
  }
}

for (const count of [0, 1, 2, 3]) {
  test(`a failure after ${count} chunks is the stream's, after the chunks`, async () => {
    const { chunks } = chunksOf(count, Effect.fail("cut"))
    const received: Array<number> = []
    const error = await Effect.runPromise(
      Stream.runForEach(
        toStream(chunks),
        ([byte = -1]) => Effect.andThen(later, Effect.sync(() => void received.push(byte))),
      ).pipe(Effect.flip),
    )
    assert.equal(error, "cut")
    assert.equal(received.length, count)
  })
}

test("a reader that takes no more closes the source", async () => {
  const { chunks, notes } = chunksOf(50, Effect.void)
  await Effect.runPromise(Stream.runDrain(Stream.take(toStream(chunks), 2)))
  assert.equal(notes.at(-1), "stopped")
  assert.ok(notes.length <= 4)
})

test("a reader that is interrupted while it waits closes the source", async () => {
  const { chunks, notes } = chunksOf(1, Effect.never)
  const program = Stream.runDrain(toStream(chunks)).pipe(Effect.timeoutOption("10 millis"))
  assert.ok(Option.isNone(await Effect.runPromise(program)))
  assert.deepEqual(notes, ["gives 0", "stopped"])
})

test("a pull that was given up takes no chunk", async () => {
  const { chunks } = chunksOf(2, Effect.void)
  const late: Chunks<"cut"> = {
    forEach: (take) =>
      Effect.andThen(
        Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 30))),
        chunks.forEach(take),
      ),
  }
  const received = await Effect.runPromise(Effect.scoped(Effect.gen(function* () {
    const pull = yield* Stream.toPull(toStream(late))
    assert.ok(Option.isNone(yield* Effect.timeoutOption(pull, "1 millis")))
    return [yield* pull, yield* pull].flat().map(([byte]) => byte)
  })))
  assert.deepEqual(received, [0, 1])
})

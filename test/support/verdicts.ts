/**
 * Runs the decoder over the same bytes, split in every way, and checks its invariant: the same code,
 * offset, section, function and events, however they are split.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  DecodeError,
  type DecodeErrorCode,
  type DecoderSink,
  ModuleDecoder,
  type ModuleDecoderOptions,
  ModuleValidator,
} from "../../src/binary/mod.ts"
import { build, type Built, type Part } from "./module_builder.ts"

/** The result of decoding. */
export interface Verdict {
  readonly code: DecodeErrorCode | "ok" | "unknown"
  readonly offset: number
  readonly section: string | undefined
  readonly functionIndex: number | undefined
  /** Every call of the sink. */
  readonly events: string
}

/** The largest modules of which every split point is tried, in bytes. */
const SPLIT_SIZE = 600

/** A sink that records all calls, with absolute offsets. */
export class RecordingSink implements DecoderSink {
  readonly wantsBodies: boolean
  readonly events: Array<string> = []

  constructor(wantsBodies: boolean) {
    this.wantsBodies = wantsBodies
  }

  section(id: number, start: number, end: number): void {
    this.events.push(`section ${id} ${start} ${end}`)
  }
  customSection(bytes: Uint8Array, start: number, end: number, at: number, until: number): number {
    this.events.push(`custom ${bytes.slice(start, end)} ${at} ${until}`)
    return 1000
  }
  customPayload(bytes: Uint8Array, start: number, end: number): void {
    this.events.push(`payload ${bytes.slice(start, end)}`)
  }
  import(kind: number, bytes: Uint8Array, m: number, mEnd: number, n: number, nEnd: number): void {
    this.events.push(`import ${kind} ${bytes.slice(m, mEnd)} ${bytes.slice(n, nEnd)}`)
  }
  export(kind: number, index: number, bytes: Uint8Array, start: number, end: number): void {
    this.events.push(`export ${kind} ${index} ${bytes.slice(start, end)}`)
  }
  start(index: number): void {
    this.events.push(`start ${index}`)
  }
  elementSegment(index: number, mode: number, table: number, count: number): void {
    this.events.push(`elements ${index} ${mode} ${table} ${count}`)
  }
  dataSegment(index: number, memory: number, start: number, end: number): void {
    this.events.push(`data ${index} ${memory} ${start} ${end}`)
  }
  codeStart(count: number): void {
    this.events.push(`code ${count}`)
  }
  functionBody(index: number, start: number, end: number): void {
    this.events.push(`function ${index} ${start} ${end}`)
  }
  body(index: number, bytes: Uint8Array, start: number, end: number, offset: number): void {
    this.events.push(`body ${index} ${bytes.slice(start, end)} ${offset}`)
  }
  end(size: number): void {
    this.events.push(`end ${size}`)
  }
}

/** The options of decoding. */
export interface JudgeOptions extends ModuleDecoderOptions {
  /** What is checked. Defaults to the structure. */
  readonly validation?: "structure" | "full"
}

/** Decodes chunks and returns the result. */
export const judge = (
  chunks: ReadonlyArray<Uint8Array>,
  options: JudgeOptions = {},
  wantsBodies = false,
): Verdict => {
  const sink = new RecordingSink(wantsBodies)
  const { validation, ...how } = options
  const Decoder = validation === "full" ? ModuleValidator : ModuleDecoder
  const decoder = new Decoder({ ...how, sink })
  try {
    for (const chunk of chunks) decoder.push(chunk)
    decoder.finish()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    assert.throws(() => decoder.finish(), (again) => again === error, "the same error again")
    assert.throws(() => decoder.push(new Uint8Array(1)), (again) => again === error)
    assert.ok(error.message.includes(` at 0x${error.offset.toString(16)}`), error.message)
    const { code, functionIndex, offset, section } = error
    return { code, offset, section, functionIndex, events: sink.events.join("\n") }
  }
  const { unknown } = decoder
  return {
    code: unknown === undefined ? "ok" : "unknown",
    offset: unknown === undefined ? decoder.size : unknown.offset,
    section: undefined,
    functionIndex: undefined,
    events: sink.events.join("\n"),
  }
}

/** One chunk per byte, optionally with empty chunks between them. */
export const bytewise = (bytes: Uint8Array, hasEmpty = false): Array<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length; at++) {
    if (hasEmpty) chunks.push(new Uint8Array(0))
    chunks.push(bytes.slice(at, at + 1))
  }
  return chunks
}

/** Decodes bytes whole and in every split; asserts that all results agree. */
export const judgeEverySplit = (bytes: Uint8Array, options: JudgeOptions = {}): Verdict => {
  const whole = judge([bytes], options)
  assert.deepEqual(judge(bytewise(bytes), options), whole, "byte by byte")
  const empty = new Uint8Array(0)
  assert.deepEqual(judge(bytewise(bytes, true), options), whole, "with empty chunks")
  if (bytes.length <= SPLIT_SIZE) {
    for (let at = 0; at <= bytes.length; at++) {
      const chunks = [bytes.slice(0, at), empty, bytes.slice(at)]
      assert.deepEqual(judge(chunks, options), whole, `split at ${at}`)
    }
  }
  const withBodies = judge([bytes], options, true)
  assert.deepEqual(judge(bytewise(bytes), options, true), withBodies, "byte by byte, with bodies")
  assert.deepEqual({ ...withBodies, events: "" }, { ...whole, events: "" }, "with bodies")
  return whole
}

/** A case: the module of these sections is accepted, however it is split. */
export const accepts = (
  title: string,
  sections: ReadonlyArray<Part>,
  options: JudgeOptions = {},
): void => {
  acceptsBytes(title, build(sections), options)
}

/** The same for bytes as they are. */
export const acceptsBytes = (
  title: string,
  built: Built,
  options: JudgeOptions = {},
): void => {
  test(`ModuleDecoder accepts ${title}`, () => {
    const verdict = judgeEverySplit(built.bytes, options)
    assert.equal(verdict.code, "ok", `${verdict.code} at ${verdict.offset}`)
  })
}

/** A case: the module is rejected with this code at its mark, however it is split. */
export const rejects = (
  code: DecodeErrorCode,
  title: string,
  sections: ReadonlyArray<Part>,
  options: JudgeOptions = {},
): void => {
  rejectsBytes(code, title, build(sections), options)
}

/** The same for bytes as they are. */
export const rejectsBytes = (
  code: DecodeErrorCode,
  title: string,
  built: Built,
  options: JudgeOptions = {},
): void => {
  test(`ModuleDecoder rejects ${title}: ${code}`, () => {
    const verdict = judgeEverySplit(built.bytes, options)
    assert.equal(verdict.code, code)
    assert.notEqual(built.at, -1, "the case has a mark")
    assert.equal(verdict.offset, built.at, "offset")
  })
}

/** A case: rejected by default, but not with `unknown: "defer"`. */
export const defers = (
  code: DecodeErrorCode,
  title: string,
  sections: ReadonlyArray<Part>,
): void => {
  const built = build(sections)
  rejectsBytes(code, title, built)
  test(`ModuleDecoder defers ${title}`, () => {
    const verdict = judgeEverySplit(built.bytes, { unknown: "defer" })
    assert.equal(verdict.code, "unknown")
    assert.equal(verdict.offset, built.at, "offset")
  })
}

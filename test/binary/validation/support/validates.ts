/**
 * Runs tables of cases about function bodies: each result with its code, its offset (the
 * instruction's) and its function, the same however the bytes are split.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import type { LimitsName } from "../../../../src/binary/mod.ts"
import {
  assembleCase,
  type AssembledCase,
  type BodyCase,
  type Environment,
  F,
} from "./body_cases.ts"
import { bytewise, judge, type JudgeOptions, type Verdict } from "../../../support/verdicts.ts"

/** How a table is run. */
export interface ValidatesOptions {
  readonly environment?: Environment
  /** Whether structural validation finds the error too, as in local declarations. Defaults to `false`. */
  readonly isStructural?: boolean
}

const FULL: JudgeOptions = { validation: "full", limits: "js-api" }
const STRUCTURE: JudgeOptions = { validation: "structure", limits: "js-api" }

/** The result of a case as text, for comparison. */
const words = ({ code, functionIndex, offset, section }: Verdict): string => {
  return code === "ok" ? code : `${code} at ${offset} in ${section} of function ${functionIndex}`
}

/** The result that a case expects, in the same form. */
const expectationOf = (
  { at, expected, title }: Pick<AssembledCase, "at" | "expected" | "title">,
): string => {
  assert.equal(at === -1, expected === "ok", `${title}: a mark where there is a fault`)
  return expected === "ok" ? expected : `${expected} at ${at} in code of function ${F.TESTED}`
}

/** The wrong results for a case. */
const faultsOf = (built: AssembledCase, isStructural: boolean): Array<string> => {
  const { at, bytes, codeAt } = built
  const wanted = expectationOf(built)
  const faults: Array<string> = []
  const expect = (how: string, verdict: Verdict, expectation: string) => {
    const found = words(verdict)
    if (found !== expectation) faults.push(`${built.title}, ${how}: ${found}, not ${expectation}`)
  }
  expect("whole", judge([bytes], FULL), wanted)
  const chunks = [bytes.slice(0, codeAt), ...bytewise(bytes.slice(codeAt))]
  expect("byte by byte", judge(chunks, FULL), wanted)
  for (const cut of [bytes.length >> 1, at === -1 ? bytes.length - 9 : at]) {
    expect(`cut at ${cut}`, judge([bytes.slice(0, cut), bytes.slice(cut)], FULL), wanted)
  }
  expect("the structure alone", judge([bytes], STRUCTURE), isStructural ? wanted : "ok")
  return faults
}

/** A test of what one rule accepts and rejects; its message lists the cases that fail. */
export const validates = (
  rule: string,
  cases: ReadonlyArray<BodyCase>,
  { environment = {}, isStructural = false }: ValidatesOptions = {},
): void => {
  test(`Full validation of ${rule}`, () => {
    const faults = cases.flatMap((row) => faultsOf(assembleCase(row, environment), isStructural))
    assert.equal(faults.length, 0, `\n${faults.join("\n")}`)
  })
}

/** A test of a module that is too large for many splits: validated whole and in three chunks. */
export const validatesLarge = (
  title: string,
  assembled: () => AssembledCase,
  limits: LimitsName,
): void => {
  test(`Full validation of ${title}: ${limits} limits`, () => {
    const { bytes, ...built } = assembled()
    const options = { ...FULL, limits }
    const wanted = expectationOf(built)
    assert.equal(words(judge([bytes], options)), wanted, "whole")
    const [a, b] = [bytes.length >> 2, bytes.length >> 1]
    const chunks = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)]
    assert.equal(words(judge(chunks, options)), wanted, "in three chunks")
  })
}

/**
 * Arguments and results of calls, and the report of a trap.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  callArguments,
  type FunctionType,
  functionType,
  resultLines,
  WrongArgument,
} from "../../src/cli/arguments_of_call.ts"
import { ModuleFunctions } from "../../src/cli/disassembly.ts"
import { trapFrames, trapKind } from "../../src/cli/traps.ts"
import { trapLines } from "../../src/cli/views/trap_lines.ts"
import { callable } from "../support/modules/cli_modules.ts"

const typeOf = (text: string): FunctionType => functionType(text) ?? assert.fail(text)

// deno-fmt-ignore
const values: ReadonlyArray<readonly [type: string, word: string, value: unknown]> = [
  ["i32", "0", 0], ["i32", "-2147483648", -2147483648], ["i32", "4294967295", 4294967295], ["i32", "0xff", 255],
  ["i32", "-0x10", -16], ["i32", "1_000", 1000], ["i32", "4294967296", undefined], ["i32", "1.5", undefined],
  ["i32", "", undefined], ["i32", "0x", undefined], ["i32", "1n", undefined], ["i32", "true", undefined], ["i32", "-2147483649", undefined],
  ["i64", "1", 1n], ["i64", "18446744073709551615", 18446744073709551615n], ["i64", "-9223372036854775808", -9223372036854775808n],
  ["i64", "18446744073709551616", undefined], ["i64", "0xffffffffffffffff", 18446744073709551615n],
  ["f32", "1.5", 1.5], ["f64", "-1e300", -1e300], ["f64", ".5", 0.5], ["f64", "inf", Infinity], ["f64", "-inf", -Infinity],
  ["f64", "nan", NaN], ["f64", "0x10", 16], ["f64", "-0", -0], ["f64", "one", undefined], ["f64", "", undefined],
  ["externref", "text", "text"], ["externref", "null", null], ["funcref", "null", null], ["funcref", "f", undefined],
  ["(ref extern)", "null", "null"], ["anyref", "7", 7], ["anyref", "null", null], ["anyref", "text", "text"],
  ["i31ref", "x", undefined], ["i31ref", "1073741823", 1073741823], ["i31ref", "1073741824", undefined], ["i31ref", "-1073741824", -1073741824],
  ["eqref", "5", 5], ["eqref", "null", null], ["eqref", "text", undefined], ["(ref i31)", "null", undefined],
  ["f64", "0x1.8p3", 12], ["f64", "-0x1p-149", -(2 ** -149)], ["f64", "0x1p-1074", 2 ** -1074], ["f64", "0x10000000000000000", 2 ** 64], ["f64", "-0x0", -0],
  ["f64", "1_000.5", 1000.5], ["f64", "1__0", undefined], ["f64", "0x1p", undefined], ["f64", "_1", undefined],
  ["v128", "0", undefined],
]
for (const [type, word, value] of values) {
  test(`callArguments() reads "${word}" as ${type}`, () => {
    const function_ = typeOf(`(func (param ${type}))`)
    if (value === undefined) {
      assert.throws(() => callArguments([word], function_), WrongArgument)
    } else assert.deepEqual(callArguments([word], function_), [value])
  })
}

// deno-fmt-ignore
const hidden: ReadonlyArray<readonly [type: string, words: RegExp]> = [
  ["(func (param i32 v128))", /^Error: takes v128, which JavaScript cannot pass$/],
  ["(func (param exnref))", /^Error: takes .*exn.*, which JavaScript cannot pass$/],
  ["(func (result v128))", /^Error: returns v128, which JavaScript cannot receive$/],
  ["(func (result i32 (ref exn)))", /^Error: returns \(ref exn\), which JavaScript cannot receive$/],
]
for (const [type, words] of hidden) {
  test(`callArguments() says that JavaScript cannot call ${type}`, () =>
    assert.throws(() => callArguments(["1"], typeOf(type)), words))
}

test("callArguments() wants as many as there are parameters", () => {
  const type = typeOf("(func (param i32 i64))")
  assert.throws(() => callArguments(["1"], type), /^Error: takes 2 arguments \(i32 i64\), got 1/)
  assert.throws(() => callArguments(["1"], typeOf("(func)")), /takes no arguments, got 1/)
  assert.deepEqual(callArguments([], typeOf("(func)")), [])
})

test("functionType() reads no other types", () => {
  for (const text of ["(memory 1)", "(func (param i33))", "", "(func", "nonsense"]) {
    assert.equal(functionType(text), undefined, text)
  }
})

// deno-fmt-ignore
const results: ReadonlyArray<readonly [type: string, returned: unknown, ...lines: ReadonlyArray<string>]> = [
  ["(func)", undefined],
  ["(func (result i32))", -1, "-1"],
  ["(func (result i64))", 2n ** 63n - 1n, "9223372036854775807"],
  ["(func (result f64))", -0, "-0"],
  ["(func (result f64))", NaN, "nan"],
  ["(func (result f64))", -Infinity, "-inf"],
  ["(func (result f32))", Math.fround(0.1), "0.1"],
  ["(func (result f32))", Math.fround(16777217), "16777216"],
  ["(func (result f32))", Math.fround(3.4e38), "3.4e+38"],
  ["(func (result f32))", 1.401298464324817e-45, "1e-45"],
  ["(func (result f32))", NaN, "nan"],
  ["(func (result f64))", 0.1, "0.1"],
  ["(func (result i32 f32))", [1, Math.fround(0.1)], "1", "0.1"],
  ["(func (result i32 i64))", [1, 2n], "1", "2"],
  ["(func (result externref))", null, "null"],
  ["(func (result externref))", undefined, "undefined"],
  ["(func (result externref))", "a\u001b[2J\nb", '"a\\u{1b}[2J\\u{a}b"'],
  ["(func (result externref))", Object.create(null), "an object"],
]
for (const [type, returned, ...lines] of results) {
  test(`resultLines() writes ${lines.join(", ") || "nothing"} for ${type}`, () => {
    assert.deepEqual(resultLines(returned, typeOf(type)), lines)
  })
}

// deno-fmt-ignore
const traps: ReadonlyArray<readonly [kind: string, ...said: ReadonlyArray<string>]> = [
  ["unreachable", "unreachable", "Unreachable code should not be executed", "unreachable executed"],
  ["integer divide by zero", "divide by zero", "remainder by zero", "Division by zero", "integer divide by zero"],
  ["integer overflow", "divide result unrepresentable", "Integer overflow", "integer overflow"],
  ["invalid conversion to integer", "float unrepresentable in integer range", "Out of bounds Trunc operation", "invalid conversion to integer"],
  ["out of bounds memory access", "memory access out of bounds", "Out of bounds memory access", "index out of bounds: memory"],
  ["out of bounds table access", "table index is out of bounds", "Out of bounds call_indirect", "table access out of bounds"],
  ["uninitialized element or indirect call type mismatch", "null function or function signature mismatch"],
  ["indirect call type mismatch", "call_indirect to a signature that does not match", "indirect call signature mismatch"],
  ["null reference", "dereferencing a null pointer", "access of null object", "rethrowing null value"],
  ["cast failure", "illegal cast", "bad cast"],
  ["uninitialized element", "call_indirect to a null table entry", "null function"],
  ["unaligned atomic", "operation does not support unaligned accesses", "Out of bounds memory access (Unaligned memory access)"],
  ["expected shared memory", "Atomics.wait cannot be called in this context"],
  ["out of bounds array access", "array element access out of bounds", "Out of bounds array.get"],
  ["call stack exhausted", "Maximum call stack size exceeded.", "too much recursion"],
]
for (const [kind, ...said] of traps) {
  test(`trapKind() knows ${kind} in the words of the engines`, () => {
    assert.deepEqual(said.map(trapKind), said.map(() => kind))
  })
}

test("trapKind() does not guess", () => assert.equal(trapKind("something new"), undefined))

test("trapFrames() reads the stacks of engines", () => {
  const stack = `RuntimeError: unreachable
    at callable.trapping (wasm://wasm/callable-5fdd65aa:wasm-function[1]:0x53)
    at file:///a.mjs:4:26
    @http://127.0.0.1/a.wasm:wasm-function[3]:0x65
    wasm-function[12]@[wasm code]`
  assert.deepEqual(trapFrames(stack), [
    { functionIndex: 1, offset: 0x53 },
    { functionIndex: 3, offset: 0x65 },
    { functionIndex: 12, offset: undefined },
  ])
  assert.deepEqual(trapFrames(""), [])
})

const functions = new ModuleFunctions(callable)

const trapped = (message: string, stack: string): Error =>
  Object.assign(new WebAssembly.RuntimeError(message), { stack })

test("a trap is told by its kind, its functions and its instruction", () => {
  // The index is wrong, as in some engines: the offset identifies the function.
  const error = trapped("unreachable", "at x (wasm://wasm/x:wasm-function[0]:0x53)")
  assert.deepEqual(trapLines("trap", error, functions), [
    "trap trapped: unreachable",
    '  in function 1 "trapping" at 0x53: unreachable',
  ])
  const beyond = trapped("divide by zero", "wasm-function[3] wasm-function[99]")
  assert.deepEqual(trapLines("div", beyond, functions), [
    "div trapped: integer divide by zero",
    '  in function 3 "divide"',
    "  in function 99",
  ])
})

test("what is thrown otherwise is told as what it is", () => {
  assert.match(
    trapLines("f", new Error("a\u001b[2Jb"), functions)[0],
    /^f threw Error: a\\u\{1b\}\[2Jb$/,
  )
  assert.match(trapLines("f", "text", functions)[0], /^f threw text$/)
  const exhausted = new RangeError("Maximum call stack size exceeded")
  assert.match(trapLines("f", exhausted, functions)[0], /^f trapped: call stack exhausted/)
})

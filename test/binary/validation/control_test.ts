// Blocks, branches and the end of a function.
// https://webassembly.github.io/spec/core/valid/instructions.html#control-instructions
import { A_BASE, A_BASE_NULL, A_DERIVED, gives, PARAMETERS, T } from "./support/body_cases.ts"
import {
  block,
  br,
  brIf,
  brTable,
  DROP,
  EMPTY,
  F64_0,
  I32_0,
  I64_0,
  I64_EQZ,
  ifElse,
  ifThen,
  loop,
  NOP,
  RETURN,
  UNREACHABLE,
} from "../../support/instructions.ts"
import { AT, F64, I32, I64, refNull } from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const BASE = refNull(T.BASE)
const DERIVED = refNull(T.DERIVED)

validates("nop and unreachable", [
  ["ok", "nop", [NOP, NOP]],
  ["ok", "nop above operands", [I32_0, NOP, DROP]],
  ["ok", "unreachable", [UNREACHABLE]],
  ["ok", "unreachable for any result", [UNREACHABLE], gives(I32, F64)],
  ["ok", "unreachable with operands", [I32_0, UNREACHABLE]],
  ["type-mismatch", "nop for a result", [NOP, AT], gives(I32)],
])

validates("drop", [
  ["ok", "a number", [I32_0, DROP]],
  ["ok", "a reference", [A_BASE, DROP]],
  ["type-mismatch", "nothing", [AT, DROP]],
  ["type-mismatch", "nothing of a block's own", [I32_0, block(EMPTY, AT, DROP), DROP]],
])

validates("block", [
  ["ok", "no type", [block(EMPTY, NOP)]],
  ["ok", "a result", [block(I32, I32_0), DROP]],
  ["ok", "a type index", [I32_0, block(T.TURNS, DROP, I64_0), DROP]],
  ["ok", "two parameters", [I32_0, F64_0, block(T.TAKES, DROP, DROP)]],
  ["ok", "two results", [block(T.GIVES, I32_0, F64_0), DROP, DROP]],
  ["ok", "a result of a sub type", [block(BASE, A_DERIVED), DROP]],
  ["ok", "operands below are left alone", [I64_0, block(I32, I32_0), DROP, I64_EQZ, DROP]],
  ["type-mismatch", "no result", [block(I32, AT), DROP]],
  ["type-mismatch", "a wrong result", [block(I32, I64_0, AT), DROP]],
  ["type-mismatch", "a result too many", [block(EMPTY, I32_0, AT)]],
  ["type-mismatch", "an operand left below the result", [block(I32, I64_0, I32_0, AT), DROP]],
  ["type-mismatch", "results in the wrong order", [
    block(T.GIVES, F64_0, I32_0, AT),
    [DROP, DROP],
  ]],
  ["type-mismatch", "a result of a super type", [block(DERIVED, A_BASE, AT), DROP]],
  ["type-mismatch", "no parameter", [AT, block(T.TURNS, DROP, I64_0), DROP]],
  ["type-mismatch", "a wrong parameter", [I64_0, AT, block(T.TURNS, DROP, I64_0), DROP]],
  ["type-mismatch", "one of two parameters", [F64_0, AT, block(T.TAKES, DROP, DROP)]],
  ["type-mismatch", "its result has its type", [block(I32, I32_0), AT, I64_EQZ, DROP]],
  ["type-mismatch", "its result is its type, not the operand's", [
    block(BASE, A_DERIVED),
    AT,
  ], gives(DERIVED)],
  ["type-mismatch", "its parameters have their types inside", [
    [I32_0, block(T.TURNS, AT, I64_EQZ, DROP, I64_0), DROP],
  ]],
  ["type-mismatch", "its parameters are no longer there behind it", [
    [I32_0, F64_0, block(T.TAKES, DROP, DROP), AT, DROP],
  ]],
])

validates("loop", [
  ["ok", "no type", [loop(EMPTY, NOP)]],
  ["ok", "a result", [loop(I32, I32_0), DROP]],
  ["ok", "parameters and results", [I32_0, loop(T.TURNS, DROP, I64_0), DROP]],
  ["ok", "a branch takes the parameters", [I32_0, loop(T.TURNS, br(0)), DROP]],
  ["ok", "a branch takes no results", [loop(I32, br(0)), DROP]],
  ["type-mismatch", "no result", [loop(I32, AT), DROP]],
  ["type-mismatch", "a wrong result", [loop(I32, F64_0, AT), DROP]],
  ["type-mismatch", "a result too many", [loop(EMPTY, I32_0, AT)]],
  ["type-mismatch", "no parameter", [AT, loop(T.TURNS, DROP, I64_0), DROP]],
  ["type-mismatch", "a wrong parameter", [F64_0, AT, loop(T.TURNS, DROP, I64_0), DROP]],
  ["type-mismatch", "a branch with the result for a parameter", [
    [I32_0, loop(T.TURNS, DROP, I64_0, AT, br(0)), DROP],
  ]],
  ["type-mismatch", "a branch without the parameter", [
    [I32_0, loop(T.TURNS, DROP, AT, br(0)), DROP],
  ]],
])

validates("if", [
  ["ok", "no type", [I32_0, ifThen(EMPTY, NOP)]],
  ["ok", "else", [I32_0, ifElse(EMPTY, [NOP], [NOP])]],
  ["ok", "a result", [I32_0, ifElse(I64, [I64_0], [I64_0]), DROP]],
  ["ok", "parameters for both branches", [
    [I32_0, F64_0, I32_0, ifElse(T.TAKES, [DROP, DROP], [DROP, DROP])],
  ]],
  ["ok", "no else where parameters are the results", [
    [I32_0, I32_0, ifThen(T.NEXT, DROP, I32_0), DROP],
  ], { types: [[0x60, 1, I32, 1, I32]] }],
  ["ok", "no else where parameters are sub types of the results", [
    [A_DERIVED, I32_0, ifThen(T.NEXT), DROP],
  ], { types: [[0x60, 1, DERIVED, 1, BASE]] }],
  ["ok", "branches of different sub types", [I32_0, ifElse(BASE, [A_DERIVED], [A_BASE]), DROP]],
  ["ok", "one branch unreachable", [I32_0, ifElse(I64, [UNREACHABLE], [I64_0]), DROP]],
  ["type-mismatch", "no condition", [AT, ifThen(EMPTY)]],
  ["type-mismatch", "a condition of i64", [I64_0, AT, ifThen(EMPTY)]],
  ["type-mismatch", "a condition of a reference", [A_BASE_NULL, AT, ifThen(EMPTY)]],
  ["type-mismatch", "a condition from outside", [I32_0, block(EMPTY, AT, ifThen(EMPTY)), DROP]],
  ["type-mismatch", "no parameter", [
    I32_0,
    AT,
    ifElse(T.TURNS, [DROP, I64_0], [DROP, I64_0]),
    DROP,
  ]],
  ["type-mismatch", "no else, but a result", [I32_0, ifThen(I64, I64_0, AT), DROP]],
  ["type-mismatch", "no else, and results other than the parameters", [
    [I32_0, I32_0, ifThen(T.TURNS, DROP, I64_0, AT), DROP],
  ]],
  ["type-mismatch", "no else, and parameters without results", [
    [I32_0, F64_0, I32_0, ifThen(T.TAKES, DROP, DROP, AT)],
  ]],
  ["type-mismatch", "no result of the first branch", [I32_0, ifElse(I64, [AT], [I64_0]), DROP]],
  ["type-mismatch", "a wrong result of the first branch", [
    [I32_0, ifElse(I64, [F64_0, AT], [I64_0]), DROP],
  ]],
  ["type-mismatch", "a result too many of the first branch", [
    [I32_0, ifElse(EMPTY, [F64_0, AT], [])],
  ]],
  ["type-mismatch", "no result of the second branch", [I32_0, ifElse(I64, [I64_0], [AT]), DROP]],
  ["type-mismatch", "a wrong result of the second branch", [
    [I32_0, ifElse(I64, [I64_0], [F64_0, AT]), DROP],
  ]],
  ["type-mismatch", "a result too many of the second branch", [
    [I32_0, ifElse(EMPTY, [], [I64_0, AT])],
  ]],
  ["type-mismatch", "the second branch is reachable again", [
    [I32_0, ifElse(EMPTY, [UNREACHABLE], [AT, DROP])],
  ]],
  ["type-mismatch", "what follows it is reachable again", [
    [I32_0, ifElse(EMPTY, [UNREACHABLE], [UNREACHABLE]), AT, DROP],
  ]],
])

validates("br", [
  ["ok", "out of a block", [block(EMPTY, br(0))]],
  ["ok", "out of the function", [br(0)]],
  ["ok", "out of the function with its result", [block(EMPTY, I32_0, br(1)), I32_0], gives(I32)],
  ["ok", "with a result", [block(I64, I64_0, br(0)), DROP]],
  ["ok", "with operands below", [block(I64, F64_0, I64_0, br(0)), DROP]],
  ["ok", "with a sub type", [block(BASE, A_DERIVED, br(0)), DROP]],
  ["ok", "two blocks out", [block(I64, block(EMPTY, I64_0, br(1)), I64_0), DROP]],
  ["ok", "out of an if", [I32_0, ifElse(I64, [I64_0, br(0)], [I64_0, br(0)]), DROP]],
  ["unknown-label", "beyond the function", [AT, br(1)]],
  ["unknown-label", "beyond the blocks", [block(EMPTY, block(EMPTY, AT, br(3)))]],
  ["unknown-label", "the greatest label", [AT, [0x0c, 0xff, 0xff, 0xff, 0xff, 0x0f]]],
  ["unknown-label", "a block that has ended", [block(EMPTY), AT, br(1)]],
  ["unknown-label", "in unreachable code", [UNREACHABLE, AT, br(1)]],
  ["type-mismatch", "without the result", [block(I64, AT, br(0)), DROP]],
  ["type-mismatch", "with a wrong result", [block(I64, I32_0, AT, br(0)), DROP]],
  ["type-mismatch", "one of two results", [block(T.GIVES, F64_0, AT, br(0)), DROP, DROP]],
  ["type-mismatch", "with a super type", [block(DERIVED, A_BASE, AT, br(0)), DROP]],
  ["type-mismatch", "with a result from outside", [
    [I64_0, block(I64, AT, br(0)), DROP, DROP],
  ]],
  ["type-mismatch", "without the function's result", [AT, br(0)], gives(I32)],
])

validates("br_if", [
  ["ok", "out of a block", [block(EMPTY, I32_0, brIf(0))]],
  ["ok", "with a result, which stays", [block(I64, I64_0, I32_0, brIf(0)), DROP]],
  ["ok", "to a loop, without its results", [loop(I64, I32_0, brIf(0), I64_0), DROP]],
  ["ok", "with two results", [block(T.GIVES, I32_0, F64_0, I32_0, brIf(0)), DROP, DROP]],
  ["type-mismatch", "no condition", [AT, brIf(0)]],
  ["type-mismatch", "a condition of i64", [I64_0, AT, brIf(0)]],
  ["type-mismatch", "a condition from outside", [I32_0, block(EMPTY, AT, brIf(0)), DROP]],
  ["type-mismatch", "no result", [block(I64, I32_0, AT, brIf(0), I64_0), DROP]],
  ["type-mismatch", "a wrong result", [block(I64, F64_0, I32_0, AT, brIf(0), DROP, I64_0), DROP]],
  ["type-mismatch", "the result stays on the stack", [
    block(I64, I64_0, I32_0, brIf(0), I64_0, AT),
    DROP,
  ]],
  ["type-mismatch", "the result that stays has the label's type", [
    block(BASE, block(BASE, A_DERIVED, I32_0, brIf(0)), A_DERIVED, I32_0, brIf(0), AT, br(1)),
    DROP,
  ], gives(DERIVED)],
  ["unknown-label", "beyond the function", [I32_0, AT, brIf(1)]],
])

validates("br_table", [
  ["ok", "the default alone", [block(EMPTY, I32_0, brTable(0))]],
  ["ok", "several labels", [block(EMPTY, block(EMPTY, I32_0, brTable(0, 1, 2, 0, 1)))]],
  ["ok", "a result", [block(I64, block(I64, I64_0, I32_0, brTable(0, 1)), br(0)), DROP]],
  ["ok", "a loop and a block of the same arity", [
    [block(EMPTY, loop(I64, I32_0, brTable(0, 1)), DROP)],
  ]],
  ["ok", "labels of different super types", [
    [block(BASE, block(DERIVED, A_DERIVED, I32_0, brTable(0, 1))), DROP],
  ]],
  ["ok", "the function's label", [I64_0, I32_0, brTable(0, 0)], gives(I64)],
  ["ok", "what follows is unreachable", [I32_0, brTable(0), DROP]],
  ["type-mismatch", "no index", [AT, brTable(0)]],
  ["type-mismatch", "an index of i64", [I64_0, AT, brTable(0)]],
  ["type-mismatch", "no result", [block(I64, I32_0, AT, brTable(0)), DROP]],
  ["type-mismatch", "a wrong result", [block(I64, F64_0, I32_0, AT, brTable(0, 0)), DROP]],
  ["type-mismatch", "arities that differ, more first", [
    [block(EMPTY, block(I64, I64_0, I32_0, AT, brTable(0, 1)), DROP)],
  ]],
  ["type-mismatch", "arities that differ, fewer first", [
    [block(I64, block(EMPTY, I64_0, I32_0, AT, brTable(0, 1)), I64_0), DROP],
  ]],
  ["type-mismatch", "types that differ", [
    [block(I64, block(I32, I32_0, I32_0, AT, brTable(0, 1)), DROP, I64_0), DROP],
  ]],
  ["type-mismatch", "a label that asks for a sub type of the operand", [
    [block(BASE, block(DERIVED, A_BASE, I32_0, AT, brTable(1, 0))), DROP],
  ]],
  ["type-mismatch", "a default that asks for a sub type of the operand", [
    [block(BASE, block(DERIVED, A_BASE, I32_0, AT, brTable(0, 1))), DROP],
  ]],
  ["unknown-label", "a label beyond the function", [I32_0, AT, brTable(0, 1, 0)]],
  ["unknown-label", "a default beyond the function", [I32_0, AT, brTable(0, 0, 1)]],
  ["length-out-of-bounds", "more labels than the body has bytes", [I32_0, AT, [0x0e, 9, 0, 0]]],
])

validates("return", [
  ["ok", "no result", [RETURN]],
  ["ok", "a result", [I32_0, RETURN], gives(I32)],
  ["ok", "two results", [I32_0, F64_0, RETURN], gives(I32, F64)],
  ["ok", "operands below", [I64_0, I32_0, RETURN], gives(I32)],
  ["ok", "out of blocks", [block(I64, loop(I64, I32_0, RETURN)), DROP, I32_0], gives(I32)],
  ["ok", "a sub type", [A_DERIVED, RETURN], { parameters: PARAMETERS, results: [BASE] }],
  ["ok", "what follows is unreachable", [RETURN, DROP]],
  ["type-mismatch", "without the result", [AT, RETURN], gives(I32)],
  ["type-mismatch", "with a wrong result", [I64_0, AT, RETURN], gives(I32)],
  ["type-mismatch", "one of two results", [F64_0, AT, RETURN], gives(I32, F64)],
  ["type-mismatch", "with a super type", [A_BASE, AT, RETURN], gives(DERIVED)],
  ["type-mismatch", "with a result from outside the block", [
    [I32_0, block(EMPTY, AT, RETURN)],
  ], gives(I32)],
])

validates("the end of a function", [
  ["ok", "an empty body", []],
  ["ok", "its results", [I32_0, F64_0], gives(I32, F64)],
  ["ok", "a sub type of its result", [A_DERIVED], gives(BASE)],
  ["type-mismatch", "no result", [AT], gives(I32)],
  ["type-mismatch", "a wrong result", [F64_0, AT], gives(I32)],
  ["type-mismatch", "one of two results", [F64_0, AT], gives(I32, F64)],
  ["type-mismatch", "results in the wrong order", [F64_0, I32_0, AT], gives(I32, F64)],
  ["type-mismatch", "a value left over", [I32_0, AT]],
  ["type-mismatch", "a value left below the result", [I64_0, I32_0, AT], gives(I32)],
  ["type-mismatch", "a super type of its result", [A_BASE, AT], gives(DERIVED)],
  [
    "type-mismatch",
    "a null for a reference that is none",
    [A_BASE_NULL, AT],
    gives([0x64, T.BASE]),
  ],
])

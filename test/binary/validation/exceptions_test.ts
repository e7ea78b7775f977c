// Exceptions: try_table with its four kinds of clause, throw, throw_ref.
// https://webassembly.github.io/spec/core/valid/instructions.html#control-instructions
import {
  A_BASE,
  AN_ANY,
  ANY,
  type Environment,
  EXN,
  gives,
  L,
  NOEXN,
  T,
  TAG,
} from "./support/body_cases.ts"
import {
  block,
  br,
  catchAll,
  catchAllRef,
  catchRef,
  catchTag,
  DROP,
  EMPTY,
  F32_0,
  F64_0,
  I32_0,
  I64_0,
  localGet,
  localSet,
  loop,
  padded,
  refNullOf,
  RETURN,
  THROW_REF,
  throwTag,
  tryTable,
  UNREACHABLE,
} from "../../support/instructions.ts"
import {
  AT,
  atByte,
  F64,
  I32,
  I64,
  imported,
  ref,
  refNull,
  u,
} from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

const REF_EXN = ref(EXN)
const EXNREF = refNull(EXN)
/** Labels: `[i32 f64 (ref exn)]`, `[i32 f64 exnref]`, `[i32]`, `[f64 i32]`, `[i64 f64]`. */
const LABELS: Environment = {
  types: [
    [0x60, 0, 3, I32, F64, REF_EXN],
    [0x60, 0, 3, I32, F64, EXNREF],
    [0x60, 0, 1, I32],
    [0x60, 0, 2, F64, I32],
    [0x60, 0, 2, I64, F64],
  ],
}
const WITH_REF = T.NEXT
const WITH_NULL = T.NEXT + 1
const ONE = T.NEXT + 2
const TURNED = T.NEXT + 3
const WRONG = T.NEXT + 4

validates("throw", [
  ["ok", "no operands", [throwTag(TAG.VOID)]],
  ["ok", "operands", [I32_0, F64_0, throwTag(TAG.TAKES)]],
  ["ok", "what follows is unreachable", [throwTag(TAG.VOID), DROP]],
  ["ok", "for any result", [throwTag(TAG.VOID)], gives(I32, F64)],
  ["ok", "a tag's index of five bytes", [throwTag(padded(0, 5))]],
  ["type-mismatch", "operands that are missing", [AT, throwTag(TAG.TAKES)]],
  ["type-mismatch", "an operand less", [F64_0, AT, throwTag(TAG.TAKES)]],
  ["type-mismatch", "a wrong operand", [I32_0, F32_0, AT, throwTag(TAG.TAKES)]],
  ["type-mismatch", "operands in the wrong order", [F64_0, I32_0, AT, throwTag(TAG.TAKES)]],
  ["type-mismatch", "operands from outside the block", [
    [I32_0, F64_0, block(EMPTY, AT, throwTag(TAG.TAKES)), DROP, DROP],
  ]],
  ["unknown-tag", "one beyond the last", [AT, throwTag(2)]],
  ["unknown-tag", "no tags", [AT, throwTag(0)], { tags: [] }],
  ["unknown-tag", "the greatest index", [AT, throwTag(u(2 ** 32 - 1))]],
  ["ok", "an imported tag", [
    [I32_0, F64_0, throwTag(0)],
  ], { imports: [imported("m", "t", 4, [0, T.TAKES])] }],
  ["type-mismatch", "a wrong operand of an imported tag", [
    [I32_0, AT, throwTag(0)],
  ], { imports: [imported("m", "t", 4, [0, T.TAKES])] }],
])

validates("throw_ref", [
  ["ok", "exnref", [refNullOf(EXN), THROW_REF]],
  ["ok", "a reference that is not null", [localGet(0), THROW_REF], { parameters: [REF_EXN] }],
  ["ok", "the bottom type", [refNullOf(NOEXN), THROW_REF]],
  ["ok", "what follows is unreachable", [refNullOf(EXN), THROW_REF, DROP]],
  ["type-mismatch", "nothing", [AT, THROW_REF]],
  ["type-mismatch", "a number", [I32_0, AT, THROW_REF]],
  ["type-mismatch", "a reference of another hierarchy", [AN_ANY, AT, THROW_REF]],
])

validates("try_table without clauses", [
  ["ok", "no type", [tryTable(EMPTY, [])]],
  ["ok", "a result", [tryTable(I64, [], I64_0), DROP]],
  ["ok", "parameters and results", [I32_0, tryTable(T.TURNS, [], DROP, I64_0), DROP]],
  ["ok", "it is a label", [tryTable(I64, [], I64_0, br(0)), DROP]],
  ["ok", "a branch beyond it", [block(EMPTY, tryTable(EMPTY, [], br(1)))]],
  ["type-mismatch", "no result", [tryTable(I64, [], AT), DROP]],
  ["type-mismatch", "a wrong result", [tryTable(I64, [], I32_0, AT), DROP]],
  ["type-mismatch", "a result too many", [tryTable(EMPTY, [], I32_0, AT)]],
  ["type-mismatch", "no parameter", [AT, tryTable(T.TURNS, [], DROP, I64_0), DROP]],
  ["type-mismatch", "a wrong parameter", [I64_0, AT, tryTable(T.TURNS, [], DROP, I64_0), DROP]],
  ["type-mismatch", "a branch without its result", [tryTable(I64, [], AT, br(0)), DROP]],
  ["unknown-label", "a branch beyond the function", [tryTable(EMPTY, [], AT, br(2))]],
  ["unknown-type", "a type beyond the last", [AT, tryTable(T.NEXT + 1, [])]],
])

validates("catch", [
  ["ok", "a tag without parameters", [tryTable(EMPTY, [catchTag(TAG.VOID, 0)])]],
  ["ok", "the tag's parameters", [
    [block(T.GIVES, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]), UNREACHABLE), DROP, DROP],
  ]],
  ["ok", "labels count from outside of it", [
    [block(T.GIVES, tryTable(I64, [catchTag(TAG.TAKES, 0)], I64_0), RETURN), DROP, DROP],
  ]],
  ["ok", "the function's label", [
    [tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]), I32_0, F64_0],
  ], gives(I32, F64)],
  ["ok", "a loop's parameters", [
    [I32_0, F64_0, loop(T.TAKES, DROP, DROP, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]))],
  ]],
  ["ok", "parameters of sub types of the label's", [
    [block(ANY, tryTable(EMPTY, [catchTag(0, 0)]), UNREACHABLE), DROP],
  ], { types: [[0x60, 1, ref(T.BASE), 0]], tags: [[0, T.NEXT]] }],
  ["type-mismatch", "a label without results", [AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)])]],
  ["type-mismatch", "a label with results for a tag without parameters", [
    [block(ONE, AT, tryTable(EMPTY, [catchTag(TAG.VOID, 0)]), I32_0), DROP],
  ], LABELS],
  ["type-mismatch", "a label of fewer results", [
    [block(ONE, AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]), I32_0), DROP],
  ], LABELS],
  ["type-mismatch", "a label with the reference too", [
    [block(WITH_REF, AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]), UNREACHABLE), RETURN],
  ], LABELS],
  ["type-mismatch", "a label of another type", [
    [block(WRONG, AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]), UNREACHABLE), DROP, DROP],
  ], LABELS],
  ["type-mismatch", "a label in another order", [
    [block(TURNED, AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)]), UNREACHABLE), DROP, DROP],
  ], LABELS],
  ["type-mismatch", "parameters of super types of the label's", [
    [block(ref(T.DERIVED), AT, tryTable(EMPTY, [catchTag(0, 0)]), UNREACHABLE), DROP],
  ], { types: [[0x60, 1, ref(T.BASE), 0]], tags: [[0, T.NEXT]] }],
  ["type-mismatch", "in unreachable code", [
    [UNREACHABLE, AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0)])],
  ]],
  ["unknown-tag", "a tag beyond the last", [AT, tryTable(EMPTY, [catchTag(2, 0)])]],
  ["unknown-label", "itself is no label of its clauses", [
    [AT, tryTable(EMPTY, [catchTag(TAG.VOID, 1)])],
  ]],
  ["unknown-label", "the greatest label", [
    [AT, tryTable(EMPTY, [catchTag(TAG.VOID, u(2 ** 32 - 1))])],
  ]],
])

validates("catch_ref", [
  ["ok", "a tag without parameters", [
    [block(REF_EXN, tryTable(EMPTY, [catchRef(TAG.VOID, 0)]), UNREACHABLE), DROP],
  ]],
  ["ok", "a nullable reference", [
    [block(EXNREF, tryTable(EMPTY, [catchRef(TAG.VOID, 0)]), UNREACHABLE), THROW_REF],
  ]],
  ["ok", "exnref in one byte", [
    [block(EXN, tryTable(EMPTY, [catchRef(TAG.VOID, 0)]), UNREACHABLE), THROW_REF],
  ]],
  ["ok", "the tag's parameters", [
    [block(WITH_REF, tryTable(EMPTY, [catchRef(TAG.TAKES, 0)]), UNREACHABLE), RETURN],
  ], LABELS],
  ["ok", "the tag's parameters and a nullable reference", [
    [block(WITH_NULL, tryTable(EMPTY, [catchRef(TAG.TAKES, 0)]), UNREACHABLE), RETURN],
  ], LABELS],
  ["type-mismatch", "a label without results", [AT, tryTable(EMPTY, [catchRef(TAG.VOID, 0)])]],
  ["type-mismatch", "a label without the reference", [
    [block(T.GIVES, AT, tryTable(EMPTY, [catchRef(TAG.TAKES, 0)]), UNREACHABLE), DROP, DROP],
  ]],
  ["type-mismatch", "a label without the parameters", [
    [block(EXN, AT, tryTable(EMPTY, [catchRef(TAG.TAKES, 0)]), UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "a label of another reference", [
    [block(ANY, AT, tryTable(EMPTY, [catchRef(TAG.VOID, 0)]), UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "a label with parameters for a tag without", [
    [block(WITH_REF, AT, tryTable(EMPTY, [catchRef(TAG.VOID, 0)]), UNREACHABLE), RETURN],
  ], LABELS],
  ["unknown-tag", "a tag beyond the last", [AT, tryTable(EMPTY, [catchRef(2, 0)])]],
  ["unknown-label", "a label beyond the function", [AT, tryTable(EMPTY, [catchRef(0, 1)])]],
])

validates("catch_all", [
  ["ok", "the function's label", [tryTable(EMPTY, [catchAll(0)])]],
  ["ok", "a loop", [loop(EMPTY, tryTable(EMPTY, [catchAll(0)]))]],
  ["type-mismatch", "a label with a result", [
    [block(I32, AT, tryTable(EMPTY, [catchAll(0)]), I32_0), DROP],
  ]],
  ["type-mismatch", "a label with the reference", [
    [block(EXN, AT, tryTable(EMPTY, [catchAll(0)]), UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "the function's label with its result", [
    [AT, tryTable(EMPTY, [catchAll(0)]), I32_0],
  ], gives(I32)],
  ["unknown-label", "a label beyond the function", [AT, tryTable(EMPTY, [catchAll(1)])]],
])

validates("catch_all_ref", [
  ["ok", "a reference that is not null", [
    [block(REF_EXN, tryTable(EMPTY, [catchAllRef(0)]), UNREACHABLE), DROP],
  ]],
  ["ok", "a nullable reference", [
    [block(EXN, tryTable(EMPTY, [catchAllRef(0)]), UNREACHABLE), THROW_REF],
  ]],
  ["type-mismatch", "a label without the reference", [AT, tryTable(EMPTY, [catchAllRef(0)])]],
  ["type-mismatch", "a label of another reference", [
    [block(ANY, AT, tryTable(EMPTY, [catchAllRef(0)]), UNREACHABLE), DROP],
  ]],
  ["type-mismatch", "a label of the bottom type", [
    [block(NOEXN, AT, tryTable(EMPTY, [catchAllRef(0)]), UNREACHABLE), DROP],
  ]],
  ["unknown-label", "a label beyond the function", [AT, tryTable(EMPTY, [catchAllRef(1)])]],
])

validates("several clauses", [
  ["ok", "of different labels", [
    block(
      EXN,
      [block(EMPTY, tryTable(EMPTY, [catchTag(TAG.VOID, 0), catchAll(0), catchAllRef(1)]))],
      [refNullOf(EXN)],
    ),
    DROP,
  ]],
  ["ok", "the same tag twice", [tryTable(EMPTY, [catchTag(TAG.VOID, 0), catchTag(TAG.VOID, 0)])]],
  ["ok", "clauses behind a catch_all", [tryTable(EMPTY, [catchAll(0), catchTag(TAG.VOID, 0)])]],
  ["type-mismatch", "the last is wrong", [
    [AT, tryTable(EMPTY, [catchAll(0), catchTag(TAG.VOID, 0), catchAllRef(0)])],
  ]],
  ["type-mismatch", "the first is wrong", [
    [AT, tryTable(EMPTY, [catchTag(TAG.TAKES, 0), catchAll(0)])],
  ]],
  ["malformed-catch-clause", "a kind of 4", [atByte(3), tryTable(EMPTY, [[4, 0, 0]])]],
  ["malformed-catch-clause", "a second kind of 0xff", [
    atByte(5),
    tryTable(EMPTY, [catchAll(0), [0xff, 0]]),
  ]],
  ["length-out-of-bounds", "more clauses than the body has bytes", [
    [AT, [0x1f, EMPTY, u(100), catchAll(0), 0x0b]],
  ]],
])

const X = L.NEXT
validates("locals without a default value in try_table", [
  ["ok", "set outside of it", [A_BASE, localSet(X), tryTable(EMPTY, [], localGet(X), DROP)]],
  ["uninitialized-local", "set within it", [
    [tryTable(EMPTY, [], A_BASE, localSet(X)), AT, localGet(X), DROP],
  ]],
], { environment: { locals: [[1, ref(T.BASE)]] } })

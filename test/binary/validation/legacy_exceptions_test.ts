// Legacy exceptions: try, catch, catch_all, delegate and rethrow, which engines still accept.
// https://github.com/WebAssembly/exception-handling/blob/main/proposals/exception-handling/legacy/Exceptions.md
import { A_BASE, EXN, gives, L, T, TAG } from "./support/body_cases.ts"
import {
  block,
  br,
  delegate,
  DROP,
  ELSE,
  EMPTY,
  F32_0,
  F64_0,
  I32_0,
  I64_0,
  ifThen,
  legacyCatch,
  legacyCatchAll,
  legacyTry,
  localGet,
  localSet,
  loop,
  NOP,
  padded,
  refNullOf,
  rethrow,
  THROW_REF,
  throwTag,
  tryTable,
  UNREACHABLE,
} from "../../support/instructions.ts"
import { AT, END, F64, I32, I64, type Part, ref, u } from "../../support/module_builder.ts"
import { validates } from "./support/validates.ts"

/** A whole `try`: its body, and its clauses. */
const attempt = (type: Part, body: ReadonlyArray<Part>, ...clauses: ReadonlyArray<Part>): Part => {
  return [legacyTry(type, ...body), clauses, END]
}
const ALL = legacyCatchAll()
const VOID = legacyCatch(TAG.VOID)

validates("try", [
  ["ok", "without clauses", [attempt(EMPTY, [NOP])]],
  ["ok", "a result", [attempt(I64, [I64_0], legacyCatchAll(I64_0)), DROP]],
  ["ok", "parameters and results", [I32_0, attempt(T.TURNS, [DROP, I64_0]), DROP]],
  ["ok", "it is a label", [attempt(I64, [I64_0, br(0)], legacyCatchAll(I64_0, br(0))), DROP]],
  ["type-mismatch", "no result", [attempt(I64, [AT]), DROP]],
  ["type-mismatch", "no result before a clause", [attempt(I64, [AT], legacyCatchAll(I64_0)), DROP]],
  ["type-mismatch", "a wrong result before a clause", [
    [attempt(I64, [I32_0, AT], legacyCatchAll(I64_0)), DROP],
  ]],
  ["type-mismatch", "a result too many before a clause", [attempt(EMPTY, [I64_0, AT], VOID)]],
  ["type-mismatch", "no parameter", [AT, attempt(T.TURNS, [DROP, I64_0]), DROP]],
  ["type-mismatch", "a wrong parameter", [I64_0, AT, attempt(T.TURNS, [DROP, I64_0]), DROP]],
  ["type-mismatch", "a branch without the result", [attempt(I64, [AT, br(0)]), DROP]],
  ["unknown-type", "a type beyond the last", [AT, attempt(T.NEXT + 1, [])]],
])

validates("legacy catch", [
  ["ok", "a tag without parameters", [attempt(EMPTY, [], VOID)]],
  ["ok", "the tag's parameters", [attempt(EMPTY, [], legacyCatch(TAG.TAKES, DROP, DROP))]],
  ["ok", "the tag's parameters as the results", [
    [attempt(T.GIVES, [I32_0, F64_0], legacyCatch(TAG.TAKES))],
  ], gives(I32, F64)],
  ["ok", "several", [attempt(EMPTY, [], VOID, legacyCatch(TAG.TAKES, DROP, DROP), VOID)]],
  ["ok", "reachable after a body that is not", [
    attempt(I64, [UNREACHABLE], legacyCatch(0, I64_0)),
    DROP,
  ]],
  ["ok", "a tag's index of five bytes", [attempt(EMPTY, [], legacyCatch(padded(0, 5)))]],
  ["type-mismatch", "parameters left over", [attempt(EMPTY, [], legacyCatch(TAG.TAKES, AT))]],
  ["type-mismatch", "parameters of the try are gone", [
    [I32_0, attempt(T.TURNS, [DROP, I64_0], legacyCatch(TAG.VOID, AT, DROP, I64_0)), DROP],
  ]],
  ["type-mismatch", "parameters of other types", [
    [attempt(EMPTY, [], legacyCatch(TAG.TAKES, AT, [0x8c], DROP, DROP))],
  ]],
  ["type-mismatch", "operands from outside", [
    [I32_0, attempt(EMPTY, [], legacyCatch(TAG.VOID, AT, DROP)), DROP],
  ]],
  ["type-mismatch", "no result", [attempt(I64, [I64_0], legacyCatch(TAG.VOID, AT)), DROP]],
  ["type-mismatch", "a wrong result", [
    [attempt(I64, [I64_0], legacyCatch(TAG.VOID, I32_0, AT)), DROP],
  ]],
  ["type-mismatch", "no result before another clause", [
    [attempt(I64, [I64_0], legacyCatch(TAG.VOID, AT), legacyCatchAll(I64_0)), DROP],
  ]],
  ["type-mismatch", "reachable again after a clause that is not", [
    [attempt(I64, [I64_0], legacyCatch(TAG.VOID, UNREACHABLE), legacyCatchAll(AT)), DROP],
  ]],
  ["unknown-tag", "a tag beyond the last", [attempt(EMPTY, [], [AT, legacyCatch(2)])]],
  ["misplaced-catch", "outside of any block", [AT, VOID]],
  ["misplaced-catch", "in a block", [block(EMPTY, AT, VOID)]],
  ["misplaced-catch", "in a loop", [loop(EMPTY, AT, VOID)]],
  ["misplaced-catch", "in an if", [I32_0, ifThen(EMPTY, AT, VOID)]],
  ["misplaced-catch", "in an else", [I32_0, ifThen(EMPTY, ELSE, AT, VOID)]],
  ["misplaced-catch", "in a block of a try", [attempt(EMPTY, [block(EMPTY, AT, VOID)], VOID)]],
  ["misplaced-catch", "in a try_table", [tryTable(EMPTY, [], AT, VOID)]],
  ["misplaced-catch", "behind catch_all", [attempt(EMPTY, [], ALL, [AT, VOID])]],
])

validates("legacy catch_all", [
  ["ok", "alone", [attempt(EMPTY, [], ALL)]],
  ["ok", "behind others", [attempt(EMPTY, [], VOID, VOID, ALL)]],
  ["ok", "a result", [attempt(I64, [I64_0], legacyCatchAll(I64_0)), DROP]],
  ["type-mismatch", "it has no operands", [attempt(EMPTY, [], legacyCatchAll(AT, DROP))]],
  ["type-mismatch", "no result", [attempt(I64, [I64_0], legacyCatchAll(AT)), DROP]],
  ["type-mismatch", "a value left over", [attempt(EMPTY, [], legacyCatchAll(F32_0, AT))]],
  ["misplaced-catch", "outside of any block", [AT, ALL]],
  ["misplaced-catch", "in a block", [block(EMPTY, AT, ALL)]],
  ["misplaced-catch", "in an if", [I32_0, ifThen(EMPTY, AT, ALL)]],
  ["misplaced-catch", "twice", [attempt(EMPTY, [], ALL, [AT, ALL])]],
])

validates("else in a try", [
  ["misplaced-else", "in its body", [attempt(EMPTY, [AT, ELSE])]],
  ["misplaced-else", "in a clause", [attempt(EMPTY, [], legacyCatch(TAG.VOID, AT, ELSE))]],
])

validates("delegate", [
  ["ok", "to the function", [legacyTry(EMPTY, NOP), delegate(0)]],
  ["ok", "to a try around it", [attempt(EMPTY, [legacyTry(EMPTY), delegate(0)], ALL)]],
  ["ok", "to a block around it", [block(I64, legacyTry(EMPTY), delegate(0), I64_0), DROP]],
  ["ok", "beyond a try around it", [attempt(EMPTY, [legacyTry(EMPTY), delegate(1)], ALL)]],
  ["ok", "a result", [legacyTry(I64, I64_0), delegate(0)], gives(I64)],
  [
    "ok",
    "parameters and results",
    [I32_0, legacyTry(T.TURNS, DROP, I64_0), delegate(0)],
    gives(I64),
  ],
  ["ok", "what follows is reachable", [legacyTry(I32, UNREACHABLE), delegate(0), DROP]],
  ["type-mismatch", "no result", [legacyTry(I64), AT, delegate(0), DROP]],
  ["type-mismatch", "a wrong result", [legacyTry(I64, I32_0), AT, delegate(0), DROP]],
  ["type-mismatch", "a value left over", [legacyTry(EMPTY, I32_0), AT, delegate(0)]],
  [
    "type-mismatch",
    "its result has its type",
    [legacyTry(I64, I64_0), delegate(0), AT],
    gives(I32),
  ],
  ["type-mismatch", "nothing below it is reachable again", [
    [legacyTry(EMPTY, UNREACHABLE), delegate(0), AT, DROP],
  ]],
  ["unknown-label", "beyond the function", [legacyTry(EMPTY), AT, delegate(1)]],
  ["unknown-label", "beyond a block", [block(EMPTY, legacyTry(EMPTY), AT, delegate(2))]],
  ["unknown-label", "the greatest label", [legacyTry(EMPTY), AT, delegate(u(2 ** 32 - 1))]],
  ["misplaced-catch", "outside of any block", [AT, delegate(0)]],
  ["misplaced-catch", "in a block", [block(EMPTY, AT, delegate(0))]],
  ["misplaced-catch", "behind a catch", [attempt(EMPTY, [], VOID, [AT, delegate(0)])]],
  ["misplaced-catch", "behind a catch_all", [attempt(EMPTY, [], ALL, [AT, delegate(0)])]],
  ["misplaced-catch", "in a try_table", [tryTable(EMPTY, [], AT, delegate(0))]],
])

validates("rethrow", [
  ["ok", "of a catch", [attempt(EMPTY, [], legacyCatch(TAG.VOID, rethrow(0)))]],
  ["ok", "of a catch_all", [attempt(EMPTY, [], legacyCatchAll(rethrow(0)))]],
  ["ok", "of a catch around a block", [
    [attempt(EMPTY, [], legacyCatch(TAG.VOID, block(EMPTY, rethrow(1))))],
  ]],
  ["ok", "of a catch around a try", [
    [attempt(EMPTY, [], legacyCatchAll(attempt(EMPTY, [rethrow(1)], ALL)))],
  ]],
  ["ok", "what follows is unreachable", [attempt(EMPTY, [], legacyCatchAll(rethrow(0), DROP))]],
  ["ok", "for any result", [attempt(I64, [I64_0], legacyCatchAll(rethrow(0)))], gives(I64)],
  ["invalid-rethrow", "of the function", [AT, rethrow(0)]],
  ["invalid-rethrow", "of a block", [block(EMPTY, AT, rethrow(0))]],
  ["invalid-rethrow", "of a try's body", [attempt(EMPTY, [AT, rethrow(0)], ALL)]],
  ["invalid-rethrow", "of a block in a catch", [
    [attempt(EMPTY, [], legacyCatchAll(block(EMPTY, AT, rethrow(0))))],
  ]],
  ["invalid-rethrow", "of the function from a catch", [
    [attempt(EMPTY, [], legacyCatchAll(AT, rethrow(1)))],
  ]],
  ["unknown-label", "beyond the function", [attempt(EMPTY, [], legacyCatchAll(AT, rethrow(2)))]],
])

const X = L.NEXT
validates("locals without a default value in a try", [
  ["ok", "set outside of it", [
    [A_BASE, localSet(X), attempt(EMPTY, [], legacyCatchAll(localGet(X), DROP))],
  ]],
  ["ok", "set and read in a clause", [
    [attempt(EMPTY, [], legacyCatchAll(A_BASE, localSet(X), localGet(X), DROP))],
  ]],
  ["uninitialized-local", "set in its body, read in a clause", [
    [attempt(EMPTY, [A_BASE, localSet(X)], legacyCatchAll(AT, localGet(X), DROP))],
  ]],
  ["uninitialized-local", "set in a clause, read in the next", [
    [attempt(
      EMPTY,
      [],
      legacyCatch(0, A_BASE, localSet(X)),
      legacyCatchAll(AT, localGet(X), DROP),
    )],
  ]],
  ["uninitialized-local", "set in its body, read behind it", [
    [attempt(EMPTY, [A_BASE, localSet(X)]), AT, localGet(X), DROP],
  ]],
  ["uninitialized-local", "set before a delegate, read behind it", [
    [legacyTry(EMPTY, A_BASE, localSet(X)), delegate(0), AT, localGet(X), DROP],
  ]],
], { environment: { locals: [[1, ref(T.BASE)]] } })

validates("a try that does not end", [
  ["unexpected-end", "in its body", [legacyTry(EMPTY, NOP), END, AT], { hasEnd: false }],
  ["unexpected-end", "in a clause", [legacyTry(EMPTY), ALL, END, AT], { hasEnd: false }],
])

// Engines reject a module with both kinds of exceptions; the proposals do not.
validates("both kinds of exceptions", [
  ["ok", "in one body", [
    [attempt(EMPTY, [tryTable(EMPTY, [])], legacyCatchAll(refNullOf(EXN), THROW_REF))],
  ]],
  ["ok", "throw in a try", [attempt(EMPTY, [throwTag(TAG.VOID)], VOID)]],
  ["type-mismatch", "a wrong operand of throw in a try", [
    [attempt(EMPTY, [I64_0, F64_0, AT, throwTag(TAG.TAKES)], VOID)],
  ]],
])

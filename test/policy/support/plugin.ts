/**
 * A plugin with most of what policies can restrict, and parts of it.
 */
import {
  body,
  build,
  code,
  custom,
  emptyBody,
  END,
  exported,
  exports,
  func,
  FUNCREF,
  functions,
  globals,
  I32,
  i32,
  imported,
  imports,
  type Part,
  start,
  tables,
  types,
} from "../../support/module_builder.ts"

const [FUNC, MEMORY, GLOBAL] = [0, 2, 3]

export const signatures: Part = types(func([I32], [I32]), func([], []))
export const log: Part = imported("env", "log", FUNC, 0)

export const logType = "(func (param i32) (result i32))"

/** Limits: a minimum, and a maximum. */
export const limits = (initial: number, maximum?: number): Part =>
  maximum === undefined ? [0, initial] : [1, initial, maximum]

/** Something of everything. */
export const plugin: Uint8Array<ArrayBuffer> = build(
  signatures,
  imports(
    log,
    imported("env", "memory", MEMORY, limits(1, 4)),
    imported("wbg", "__wbg_now", FUNC, 1),
  ),
  functions(1, 0),
  tables([FUNCREF, limits(2, 5)]),
  globals([I32, 0, i32(7), END]),
  exports(exported("run", FUNC, 2), exported("memory", MEMORY, 0), exported("seven", GLOBAL, 0)),
  start(2),
  code(emptyBody, body(0, 0x20, 0, END)),
  custom("made-by", 1),
).bytes

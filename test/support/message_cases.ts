/**
 * Invalid modules, one for each of the most frequent messages: for the snapshot of our messages, and for the comparison with
 * those of the engines in `docs/messages.md`.
 */
import {
  body,
  build,
  code,
  custom,
  END,
  exported,
  exports,
  func,
  functions,
  I32,
  memories,
  type Part,
  start,
  types,
} from "./module_builder.ts"

type Bytes = Uint8Array<ArrayBuffer>

const module = (...parts: ReadonlyArray<Part>): Bytes => build(...parts).bytes
const raw = (...bytes: ReadonlyArray<number>): Bytes =>
  Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes])
const text = (value: string): Bytes => new TextEncoder().encode(value)

const parameters = types(func([I32, I32], [I32]), func([], []))
/** A module whose function `render` has these instructions. */
const render = (...instructions: ReadonlyArray<Part>): Bytes =>
  module(
    parameters,
    functions(0),
    exports(exported("render", 0, 0)),
    code(body(0, ...instructions, END)),
  )
const get = (local: number) => [0x20, local]

/** An invalid module, named by what is wrong with it. */
export interface MessageCase {
  readonly name: string
  readonly bytes: Bytes
}

const row = (name: string, bytes: Bytes): MessageCase => ({ name, bytes })

const good = module(parameters, functions(1), code(body(0, END)))

/** All of them. */
// deno-fmt-ignore
export const messageCases: ReadonlyArray<MessageCase> = [
  row("a page", text("<!doctype html><html><title>Not found</title>")),
  row("JSON", text('{"message":"not found"}')),
  row("gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3)),
  row("a component", Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)),
  row("nothing", new Uint8Array(0)),
  row("a module cut short", good.slice(0, 26)),
  row("a module and a newline", Uint8Array.from([...good, 0x0a])),
  row("a byte order mark", Uint8Array.from([0xef, 0xbb, 0xbf, ...good])),
  row("an unknown section", raw(0x1f, 1, 0)),
  row("a section twice", raw(1, 1, 0, 1, 1, 0)),
  row("sections out of order", raw(3, 1, 0, 1, 1, 0)),
  row("a section with bytes left", raw(1, 2, 0, 0)),
  row("two functions, one body", module(parameters, functions(1, 1), code(body(0, END)))),
  row("functions without code", module(parameters, functions(1, 1))),
  row("a type that is not there", module(types(func([], [])), functions(7))),
  row("an export twice", module(parameters, functions(1), exports(exported("a", 0, 0), exported("a", 0, 0)), code(body(0, END)))),
  row("an export of nothing", module(parameters, functions(1), exports(exported("a", 0, 5)), code(body(0, END)))),
  row("a name that is not UTF-8", raw(1, 4, 1, 0x60, 0, 0, 2, 8, 1, 2, 0xc3, 0x28, 1, 0x66, 0, 0)),
  row("an unknown value type", raw(1, 5, 1, 0x60, 1, 0x40, 0)),
  row("too many parameters", raw(1, 5, 1, 0x60, 0xe9, 0x07, 0)),
  row("a number too long", raw(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0)),
  row("a memory too large", raw(5, 5, 1, 0, 0x81, 0x80, 0x04)),
  row("a minimum above the maximum", raw(5, 4, 1, 1, 3, 2)),
  row("a start function with parameters", module(parameters, functions(0), start(0), code(body(0, 0x41, 0, END)))),
  row("too many locals", module(parameters, functions(1), exports(exported("main", 0, 0)), code(body([1, 0xd1, 0x86, 3, I32], END)))),
  row("a global that is not constant", raw(6, 6, 1, I32, 0, 0x20, 0, END)),
  row("operands of different types", render(get(0), 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x6a)),
  row("an operand is missing", render(0x6a)),
  row("no result", render()),
  row("a value too many", render(get(0), get(1))),
  row("an unknown local", render(get(7))),
  row("an unknown function", render(0x10, 9)),
  row("an unknown global", render(0x23, 4)),
  row("an unknown label", render(0x0c, 3)),
  row("no memory", render(get(0), 0x28, 2, 0)),
  row("an alignment too large", module(parameters, functions(0), memories([0, 1]), code(body(0, get(0), 0x28, 3, 0, END)))),
  row("an else without an if", render(0x05)),
  row("an if without else", render(get(0), 0x04, I32, get(1), END)),
  row("a body without end", module(parameters, functions(1), code(body(0, 0x01)))),
  row("an unknown instruction", render(0x27)),
  row("br_table with different labels", render(get(0), 0x02, 0x40, get(0), 0x0e, 1, 0, 1, END)),
  row("a tail call to other results", module(parameters, functions(0, 1), code(body(0, 0x12, 1, END), body(0, END)))),
  row("a function with a name of its own", module(parameters, functions(0), code(body(0, 0x6a, END)), custom("name", 1, 9, 1, 0, 6, ...text("secret")))),
  row("more functions than bytes", raw(1, 4, 1, 0x60, 0, 0, 3, 5, 0xff, 0xff, 0xff, 0xff, 0x0f)),
  row("more types than there may be", raw(1, 5, 0xc1, 0x84, 0x3d, 0x60, 0)),
  row("a count of segments that is wrong", raw(5, 3, 1, 0, 1, 12, 1, 3, 11, 6, 1, 0, 0x41, 0, END, 0)),
]

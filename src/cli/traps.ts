/**
 * Traps in the words of the specification, whatever the engine, and where they happened, as far as engines report it.
 *
 * @see https://webassembly.github.io/spec/core/exec/instructions.html
 * @module
 */

/** The messages of V8, JavaScriptCore and SpiderMonkey for each kind of trap. */
const kinds: ReadonlyArray<readonly [said: RegExp, kind: string]> = [
  [/unreachable/i, "unreachable"],
  [/unaligned/i, "unaligned atomic"],
  [/Atomics\.wait cannot be called/, "expected shared memory"],
  [
    /unrepresentable in integer|out of bounds trunc|invalid conversion/i,
    "invalid conversion to integer",
  ],
  [/divide result unrepresentable|integer overflow/i, "integer overflow"],
  [/divi(?:de|sion) by zero|remainder by zero/i, "integer divide by zero"],
  // V8 has one message for both.
  [/null function or function signature/i, "uninitialized element or indirect call type mismatch"],
  [
    /signature mismatch|call_indirect to a (?:signature|wrong)/i,
    "indirect call type mismatch",
  ],
  [/call_indirect to a null|indirect call to null|^null function$/i, "uninitialized element"],
  [
    /table index|table access|out of bounds (?:call_indirect|table)|table.*out of (?:bounds|range)/i,
    "out of bounds table access",
  ],
  [/array.*out of bounds|out of bounds array/i, "out of bounds array access"],
  [/memory|data segment/i, "out of bounds memory access"],
  [
    /null (?:pointer|reference|struct|array|object)|null dereference|access of null|rethrowing null/i,
    "null reference",
  ],
  [/illegal cast|cast failure|ref\.cast|bad cast/i, "cast failure"],
  [/call stack|recursion/i, "call stack exhausted"],
]

/**
 * The kind of a trap.
 *
 * @param message the engine's
 */
export const trapKind = (message: string): string | undefined =>
  kinds.find(([said]) => said.test(message))?.[1]

/** A frame of a call stack. */
export interface TrapFrame {
  /** The function, as the engine numbers it. */
  readonly functionIndex: number
  /** The offset in the module, if the engine reports it. */
  readonly offset: number | undefined
}

/**
 * The frames of WebAssembly in a stack, the innermost first.
 *
 * @param stack the engine's
 */
export const trapFrames = (stack: string): ReadonlyArray<TrapFrame> =>
  [...stack.matchAll(/wasm-function\[(\d+)\](?::0x([\da-f]+))?/g)].map(([, index, offset]) => ({
    functionIndex: Number(index),
    offset: offset === undefined ? undefined : Number.parseInt(offset, 16),
  }))

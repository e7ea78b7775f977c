/**
 * Node's built-in modules, on Node, Bun and Deno, without imports that bundlers for browsers could not resolve.
 *
 * @module
 */
import type * as Crypto from "node:crypto"
import type * as FileSystem from "node:fs/promises"
import type * as Util from "node:util"

interface Builtins {
  readonly "node:crypto": Pick<typeof Crypto, "createHash">
  readonly "node:fs/promises": typeof FileSystem
  readonly "node:util": Pick<typeof Util, "types">
}

interface NodeLike {
  getBuiltinModule?<Id extends keyof Builtins>(id: Id): Builtins[Id] | undefined
}

/**
 * One of Node's built-in modules; `undefined` in a browser.
 *
 * @param id its name
 */
export const findNodeBuiltin = <Id extends keyof Builtins>(id: Id): Builtins[Id] | undefined => {
  const process: NodeLike | undefined = Reflect.get(globalThis, "process")
  return process?.getBuiltinModule?.(id)
}

/**
 * One of Node's built-in modules. Throws in a browser.
 *
 * @param id its name
 */
export const nodeBuiltin = <Id extends keyof Builtins>(id: Id): Builtins[Id] => {
  const found = findNodeBuiltin(id)
  if (found === undefined) throw new Error(`There is no ${id} here`)
  return found
}

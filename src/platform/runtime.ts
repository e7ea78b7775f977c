/**
 * The runtime, for the few differences that cannot be detected otherwise.
 *
 * @module
 */

const has = (name: string): boolean => Reflect.get(globalThis, name) !== undefined

const isNodeLike = (): boolean => {
  const process: { versions?: { node?: string } } | undefined = Reflect.get(globalThis, "process")
  return process?.versions?.node !== undefined
}

/** Whether this is Bun. */
export const isBun: boolean = has("Bun")

/** Whether this is Deno. */
export const isDeno: boolean = has("Deno")

/** Whether this is a browser's page or worker. */
export const isBrowser: boolean = !isBun && !isDeno && !isNodeLike()

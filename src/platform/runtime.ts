/**
 * Which kind of runtime this is, in the few questions that the pipeline has to ask.
 *
 * @module
 */

const has = (name: string): boolean => Reflect.get(globalThis, name) !== undefined

const isNodeLike = (): boolean => {
  const process: { versions?: { node?: string } } | undefined = Reflect.get(globalThis, "process")
  return process?.versions?.node !== undefined
}

/** There a pending compilation does not keep the process alive. */
export const isBun: boolean = has("Bun")

/** There the engine looks at a chunk after it has asked for the next one. */
export const isDeno: boolean = has("Deno")

/** A browser's page or worker. */
export const isBrowser: boolean = !isBun && !isDeno && !isNodeLike()

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

/** A browser's page or worker: the engine keeps compiled code under the URL of the `Response` that it is given. */
export const isBrowser: boolean = !isBun && !has("Deno") && !isNodeLike()

/**
 * Is it a module? By the engine's own functions, taken once, which refuse what is none; and what it imports and exports, as
 * they say.
 *
 * @module
 */

/** A list of descriptors; throws for what is no module. */
type Describe<Descriptor> = (module: WebAssembly.Module) => ReadonlyArray<Descriptor>

/** An import, as the engine says. */
export interface ImportDescriptor {
  readonly module: string
  readonly name: string
  readonly kind: string
}

/** An export, as the engine says. */
export interface ExportDescriptor {
  readonly name: string
  readonly kind: string
}

const namespace: object | undefined = Reflect.get(globalThis, "WebAssembly")

const methodOf = (name: string): unknown => {
  const Module: unknown = namespace === undefined ? undefined : Reflect.get(namespace, "Module")
  return typeof Module === "function" ? Reflect.get(Module, name) : undefined
}

const isDescribe = <Descriptor>(value: unknown): value is Describe<Descriptor> =>
  typeof value === "function"

const describe = <Descriptor>(name: string): Describe<Descriptor> => {
  const method = methodOf(name)
  return isDescribe<Descriptor>(method) ? method : () => {
    throw new TypeError("WebAssembly is not available here")
  }
}

/** What a module imports. */
export const importsOf: Describe<ImportDescriptor> = describe("imports")

/** What a module exports. */
export const exportsOf: Describe<ExportDescriptor> = describe("exports")

/**
 * Whether a value is a module of this engine.
 *
 * @param value any value
 */
export const isModule = (value: unknown): value is WebAssembly.Module => {
  if (typeof value !== "object" || value === null) return false
  try {
    Reflect.apply(exportsOf, undefined, [value])
    return true
  } catch {
    return false
  }
}

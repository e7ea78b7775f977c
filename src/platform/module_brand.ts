/**
 * Recognizes modules, and lists their imports and exports, with the engine's own functions, taken at import.
 *
 * @module
 */

/** Lists descriptors; throws for a value that is not a module. */
type Describe<Descriptor> = (module: WebAssembly.Module) => ReadonlyArray<Descriptor>

/** An import, as the engine describes it. */
export interface ImportDescriptor {
  readonly module: string
  readonly name: string
  readonly kind: string
}

/** An export, as the engine describes it. */
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

/** The imports of a module. */
export const importsOf: Describe<ImportDescriptor> = describe("imports")

/** The exports of a module. */
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

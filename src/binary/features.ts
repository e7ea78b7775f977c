/**
 * Features of the language that a module's structure shows. Function bodies are not looked at, so
 * a feature that only instructions show is not among them.
 */

export const FEATURE_MUTABLE_GLOBALS = 1
export const FEATURE_MULTI_VALUE = 2
export const FEATURE_REFERENCE_TYPES = 4
export const FEATURE_BULK_MEMORY = 8
export const FEATURE_SIMD = 16
export const FEATURE_THREADS = 32
export const FEATURE_MEMORY64 = 64
export const FEATURE_MULTI_MEMORY = 128
export const FEATURE_EXTENDED_CONST = 256
export const FEATURE_EXCEPTIONS = 512
export const FEATURE_FUNCTION_REFERENCES = 1024
export const FEATURE_GC = 2048

const NAMES: readonly (readonly [number, string])[] = [
  [FEATURE_MUTABLE_GLOBALS, "mutable-globals"],
  [FEATURE_MULTI_VALUE, "multi-value"],
  [FEATURE_REFERENCE_TYPES, "reference-types"],
  [FEATURE_BULK_MEMORY, "bulk-memory"],
  [FEATURE_SIMD, "simd"],
  [FEATURE_THREADS, "threads"],
  [FEATURE_MEMORY64, "memory64"],
  [FEATURE_MULTI_MEMORY, "multi-memory"],
  [FEATURE_EXTENDED_CONST, "extended-const"],
  [FEATURE_EXCEPTIONS, "exceptions"],
  [FEATURE_FUNCTION_REFERENCES, "typed-function-references"],
  [FEATURE_GC, "gc"],
]

/** The names of a set of features, oldest first. */
export function featureNames(features: number): string[] {
  const names: string[] = []
  for (const [bit, name] of NAMES) {
    if ((features & bit) !== 0) names.push(name)
  }
  return names
}

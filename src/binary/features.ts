/**
 * Features of the language that a module uses. Its structure shows some; those that only instructions
 * show are found where function bodies are validated.
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

export const FEATURE_SIGN_EXTENSION = 4096
export const FEATURE_SATURATING = 8192
export const FEATURE_RELAXED_SIMD = 16384
export const FEATURE_TAIL_CALLS = 32768
export const FEATURE_LEGACY_EXCEPTIONS = 65536
export const FEATURE_WIDE_ARITHMETIC = 131072

const NAMES: readonly (readonly [number, string])[] = [
  [FEATURE_MUTABLE_GLOBALS, "mutable-globals"],
  [FEATURE_SIGN_EXTENSION, "sign-extension"],
  [FEATURE_SATURATING, "saturating-float-to-int"],
  [FEATURE_MULTI_VALUE, "multi-value"],
  [FEATURE_REFERENCE_TYPES, "reference-types"],
  [FEATURE_BULK_MEMORY, "bulk-memory"],
  [FEATURE_SIMD, "simd"],
  [FEATURE_RELAXED_SIMD, "relaxed-simd"],
  [FEATURE_THREADS, "threads"],
  [FEATURE_MEMORY64, "memory64"],
  [FEATURE_MULTI_MEMORY, "multi-memory"],
  [FEATURE_EXTENDED_CONST, "extended-const"],
  [FEATURE_TAIL_CALLS, "tail-calls"],
  [FEATURE_EXCEPTIONS, "exceptions"],
  [FEATURE_LEGACY_EXCEPTIONS, "legacy-exceptions"],
  [FEATURE_FUNCTION_REFERENCES, "typed-function-references"],
  [FEATURE_GC, "gc"],
  [FEATURE_WIDE_ARITHMETIC, "wide-arithmetic"],
]

/** The names of a set of features, oldest first. */
export function featureNames(features: number): string[] {
  const names: string[] = []
  for (const [bit, name] of NAMES) {
    if ((features & bit) !== 0) names.push(name)
  }
  return names
}

/**
 * The WebAssembly features that a module uses, a bit each, the oldest lowest. Some are evident from
 * the module's structure; others show only in instructions, and are found when function bodies are validated.
 *
 * @module
 */

export const FEATURE_MUTABLE_GLOBALS = 1
export const FEATURE_SIGN_EXTENSION = 2
export const FEATURE_SATURATING = 4
export const FEATURE_MULTI_VALUE = 8
export const FEATURE_REFERENCE_TYPES = 16
export const FEATURE_BULK_MEMORY = 32
export const FEATURE_SIMD = 64
export const FEATURE_RELAXED_SIMD = 128
export const FEATURE_THREADS = 256
export const FEATURE_MEMORY64 = 512
export const FEATURE_TABLE64 = 1024
export const FEATURE_MULTI_MEMORY = 2048
export const FEATURE_EXTENDED_CONST = 4096
export const FEATURE_TAIL_CALLS = 8192
export const FEATURE_EXCEPTIONS = 16384
export const FEATURE_LEGACY_EXCEPTIONS = 32768
export const FEATURE_FUNCTION_REFERENCES = 65536
export const FEATURE_GC = 131072
export const FEATURE_WIDE_ARITHMETIC = 262144

/** The names of features, by their bits. */
export const FEATURE_NAMES = [
  "mutable-globals",
  "sign-extension",
  "saturating-float-to-int",
  "multi-value",
  "reference-types",
  "bulk-memory",
  "simd",
  "relaxed-simd",
  "threads",
  "memory64",
  "table64",
  "multi-memory",
  "extended-const",
  "tail-calls",
  "exceptions",
  "legacy-exceptions",
  "typed-function-references",
  "gc",
  "wide-arithmetic",
] as const

/** The names of a set of features, oldest first. */
export const featureNames = (features: number): Array<string> =>
  FEATURE_NAMES.filter((_, bit) => (features & (1 << bit)) !== 0)

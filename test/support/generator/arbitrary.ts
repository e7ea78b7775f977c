/**
 * Generated modules for property tests.
 */
import fc from "fast-check"
import { type GeneratedModule, generateModule } from "./generator.ts"
import type { Feature } from "./features.ts"

/** Any generated module; a failure shrinks by size. */
export const anyModule = (
  features: ReadonlySet<Feature>,
  largest: number = 120,
): fc.Arbitrary<GeneratedModule> =>
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: largest }))
    .map(([seed, size]) => generateModule({ seed, size, features }))

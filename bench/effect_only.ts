/**
 * The baseline of `import_cost.ts`: what every program on Effect imports.
 *
 * @module
 */
import "effect/Effect"

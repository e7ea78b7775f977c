/**
 * What any program on Effect imports: the yardstick of `import_cost.ts`.
 *
 * @module
 */
import "effect/Effect"

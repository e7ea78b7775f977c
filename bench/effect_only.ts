/**
 * What any program on Effect's streams imports: the yardstick of `import_cost.ts`.
 *
 * @module
 */
import "effect/Effect"
import "effect/Stream"

/**
 * Programs on structs and arrays, as compilers of languages with a garbage collector make them.
 */
import { closures } from "./gc_closures_module.ts"
import { collections } from "./gc_collections_module.ts"
import { shapes } from "./gc_shapes_module.ts"
import type { Program } from "../programs/program.ts"

/** Each is run by the tests where the engine can. */
export const gcPrograms: ReadonlyArray<Program> = [collections, shapes, closures]

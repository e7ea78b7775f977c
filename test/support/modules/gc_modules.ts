/**
 * Programs with structs and arrays, like those that compilers of garbage-collected languages make.
 */
import { closures } from "./gc_closures_module.ts"
import { collections } from "./gc_collections_module.ts"
import { shapes } from "./gc_shapes_module.ts"
import type { Program } from "../programs/program.ts"

/** The programs. The tests run them if the engine supports garbage collection. */
export const gcPrograms: ReadonlyArray<Program> = [collections, shapes, closures]

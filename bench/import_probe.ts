/**
 * One fresh process of `import_cost.ts`: imports what it is told to, once, and prints how long that took.
 *
 * Usage: `import_probe.ts ours|effect`
 *
 * @module
 */
import process from "node:process"
import { runtime, timed } from "./support.ts"

let module: object = {}
const taken = await timed(async () => {
  module = process.argv[2] === "ours" ? await import("../mod.ts") : await import("./effect_only.ts")
})

// The names are printed so that a bundler cannot leave out what nobody uses.
console.log(JSON.stringify({ runtime: runtime(), taken, exports: Object.keys(module) }))

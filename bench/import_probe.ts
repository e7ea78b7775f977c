/**
 * One fresh process of `import_cost.ts`: imports what it is told to, once, and prints how long that took.
 *
 * Usage: `import_probe.ts source|packed|effect <URL of what is packed>`
 *
 * @module
 */
import process from "node:process"
import { runtime, timed } from "./support.ts"

const [what, packed = ""] = process.argv.slice(2)

let module: object = {}
const taken = await timed(async () => {
  module = what === "source"
    ? await import("../mod.ts")
    : what === "packed"
    ? await import(packed)
    : await import("./effect_only.ts")
})

// The names are printed so that a bundler cannot leave out what nobody uses.
console.log(JSON.stringify({ runtime: runtime(), taken, exports: Object.keys(module) }))

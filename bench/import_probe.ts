/**
 * A fresh process of `import_cost.ts`: imports one thing, once, and prints how long that took.
 *
 * Usage: `import_probe.ts source|packed|effect <URL of the packed entry>`
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

// The names are printed so that a bundler cannot remove unused exports.
console.log(JSON.stringify({ runtime: runtime(), taken, exports: Object.keys(module) }))

/**
 * One fresh process of `import_cost.ts`: imports what it is told to, once, and prints how long that took.
 *
 * Usage: `import_probe.ts ours|effect`
 *
 * @module
 */
import process from "node:process"
import { runtime } from "./support.ts"

const before = performance.now()
if (process.argv[2] === "ours") await import("../mod.ts")
else await import("./effect_only.ts")
const taken = performance.now() - before

console.log(JSON.stringify({ runtime: runtime(), taken }))

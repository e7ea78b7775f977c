/**
 * Which engine this is.
 *
 * @module
 */
import process from "node:process"
import { isBun, isDeno } from "../platform/runtime.ts"

/** The engine and the runtime, with their versions. */
export const engineName = (): string => {
  const { bun, deno, node, v8 } = process.versions
  if (isBun) return `JavaScriptCore, Bun ${bun}`
  return `V8 ${(v8 ?? "").replace(/-.*$/, "")}, ${isDeno ? `Deno ${deno}` : `Node ${node}`}`
}

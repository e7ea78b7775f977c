#!/usr/bin/env node
/**
 * The command: `compile-streaming`, as the package's `bin`, the entry `./cli`, and `bun start`. Here is only what help needs,
 * which is told before anything else is loaded.
 *
 * @module
 */
import process from "node:process"
import { helpRequest, outputSettings } from "./arguments.ts"
import { helpTexts } from "./help_texts.ts"
import { hasColor, withoutColor } from "./terminal/color.ts"
import { standardStreams } from "./terminal/streams.ts"

const args = process.argv.slice(2)
const help = helpTexts[helpRequest(args) ?? "none"]
if (help === undefined) {
  const { start } = await import("./start.ts")
  start(args)
} else {
  const { color } = outputSettings(args)
  const isColored = hasColor(color, process.stdout.isTTY === true, process.env)
  standardStreams().output.write(`${isColored ? help : withoutColor(help)}\n`)
}

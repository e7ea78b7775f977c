#!/usr/bin/env node
/**
 * The command `compile-streaming`: the package's `bin`, the entry `./cli`, and `bun start`. Help is printed from a prepared
 * text, before anything else is loaded.
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

/**
 * Without arguments: the embedded example is served over loopback, compiled as it arrives, and called.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { InstantiateStreamingError } from "../../errors.ts"
import { instantiateStreaming } from "../../effect.ts"
import { badModule, type CliError } from "../cli_error.ts"
import { serveExample } from "../example.ts"
import { Output } from "../terminal/output.ts"
import { countText, timeText } from "../terminal/numbers.ts"
import { labelled, oneLine, pad } from "../terminal/text.ts"
import { type Stage, withStages } from "../timeline.ts"

const line = (label: string, milliseconds: number | undefined, text: string): string =>
  labelled(
    label,
    `${pad(milliseconds === undefined ? "" : timeText(milliseconds), 10, "left")}  ${
      oneLine(text)
    }`,
  )

const told: Readonly<
  Record<string, (fact: (name: string) => unknown) => readonly [string, string]>
> = {
  "Wasm.resolveSource": () => ["fetched", ""],
  "Wasm.checkResponse": (fact) => ["checked", `${fact("status")}, ${fact("contentType")}`],
  "Wasm.readBody": (fact) => ["read", `${countText(Number(fact("bytes")))} bytes`],
  "Wasm.compile": () => ["compiled", ""],
  "Wasm.instantiate": () => ["instantiated", ""],
}

const stageLine = ({ attributes, end, failure, name, start }: Stage): string | undefined => {
  if (failure !== undefined) return undefined
  const described = told[name]?.((fact) => attributes.get(fact))
  return described && line(described[0], end - start, described[1])
}

const hint = "Any module: compile-streaming <url or path>. All commands: compile-streaming --help"

/** Serves the example, compiles it while it arrives, instantiates it and calls its export. */
export const runExample: Effect.Effect<void, CliError | InstantiateStreamingError | Error> = Effect
  .gen(function* () {
    const output = yield* Output
    const { size, url } = yield* serveExample
    output.print(line("serving", undefined, `${url} (${size} bytes)`))
    const received: Array<unknown> = []
    const imports = { imports: { imported_func: (value: unknown) => void received.push(value) } }
    const response = Effect.tryPromise({
      try: () => fetch(url),
      catch: (cause) => badModule(`Cannot reach the example: ${String(cause)}`),
    })
    const { instance } = yield* instantiateStreaming(response, imports).pipe(
      withStages((stage) => {
        const said = stageLine(stage)
        if (said !== undefined) output.print(said)
      }),
    )
    const exported: unknown = instance.exports["exported_func"]
    if (typeof exported !== "function") {
      return yield* Effect.fail(badModule("The example does not export exported_func"))
    }
    exported()
    output.print(line("called", undefined, "exported_func(), which called imported_func with"))
    for (const value of received) output.print(String(value))
    if (output.live !== undefined) output.note(output.noteStyle.faint(hint))
  }).pipe(Effect.scoped)

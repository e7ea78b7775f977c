/**
 * Writes `docs/messages.md`: the library's messages beside those of the engines, for the same invalid bytes.
 *
 * ```sh
 * bun bench/messages.ts > docs/messages.md
 * ```
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { compileStreaming } from "../mod.ts"
import { openBrowser } from "../test/runners/puppeteer_browser.ts"
import { messageCases } from "../test/support/message_cases.ts"

const modules = messageCases.map(({ bytes }) => [...bytes])

/** Runs in each engine. Prefixes that all messages of an engine have are left out. */
const collect = async (modules: ReadonlyArray<ReadonlyArray<number>>): Promise<Array<string>> => {
  const messages: Array<string> = []
  for (const bytes of modules) {
    const message = await WebAssembly.compile(Uint8Array.from(bytes))
      .then(() => "(is compiled)", (error: unknown) => String(error))
    messages.push(
      message.replace(/^CompileError: /, "")
        .replace(/^(WebAssembly\.compile\(\): |WebAssembly\.Module |wasm validation error: )/, "")
        // JavaScriptCore appends the expression that was evaluated.
        .replace(/ \(evaluating '.*'\)$/s, ""),
    )
  }
  return messages
}

const ofThisLibrary = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const response = new Response(bytes, { headers: { "content-type": "application/wasm" } })
  return await compileStreaming(response, { validation: "full" })
    .then(() => "(is compiled)", (error: unknown) => error instanceof Error ? error.message : "")
}

const isMessages = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((text) => typeof text === "string")

const ofDeno = (): ReadonlyArray<string> => {
  const program = `const collect = ${collect}
    console.log(JSON.stringify(await collect(${JSON.stringify(modules)})))`
  const { stdout } = spawnSync("deno", ["run", "-"], { input: program, encoding: "utf8" })
  const messages: unknown = JSON.parse(stdout)
  if (!isMessages(messages)) throw new Error("Deno printed something else than messages")
  return messages
}

const ofFirefox = async (): Promise<ReadonlyArray<string>> => {
  const browser = await openBrowser("firefox")
  if (browser === undefined) throw new Error("Firefox is not installed")
  try {
    const page = await browser.newPage()
    const messages: unknown = await page.evaluate(
      `(${collect})(${JSON.stringify(modules)})`,
    )
    if (!isMessages(messages)) throw new Error("Firefox gave something else than messages")
    return messages
  } finally {
    await browser.close()
  }
}

const columns: ReadonlyArray<readonly [name: string, messages: ReadonlyArray<string>]> = [
  ["this library", await Promise.all(messageCases.map(({ bytes }) => ofThisLibrary(bytes)))],
  ["V8", ofDeno()],
  ["JavaScriptCore", await collect(modules)],
  ["SpiderMonkey", await ofFirefox()],
]

console.log(`# Messages beside those of the engines

What each says about the same bytes: this library with \`validation: "full"\`, and V8 (Deno), JavaScriptCore
(Bun) and SpiderMonkey (Firefox) in \`WebAssembly.compile\`. Words with which all messages of an engine
begin are left out. Written by \`bun bench/messages.ts\`; a test holds the lines of this library.

\`\`\`text`)
messageCases.forEach(({ name }, i) => {
  if (i > 0) console.log()
  console.log(name)
  for (const [engine, messages] of columns) {
    console.log(`  ${engine.padEnd(16)}${messages[i]?.replaceAll("\n", " ").trim()}`)
  }
})
console.log("```")

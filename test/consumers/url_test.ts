/**
 * Import by URL: a Deno program imports `mod.ts` from a web server, with an import map for effect alone.
 *
 * Deno does not apply the `deno.json` of a remote module, so the importer's map has to resolve `effect/`.
 *
 * @module
 */
import assert from "node:assert/strict"
import { readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import { test } from "node:test"
import { root, runOk } from "../support/command.ts"
import {
  checkPrinted,
  effectRange,
  needing,
  program,
  typedProgram,
  withFolder,
} from "../support/programs/consumer.ts"

/** Serves the modules of this project, and nothing else, on a port that the system picks while `body` runs. */
const withServer = async (body: (origin: string) => Promise<void>): Promise<void> => {
  const server = createServer(async (request, response) => {
    const path = request.url ?? ""
    const code = /^\/(mod|src\/[\w/]+)\.ts$/.test(path)
      ? await readFile(join(root, path)).catch(() => undefined)
      : undefined
    if (code === undefined) response.writeHead(404).end()
    else response.writeHead(200, { "content-type": "application/typescript" }).end(code)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    const address = server.address()
    assert.ok(typeof address === "object" && address !== null)
    await body(`http://127.0.0.1:${address.port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** Removes what Deno has cached from a server that is gone. */
const forget = async (origin: string): Promise<void> => {
  const info: object = JSON.parse(await runOk("deno", ["info", "--json"], root))
  const cache: unknown = Reflect.get(info, "modulesCache")
  if (typeof cache !== "string") return
  const { hostname, port } = new URL(origin)
  await rm(join(cache, "http", `${hostname}_PORT${port}`), { recursive: true, force: true })
}

test(
  "mod.ts is imported by URL with a map of imports for effect",
  needing("the import by URL", "deno"),
  () =>
    withServer(async (origin) => {
      const specifiers = { main: `${origin}/mod.ts`, effect: `${origin}/src/effect.ts` }
      const files = {
        "deno.json": JSON.stringify({
          imports: { "effect/": `npm:/effect@${await effectRange()}/` },
        }),
        "program.ts": program(specifiers),
        "typed.ts": typedProgram(specifiers),
      }
      // An earlier run may have had the same port.
      const options = ["--no-lock", `--reload=${origin}`, `--allow-import=${new URL(origin).host}`]
      await withFolder(files, async (folder) => {
        try {
          checkPrinted(await runOk("deno", ["run", ...options, "program.ts"], folder), "deno")
          await runOk("deno", ["check", ...options, "program.ts", "typed.ts"], folder)
        } finally {
          await forget(origin)
        }
      })
    }),
)

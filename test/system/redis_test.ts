/**
 * Several servers that share a Redis as the cache's store. Two processes make one download; a damaged entry is dropped; if
 * Redis goes away, loads go on, and a metric counts the failures.
 */
import assert from "node:assert/strict"
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process"
import { createServer } from "node:net"
import process from "node:process"
import { createInterface } from "node:readline"
import { test } from "node:test"
import { createClient, RESP_TYPES } from "@redis/client"
import { root, runProgram } from "../support/command.ts"
import { whole, withServer } from "../support/servers/http_server.ts"
import { makeContent } from "../support/loads.ts"

const installed = spawnSync("redis-server", ["--version"]).status === 0
if (!installed) console.log("Skipped: a store in Redis: redis-server is not installed")

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("No port"))
      )
    })
  })

interface Redis {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** A Redis of the test's own, in memory alone. */
const startRedis = async (): Promise<Redis> => {
  const port = await freePort()
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] })
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject)
    createInterface(child.stdout).on("line", (line) => {
      if (line.includes("Ready to accept connections")) resolve()
    })
    ended.then(() => reject(new Error("redis-server ended at once")))
  })
  const stop = async () => {
    child.kill("SIGKILL")
    await ended
  }
  return { url: `redis://127.0.0.1:${port}`, stop }
}

const withRedis = async (use: (redis: Redis) => Promise<void>): Promise<void> => {
  const redis = await startRedis()
  try {
    await use(redis)
  } finally {
    await redis.stop()
  }
}

const program = "test/support/programs/redis_program.ts"
const content = makeContent()
const headers = { etag: '"one"', "cache-control": "max-age=600" }

interface Told {
  readonly exports: number
  readonly requests: number
  readonly failures: number
}

const runOnce = async (redis: string, url: string): Promise<Told> => {
  const { code, stderr, stdout } = await runProgram(program, redis, url)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

/** Changes a byte of every entry. */
const damage = async (url: string): Promise<number> => {
  const client = createClient({ url })
  await client.connect()
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const keys = await client.keys("*")
  for (const key of keys) {
    const value: unknown = await binary.get(key)
    assert.ok(value instanceof Uint8Array)
    value[value.length - 1] = (value[value.length - 1] ?? 0) ^ 1
    await client.set(key, Buffer.from(value))
  }
  client.destroy()
  return keys.length
}

test(
  "two processes make one download; a damaged entry is dropped",
  { skip: !installed },
  () =>
    withRedis((redis) =>
      withServer([whole(content, headers)], async (server) => {
        const expected = { exports: 1, failures: 0 }
        assert.deepEqual(await runOnce(redis.url, server.url), { ...expected, requests: 1 })
        assert.deepEqual(await runOnce(redis.url, server.url), { ...expected, requests: 0 })
        assert.equal(server.asked.length, 1)
        assert.equal(await damage(redis.url), 1)
        assert.deepEqual(await runOnce(redis.url, server.url), { ...expected, requests: 1 })
        assert.deepEqual(await runOnce(redis.url, server.url), { ...expected, requests: 0 })
        assert.equal(server.asked.length, 2)
      })
    ),
)

const linesOf = (child: ChildProcessWithoutNullStreams) => {
  const lines: Array<string> = []
  const waiting: Array<(line: string) => void> = []
  createInterface(child.stdout).on("line", (line) => {
    const next = waiting.shift()
    if (next === undefined) lines.push(line)
    else next(line)
  })
  return (): Promise<string> => {
    const line = lines.shift()
    return line === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(line)
  }
}

test(
  "where Redis goes away, loads go on, and a metric says so",
  { skip: !installed },
  () =>
    withRedis((redis) =>
      withServer([whole(content, headers)], async (server) => {
        const before = "Deno" in globalThis ? ["run", "-A", "--no-check"] : []
        const args = [...before, program, redis.url, server.url, `${server.url}?second`]
        const child = spawn(process.execPath, args, { cwd: root })
        child.stderr.resume()
        const ended = new Promise<number | null>((resolve) => child.once("close", resolve))
        try {
          const next = linesOf(child)
          const first: Told = JSON.parse(await next())
          assert.deepEqual(first, { exports: 1, requests: 1, failures: 0 })
          await redis.stop()
          child.stdin.end("go on\n")
          const second: Told = JSON.parse(await next())
          assert.deepEqual([second.exports, second.requests], [1, 2])
          assert.ok(second.failures >= 2, `${second.failures}`)
          assert.equal(await ended, 0)
        } finally {
          child.kill("SIGKILL")
        }
      })
    ),
)

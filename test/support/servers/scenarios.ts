/**
 * The tests' side of the scenario server: where it is, and how a request went.
 */
import assert from "node:assert/strict"
import { after, before } from "node:test"
import { isFirefox } from "../browser.ts"
import type { LoopbackServer } from "./loopback.ts"
import type { Seen } from "./scenario_server.ts"

/** A request to come. */
export interface ScenarioRequest {
  readonly url: string
  /** How it went, as the server saw it so far. */
  readonly seen: () => Promise<Seen>
}

/** Firefox closes the connection of a cancelled body only when more of it arrives, so there the server goes on sending. */
const trickles = isFirefox

/**
 * Starts the server before the file's tests, and stops it afterwards; in a page, the runner's server is used.
 *
 * @returns a function that makes a request to a scenario, such as `/cut?after=5`
 */
export const withScenarios = (): (scenario: string) => ScenarioRequest => {
  let server: LoopbackServer | undefined
  let origin = ""
  before(async () => {
    const given: unknown = Reflect.get(globalThis, "scenarioOrigin")
    if (typeof given === "string") {
      origin = given
      return
    }
    const { startScenarioServer } = await import("./scenario_server.ts")
    server = await startScenarioServer()
    origin = server.origin
  })
  after(() => server?.close())

  let requests = 0
  return (scenario) => {
    const id = `${Math.random()}-${requests++}`
    const more = `${scenario.includes("?") ? "&" : "?"}id=${id}${trickles ? "&trickle" : ""}`
    const url = `${origin}${scenario}${more}`
    const seen = async (): Promise<Seen> =>
      JSON.parse(await (await fetch(`${origin}/seen?id=${id}`)).text())
    return { url, seen }
  }
}

/** Waits until the server is done with a request. */
export const untilOver = async ({ seen }: ScenarioRequest): Promise<Seen> => {
  for (let tries = 0; tries < 1_000; tries++) {
    const now = await seen()
    if (now.over) return now
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return assert.fail("The server still holds the connection")
}

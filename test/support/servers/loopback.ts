/**
 * A server on loopback, on a port that the system picks: the base of the tests' servers.
 */
import { createServer, type RequestListener } from "node:http"

/** A server that is running. */
export interface LoopbackServer {
  readonly origin: string
  /** Closes it, with every connection. */
  readonly close: () => Promise<void>
}

/**
 * Starts a server.
 *
 * @param answer answers each request
 */
export const startLoopback = async (answer: RequestListener): Promise<LoopbackServer> => {
  const server = createServer(answer)
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject).listen(0, "127.0.0.1", resolve)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("No port")
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

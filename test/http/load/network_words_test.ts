/**
 * What errors of the network say, whichever runtime reports them.
 */
import assert from "node:assert/strict"
import { createServer, type Socket } from "node:net"
import { test } from "node:test"
import { loadModule } from "../../../src/http/mod.ts"
import { said, whyFailed } from "../../../src/http/transport/failure.ts"
import { checkFailure } from "../../support/loads.ts"

const withCode = (code: string, message = ""): Error => Object.assign(new Error(message), { code })
const advice = ". For more information, pass `verbose: true` in the second argument to fetch()"
const deno = (why: string): TypeError =>
  new TypeError("error sending request", {
    cause: new Error(
      `error sending request for url (http://dns error/a.wasm): client error (Connect): ${why}`,
    ),
  })
const refused = "connection refused"
const unresolved = "the host name cannot be resolved"
const closed = "the connection was closed"
const unreachable = "the host cannot be reached from here"
const timedOut = "the connection timed out"
const noTls = "the TLS handshake failed. Does the server speak TLS on this port?"
const notHttp = "the response is not valid HTTP"

// deno-fmt-ignore
const failures: ReadonlyArray<readonly [error: unknown, words: string]> = [
  [withCode("ConnectionRefused", "Unable to connect. Is the computer able to access the url?"), refused],
  [new TypeError("fetch failed", { cause: withCode("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9") }), refused],
  [deno("tcp connect error: Connection refused (os error 111)"), refused],
  [new TypeError("fetch failed", { cause: withCode("ENOTFOUND", "getaddrinfo ENOTFOUND ECONNREFUSED.example") }), unresolved],
  [deno("dns error: failed to lookup address information: Name or service not known"), unresolved],
  [withCode("ECONNRESET", `The socket connection was closed unexpectedly${advice}`), closed],
  [new TypeError("terminated", { cause: withCode("UND_ERR_SOCKET", "other side closed") }), closed],
  [deno("connection closed before message completed"), closed],
  [new Error("error reading a body from connection"), closed],
  [withCode("UND_ERR_CONNECT_TIMEOUT"), timedOut],
  [withCode("EHOSTUNREACH"), unreachable],
  [deno("tcp connect error: Network is unreachable (os error 101)"), unreachable],
  [deno("tcp connect error: No route to host (os error 113)"), unreachable],
  [withCode("ERR_SSL_WRONG_VERSION_NUMBER", "40A3:error:0A00010B:SSL routines:wrong version number:tlsany_meth.c:78:\n"), noTls],
  [deno("received corrupt message of type InvalidContentType"), noTls],
  [withCode("HPE_INVALID_CONSTANT"), notHttp],
  [withCode("Malformed_HTTP_Response", `Malformed_HTTP_Response fetching "http://a.example/"${advice}`), notHttp],
  [deno("invalid HTTP version parsed"), notHttp],
  [deno("message head is too large"), "the response's header is too large"],
  // What is not known keeps its words, without advice for programmers.
  [new Error(`Odd fetching "http://a.example/?secret"${advice}`), "Odd"],
  [deno("odd: connection refused"), "odd: connection refused"],
  [new Error("odd\n"), "odd"],
  ["odd", "odd"],
]
for (const [error, words] of failures) {
  const name = error instanceof Error ? String(error.cause ?? error) : String(error)
  test(`"${words}" is said of ${JSON.stringify(name)}`, () => {
    assert.equal(whyFailed(error), words)
    assert.doesNotMatch(said(error), /verbose|secret/)
  })
}

/** What a server does with a connection, and what is said about it. */
// deno-fmt-ignore
const servers: ReadonlyArray<readonly [name: string, answer: (socket: Socket) => void, words: RegExp]> = [
  ["closes the connection", (socket) => socket.end(), /^Cannot load http\S+: the connection was closed$/],
  ["answers with a malformed header", (socket) => socket.end("HTTP/1.1 200 OK\r\nbad header\r\n\r\n"), /: the response is not valid HTTP$/],
  ["closes the connection within the body", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Type: application/wasm\r\nContent-Length: 9\r\n\r\n\0asm"),
    /^The connection was lost while the body of http\S+ was read \(\d of 9 bytes received\)$/],
]
for (const [name, answer, words] of servers) {
  test(`the words about a server that ${name} are ours`, async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {})
      socket.once("data", () => answer(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    try {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const load = loadModule(`http://127.0.0.1:${port}/a.wasm`, { retries: 0 })
      const error = await checkFailure(load, ["LoadError", "connection"])
      assert.match(String(Reflect.get(error, "message")), words)
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })
}

/**
 * Simulates a slow or faulty connection between a server and a page. The server uses it for samples, the page for files.
 *
 * @module
 */

/** What may happen to a module in transit. */
export const TROUBLES = ["none", "break", "cut", "page"] as const

/** One of them. */
export type Trouble = typeof TROUBLES[number]

/** The properties of a simulated connection. */
export interface Line {
  /** Bytes per second; 0 is unlimited. */
  readonly rate: number
  /** What happens in transit. */
  readonly trouble: Trouble
  /** Where it happens, as a share of the module. */
  readonly at: number
  /** Whether to add a custom section with a random number, so that no engine takes the module from its cache. */
  readonly isStamped: boolean
}

/** What is sent over the connection. */
export interface Sent {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where the connection is cut; the length of the bytes if it is not. */
  readonly end: number
}

/** The response of a server that sends its start page for every path, with a Content-Type by the path's extension. */
const startPage = (): string => {
  const head = "<!doctype html>\n<title>Start page</title>\n"
  const row = "<p>Every path that does not exist is answered with this page.</p>\n"
  return head + row.repeat(3_000)
}

const text = new TextEncoder()

/** Whether bytes begin like a module: only modules get a stamp. */
export const isModule = (bytes: Uint8Array): boolean =>
  bytes.length >= 8 && bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d

const stampName = text.encode("demo")
const stampPayload = 8

/** The bytes that a stamp adds to a module: the section's id and size, its name with a size, and the payload. */
export const STAMP_SIZE: number = 3 + stampName.length + stampPayload

/** A custom section with a random payload. */
const stamp = (): Uint8Array => {
  const payload = crypto.getRandomValues(new Uint8Array(stampPayload))
  return Uint8Array.of(0, STAMP_SIZE - 2, stampName.length, ...stampName, ...payload)
}

/** Inserts bytes after a module's header. */
const afterHeader = (bytes: Uint8Array, added: Uint8Array): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(bytes.length + added.length)
  whole.set(bytes.subarray(0, 8))
  whole.set(added, 8)
  whole.set(bytes.subarray(8), 8 + added.length)
  return whole
}

/** The bits that are flipped in a broken byte. */
const flipped = 0x55

/** The offset at which something happens: never within the header. */
const placeOf = (size: number, share: number): number =>
  Math.min(Math.max(Math.floor(size * share), 8), Math.max(size - 1, 0))

/**
 * What arrives of a module that is sent over a connection.
 *
 * @param module the module's bytes; they are not changed
 * @param line the line
 */
export const troubled = (module: Uint8Array<ArrayBuffer>, line: Line): Sent => {
  if (line.trouble === "page") {
    const bytes = text.encode(startPage())
    return { bytes, end: bytes.length }
  }
  let bytes = module
  const place = placeOf(bytes.length, line.at)
  if (line.trouble === "break" && bytes.length > 0) {
    bytes = bytes.slice()
    bytes[place] = (bytes[place] ?? 0) ^ flipped
  }
  const added = line.isStamped && isModule(bytes) ? stamp() : new Uint8Array()
  if (added.length > 0) bytes = afterHeader(bytes, added)
  return { bytes, end: line.trouble === "cut" ? place + added.length : bytes.length }
}

/** The wait between two chunks, in milliseconds. */
const tick = 20
/** The largest chunk, in bytes. */
const largest = 64 * 1024

/**
 * Yields the bytes in chunks, no faster than the connection allows.
 *
 * @param sent what is sent over the connection
 * @param rate bytes per second; 0 is unlimited
 */
export async function* paced(
  { bytes, end }: Sent,
  rate: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const start = performance.now()
  let sent = 0
  while (sent < end) {
    const due = rate > 0 ? Math.floor((performance.now() - start) / 1_000 * rate) : sent + largest
    const until = Math.min(end, due, sent + largest)
    if (until > sent) {
      yield bytes.slice(sent, until)
      sent = until
    } else await new Promise((resolve) => setTimeout(resolve, tick))
  }
}

/**
 * Whether a URL can be fetched, and why fetching it may have failed. Browsers hide the cause of a network error from pages,
 * so the hints follow from the URL and from the page alone.
 *
 * @see https://fetch.spec.whatwg.org/#concept-network-error
 * @module
 */
import { printUrl } from "../../src/messages/print.ts"
import { bounded } from "./dom.ts"

/** The ports that browsers block. @see https://fetch.spec.whatwg.org/#port-blocking */
const blockedPorts: ReadonlySet<string> = new Set(
  ("0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 " +
    "123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 " +
    "990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080")
    .split(" "),
)

/** What is wrong with an address, before anything is requested; `undefined` if nothing is. */
export const problemOf = (address: string): string | undefined => {
  if (address.trim() === "") return "Enter the URL of a module"
  if (!URL.canParse(address)) {
    return "This is not a valid URL. It has to be complete, such as https://example.com/module.wasm"
  }
  const { password, protocol, username } = new URL(address)
  if (protocol !== "http:" && protocol !== "https:") {
    return `This page fetches http: and https: only, not ${bounded(protocol, 40)}`
  }
  return username + password === ""
    ? undefined
    : "Leave out the user name and the password: fetch rejects URLs that have them"
}

/** The likely cause of a network error, as far as a page can know it. */
const hintOf = ({ origin, port, protocol }: URL): string => {
  if (blockedPorts.has(port)) return `Browsers block port ${port}: serve the module on another one.`
  if (protocol === "http:" && location.protocol === "https:") {
    return "This page is loaded over https:, and browsers block http: there (mixed content): use https:."
  }
  if (!navigator.onLine) return "This browser is offline."
  const why =
    "Browsers hide the cause from pages; the developer tools show it. Check the address, and that the server runs."
  return origin === location.origin ? why : `${why} A server of another origin must also ` +
    `allow this page to read the response: Access-Control-Allow-Origin: ${location.origin} (CORS).`
}

/**
 * The error for a failed fetch, with a hint at its cause.
 *
 * @param address the address that was requested
 * @param error what `fetch` was rejected with
 */
export const unreachable = (address: string, error: unknown): Error => {
  const words = bounded(error instanceof Error ? error.message : String(error), 200)
  const message = `Cannot reach ${printUrl(address)}: ${words.replace(/\.$/, "")}. ${
    hintOf(new URL(address))
  }`
  return new Error(message, { cause: error })
}

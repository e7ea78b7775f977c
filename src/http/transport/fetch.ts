/**
 * The platform's fetch, with redirects followed by hand: each hop is checked before anything is sent there, and what is wrong
 * with one is told by type. In a browser nobody sees the hops: there fetch follows them itself.
 *
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 * @module
 */
import { cancelBody, headerOf, statusOf } from "../../platform/brands.ts"

const { URL } = globalThis

type Fetch = typeof globalThis.fetch

/**
 * Taken at import, as programs put their own in its place. Where it is loaded at the first look, as on Node, its getter is
 * kept.
 */
const source = Object.getOwnPropertyDescriptor(globalThis, "fetch")
let found: Fetch | undefined

const isFetch = (value: unknown): value is Fetch => typeof value === "function"

/** The platform's own fetch; `undefined` where there is none. */
export const platformFetch = (): Fetch | undefined => {
  if (found !== undefined) return found
  const value: unknown = source?.value ?? source?.get?.call(globalThis)
  if (isFetch(value)) found = value
  return found
}

/** A redirect that is not followed. */
export class RedirectError extends Error {
  override readonly name = "RedirectError"
  /** Whether it is one too many, rather than one that leads where nothing may be asked for. */
  readonly isOneTooMany: boolean

  /**
   * @param message what is wrong with it
   * @param isOneTooMany whether there were too many before it
   */
  constructor(message: string, isOneTooMany = false) {
    super(message)
    this.isOneTooMany = isOneTooMany
  }
}

/** Which hop it was where fetch failed. */
const hops = new WeakMap<object, string>()

/** The URL of the hop whose request failed, if it was not the first. */
export const hopOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null ? hops.get(error) : undefined

const noteHop = (error: unknown, url: string): never => {
  if (typeof error === "object" && error !== null) hops.set(error, url)
  throw error
}

/** As many as Fetch follows. */
const mostRedirects = 20

const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308

/** What is for one origin alone, beside `Authorization`, which Fetch itself removes. */
const credentials = ["authorization", "cookie", "proxy-authorization", "host"]

type Fields = ReadonlyArray<[name: string, value: string]>

const withoutCredentials = (fields: Fields): Fields =>
  fields.filter(([name]) => !credentials.includes(name.toLowerCase()))

/** Where a redirect leads. */
const nextUrl = (location: string, from: URL, allows: (protocol: string) => boolean): URL => {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
  if (next === undefined) throw new RedirectError("its Location is not a valid URL")
  const { password, protocol, username } = next
  if (protocol !== "http:" && protocol !== "https:") {
    throw new RedirectError(`it leads to the scheme ${protocol}`)
  }
  if (!allows(protocol)) {
    throw new RedirectError(
      `it leads to the scheme ${protocol}, which is not in the option protocols`,
    )
  }
  if (username !== "" || password !== "") {
    throw new RedirectError("it leads to a URL with credentials")
  }
  return next
}

/**
 * A fetch that follows redirects by hand, for what `FetchHttpClient` asks it: GET requests, with their fields as a record.
 *
 * @param fetch the platform's
 * @param allows which schemes a redirect may lead to
 */
export const followingFetch = (fetch: Fetch, allows: (protocol: string) => boolean): Fetch => {
  const follow = async (
    input: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> => {
    const asked = input instanceof URL || typeof input === "string" ? input : input.url
    if (init?.redirect === "manual") return await fetch(input, init)
    const isRefused = init?.redirect === "error"
    let url = new URL(asked)
    let fields: Fields = Object.entries(init?.headers ?? {})
    for (let redirects = 0;; redirects++) {
      const headers = Object.fromEntries(fields)
      const { href } = url
      const asking = fetch(url, { ...init, headers, redirect: "manual" })
      const response = await (redirects === 0 ? asking : asking.catch((error) =>
        noteHop(error, href)
      ))
      const location = isRedirect(statusOf(response)) ? headerOf(response, "location") : null
      if (location === null) return response
      cancelBody(response)
      if (isRefused) throw new RedirectError('the request has redirect: "error"')
      if (redirects === mostRedirects) {
        {
          throw new RedirectError(`there were ${mostRedirects} before it`, true)
        }
      }
      const next = nextUrl(location, url, allows)
      if (next.origin !== url.origin) fields = withoutCredentials(fields)
      url = next
    }
  }
  // Some runtimes have methods on it.
  return Object.assign(follow, fetch)
}

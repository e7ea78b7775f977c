/**
 * The platform's fetch, with redirects followed by hand: each target is checked before a request is sent to it, with a typed
 * error for a refused one. Browsers hide the target of a redirect, so there fetch follows them itself.
 *
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 * @module
 */
import { cancelBody, headerOf, statusOf } from "../../platform/brands.ts"

const { URL } = globalThis

type Fetch = typeof globalThis.fetch

/**
 * Taken at import, as programs may replace it later. Node's is a getter that loads fetch when read, so the property
 * descriptor is kept.
 */
const source = Object.getOwnPropertyDescriptor(globalThis, "fetch")
let found: Fetch | undefined

const isFetch = (value: unknown): value is Fetch => typeof value === "function"

/** The platform's own fetch; `undefined` if there is none. */
export const platformFetch = (): Fetch | undefined => {
  if (found !== undefined) return found
  const value: unknown = source?.value ?? source?.get?.call(globalThis)
  if (isFetch(value)) found = value
  return found
}

/** A redirect that is not followed. */
export class RedirectError extends Error {
  override readonly name = "RedirectError"
  /** Whether it exceeds the number of redirects, rather than having a forbidden target. */
  readonly isOneTooMany: boolean

  /**
   * @param message what is wrong with it
   * @param isOneTooMany whether it exceeds the number of redirects
   */
  constructor(message: string, isOneTooMany = false) {
    super(message)
    this.isOneTooMany = isOneTooMany
  }
}

/** The URL whose request failed, by the error of fetch. */
const hops = new WeakMap<object, string>()

/** The URL whose request failed, if it is the target of a redirect. */
export const hopOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null ? hops.get(error) : undefined

const noteHop = (error: unknown, url: string): never => {
  if (typeof error === "object" && error !== null) hops.set(error, url)
  throw error
}

/** Fetch's limit on redirects. */
const mostRedirects = 20

const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308

/** Fields that must not be sent to another origin. Fetch itself removes `Authorization` only. */
const credentials = ["authorization", "cookie", "proxy-authorization", "host"]

type Fields = ReadonlyArray<[name: string, value: string]>

const withoutCredentials = (fields: Fields): Fields =>
  fields.filter(([name]) => !credentials.includes(name.toLowerCase()))

/** The target of a redirect; throws if it is not allowed. */
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
 * A fetch that follows redirects by hand, for requests as `FetchHttpClient` makes them: GET, with the fields as a record.
 *
 * @param fetch the platform's fetch
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
        throw new RedirectError(`there were ${mostRedirects} before it`, true)
      }
      const next = nextUrl(location, url, allows)
      if (next.origin !== url.origin) fields = withoutCredentials(fields)
      url = next
    }
  }
  // Some runtimes have methods on fetch.
  return Object.assign(follow, fetch)
}

/**
 * What a response tells before its bytes do.
 *
 * @module
 */
import type { ResponseFacts } from "../errors.ts"

/** What a response says of itself before its body arrives. */
export interface ResponseHead extends ResponseFacts {
  readonly status: number
  readonly contentType: string | null
  /** The reason phrase; may be empty. */
  readonly statusText: string
  /** The kind of response, as Fetch's filters leave it, where it is known. */
  readonly type?: Response["type"] | undefined
  /** Whether it came after redirects. */
  readonly redirected?: boolean | undefined
}

/** What a response says of itself beyond what an error carries: asked for where something has failed. */
export interface ResponseStory {
  readonly redirected: boolean
  readonly contentEncoding: string | null
  readonly contentRange: string | null
}

/** What is known of the bytes before they are received. */
export interface BytesFacts extends ResponseFacts {
  /** How many bytes there are to be, where that is truly known. */
  readonly declaredSize?: number | undefined
  readonly story?: (() => ResponseStory) | undefined
}

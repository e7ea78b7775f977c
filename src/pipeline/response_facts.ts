/**
 * The facts about a response that are known before its body is read.
 *
 * @module
 */
import type { ResponseFacts } from "../errors.ts"

/** The head of a response. */
export interface ResponseHead extends ResponseFacts {
  readonly status: number
  readonly contentType: string | null
  /** The reason phrase; may be empty. */
  readonly statusText: string
  /** The response's type in Fetch, such as `opaque`, if it is known. */
  readonly type?: Response["type"] | undefined
  /** Whether there were redirects. */
  readonly redirected?: boolean | undefined
}

/** Facts that no error carries, but that a diagnosis may need. */
export interface ResponseStory {
  readonly redirected: boolean
  readonly contentEncoding: string | null
  readonly contentRange: string | null
}

/** The facts about a module's bytes before they are received. */
export interface BytesFacts extends ResponseFacts {
  /** The expected number of bytes, if it is certain. */
  readonly declaredSize?: number | undefined
  readonly story?: (() => ResponseStory) | undefined
}

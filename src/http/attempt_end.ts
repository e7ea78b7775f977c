/**
 * How an attempt may end other than well, besides the errors that end the whole load.
 *
 * @module
 */
import type { LoadError } from "./load_error.ts"

/** The attempt failed; another one may go on where it stopped. */
export class AttemptFailed {
  readonly error: LoadError
  constructor(error: LoadError) {
    this.error = error
  }
}

/** What was fed to the compilation is not the beginning of what there is now: only a new compilation can follow. */
export class Restart {
  readonly error: LoadError
  constructor(error: LoadError) {
    this.error = error
  }
}

/** A later stage refused a chunk. */
export class Refusal<E> {
  readonly error: E
  constructor(error: E) {
    this.error = error
  }
}

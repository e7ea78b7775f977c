/**
 * What a browser does for the tests, however it is driven.
 *
 * @module
 */
import type { BrowserResults } from "./page_test_api.ts"

/** What happened in a page. */
export interface PageOutcome extends BrowserResults {
  /** Errors outside of any test. */
  readonly problems: ReadonlyArray<string>
  /** What was logged. */
  readonly logged: ReadonlyArray<string>
}

/** A browser that can run tests. */
export interface TestBrowser {
  /**
   * Runs a file's tests in a page of its own.
   *
   * @param origin where the scenario server is
   * @param script the bundled file
   */
  readonly run: (origin: string, script: string) => Promise<PageOutcome>
  readonly close: () => Promise<void>
}

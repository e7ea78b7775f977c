/**
 * In which browser the tests run, where it matters for what the browser does.
 */
const userAgent = globalThis.navigator?.userAgent ?? ""

/** Firefox, whose engine is SpiderMonkey. */
export const isFirefox: boolean = /\bFirefox\//.test(userAgent)

/** WebKit, whose engine is JavaScriptCore, as Bun's is. Chromium claims to be WebKit, too. */
export const isWebKit: boolean = /\bAppleWebKit\//.test(userAgent) &&
  !/Chrom(?:e|ium)\//.test(userAgent)

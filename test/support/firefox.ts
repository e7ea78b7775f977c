/**
 * Whether the tests run in Firefox, whose engine is SpiderMonkey.
 */
export const isFirefox: boolean = /\bFirefox\//.test(globalThis.navigator?.userAgent ?? "")

/**
 * Replaces `node:process` in a page, which has no environment.
 *
 * @module
 */
const process: { readonly env: Readonly<Record<string, string | undefined>> } = { env: {} }

export default process

/**
 * A program that does not await the compilation that it starts.
 */
import { compileStreaming } from "../../../mod.ts"
import { large } from "../modules.ts"

const never = new Promise<Response>(() => {})
void compileStreaming(never)

const source = new Response(large(20_000), { headers: { "content-type": "application/wasm" } })
compileStreaming(source).then(() => console.log("compiled"))

/**
 * The evidence from which the error of a failed load is explained.
 *
 * @module
 */
import type { ModuleDecoder } from "../binary/decoder.ts"
import type { KeptBytes } from "./kept_bytes.ts"
import type { ModuleTrace } from "./module_trace.ts"
import type { BytesFacts } from "./response_facts.ts"

/** Everything that was seen of a failed load. */
export interface SeenLoad {
  readonly facts: BytesFacts
  readonly kept: KeptBytes
  /** Whether the body had ended. */
  readonly ended: boolean
  readonly trace: ModuleTrace
  readonly decoder: ModuleDecoder
}

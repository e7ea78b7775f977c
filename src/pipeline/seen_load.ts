/**
 * What is left of a load when it has failed: the evidence that its error is told from.
 *
 * @module
 */
import type { ModuleDecoder } from "../binary/decoder.ts"
import type { KeptBytes } from "./kept_bytes.ts"
import type { ModuleTrace } from "./module_trace.ts"
import type { BytesFacts } from "./response_facts.ts"

/** All that was seen of a load that has failed. */
export interface SeenLoad {
  readonly facts: BytesFacts
  readonly kept: KeptBytes
  /** Whether the body had ended. */
  readonly ended: boolean
  readonly trace: ModuleTrace
  readonly decoder: ModuleDecoder
}

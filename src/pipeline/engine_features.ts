/**
 * The WebAssembly features that this engine has or lacks, detected by validating small modules that each need one feature.
 *
 * @module
 */

import { native } from "../platform/natives.ts"

interface Feature {
  /** The feature's name, as in the decoder and the proposals. */
  readonly name: string
  /** What engines that lack the feature say about a module that uses it. */
  readonly said: RegExp
  /** Whether a module's structure shows that it uses the feature. */
  readonly shown?: boolean
  /** The sections of a module that needs it, in hexadecimal. */
  readonly probe: string
}

/** A type section with `[] -> []`, a function of it, and its body's instructions. */
const inBody = (instructions: string, between = ""): string => {
  const size = instructions.length / 2 + 2
  const byte = (value: number): string => value.toString(16).padStart(2, "0")
  return `01040160000003020100${between}0a${byte(size + 2)}01${byte(size)}00${instructions}0b`
}

const zeros = "00".repeat(16)

const features: ReadonlyArray<Feature> = [
  { name: "mutable-globals", said: /mutable/i, probe: "02080101670167037f01" },
  { name: "multi-value", said: /multi-?value|return count/i, probe: "0106016000027f7f" },
  { name: "sign-extension", said: /opcode (0xc[0-4]|19[2-6])\b/i, probe: inBody("4100c01a") },
  {
    name: "saturating-float-to-int",
    said: /opcode:? 0xfc0?[0-7]\b/i,
    probe: inBody("4300000000fc001a"),
  },
  {
    name: "bulk-memory",
    said: /bulk|opcode:? 0xfc(0?[89a-f]|1[01])\b/i,
    probe: inBody("410041004100fc0b00", "0503010000"),
  },
  { name: "reference-types", said: /reference|externref|anyref/i, probe: inBody("d06f1a") },
  { name: "simd", said: /simd|v128|opcode (0xfd|253)\b/i, probe: inBody(`fd0c${zeros}1a`) },
  {
    name: "relaxed-simd",
    said: /relaxed/i,
    probe: inBody(`fd0c${zeros}fd0c${zeros}fd80021a`),
  },
  {
    name: "threads",
    said: /shared memor|atomic|threads|opcode (0xfe|254)\b/i,
    probe: "050401030001",
  },
  { name: "tail-calls", said: /tail|return_call|opcode (0x1[23]|1[89])\b/i, probe: inBody("1200") },
  {
    name: "extended-const",
    said: /extended.const/i,
    probe: "0609017f00410041006a0b",
  },
  // Tags belong to both proposals for exceptions.
  {
    name: "exceptions",
    said: /tag section|exception section/i,
    probe: "010401600000" + "0d03010000",
  },
  {
    name: "exceptions",
    shown: false,
    said: /exnref|try_table|throw_ref|opcode (0x1f|0x0?a|31|10)\b/i,
    probe: inBody("1f40000b"),
  },
  {
    name: "legacy-exceptions",
    said: /legacy|opcode (0x0?[679]|[679])\b/i,
    probe: inBody("0640190b"),
  },
  {
    name: "multi-memory",
    said: /memory count|more than one memory|multi.?memor/i,
    probe: "05050200000000",
  },
  { name: "memory64", said: /memory64|memory limits flags 0x[4-7]\b/i, probe: "0503010400" },
  {
    name: "table64",
    said: /table64|table (elements )?limits flags/i,
    probe: "040401700400",
  },
  {
    name: "typed-function-references",
    said:
      /typed.?func|indexed heap type|value type 0x6[34]\b|'stringref'|opcode (0x1[45]|2[01]|0xd[3-6])\b/i,
    probe: "0106016001647000",
  },
  {
    name: "wide-arithmetic",
    said: /wide.arithmetic|opcode:? 0xfc(0?1[3-6])\b/i,
    probe: inBody("420042004200fc15" + "1a1a1a"),
  },
  {
    name: "gc",
    said: /\bgc\b|type (code|form):? (0x(5f|5e|50|4f|4e)|94|95|78|79|80)\b|opcode:? (0xfb|251)/i,
    probe: "0103015f00",
  },
]

const header = "0061736d01000000"

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))

/** For tests: each feature's name and the module that needs it. */
export const probes: ReadonlyArray<readonly [name: string, module: Uint8Array<ArrayBuffer>]> =
  features.map(({ name, probe }) => [name, bytesOf(header + probe)])

const lacks = ({ probe }: Feature): boolean => {
  try {
    return native.validate?.(bytesOf(header + probe)) === false
  } catch {
    return false
  }
}

/**
 * The features that this engine lacks, and that a rejected module uses by its structure or by the engine's message.
 *
 * @param message what the engine said
 * @param used the features that the module's structure shows
 */
export const missingFeatures = (
  message: string,
  used: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  // V8's hint at a flag does not mean that the module needs that feature.
  const said = message.replace(/,? ?\(?enable with --experimental[-\w]+\)?/g, "")
  const missing = features
    .filter(({ name, said: words, shown = true }) =>
      (shown && used.includes(name)) || words.test(said)
    )
    .filter(lacks)
    .map(({ name }) => name)
  return [...new Set(missing)]
}

/** Every feature known here, and whether this engine has it. */
export const engineFeatures = (): ReadonlyMap<string, boolean> =>
  new Map(
    features.map(({ name }) => [
      name,
      !features.some((other) => other.name === name && lacks(other)),
    ]),
  )

/**
 * Encodes text back into the bytes that it was decoded from, in the encodings that programs assume for bytes.
 *
 * @see https://encoding.spec.whatwg.org/#legacy-single-byte-encodings
 * @module
 */

const { TextDecoder } = globalThis

/** The single-byte encodings of the Encoding Standard, the most frequent first. */
// deno-fmt-ignore
const labels: ReadonlyArray<string> = [
  "windows-1252", "iso-8859-15", "windows-1251", "windows-1250", "macintosh", "iso-8859-2", "koi8-r", "ibm866",
  "windows-1254", "windows-1253", "windows-1255", "windows-1256", "windows-1257", "windows-1258", "windows-874",
  "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-10", "iso-8859-13",
  "iso-8859-14", "iso-8859-16", "koi8-u", "x-mac-cyrillic",
]

/** The upper halves of DOS code pages, which Windows consoles use. */
// deno-fmt-ignore
const dos: ReadonlyArray<readonly [name: string, upper: string]> = [
  ["code page 437", "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"],
  ["code page 850", "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0"],
]

const upperHalf = Uint8Array.from({ length: 128 }, (_, index) => 128 + index)

/** An encoding of one byte for each character, by its upper half. */
interface Encoding {
  readonly name: string
  /** The byte of a character beyond ASCII. */
  readonly bytes: ReadonlyMap<string, number>
}

const encodingOf = (name: string, upper: string): Encoding => ({
  name,
  bytes: new Map([...upper].map((character, index) => [character, 128 + index])),
})

/** The characters of the upper half; `undefined` if this runtime does not support the encoding. */
const upperHalfIn = (label: string): string | undefined => {
  try {
    const decoder: unknown = Reflect.construct(TextDecoder, [label])
    const upper = decoder instanceof TextDecoder ? decoder.decode(upperHalf) : ""
    return [...upper].length === 128 ? upper : undefined
  } catch {
    return undefined
  }
}

/** The encodings that this runtime supports. */
export function* encodings(): Generator<Encoding> {
  yield encodingOf("Latin-1", String.fromCharCode(...upperHalf))
  for (const label of labels) {
    const upper = upperHalfIn(label)
    if (upper !== undefined) yield encodingOf(label, upper)
  }
  for (const [name, upper] of dos) yield encodingOf(name, upper)
}

/**
 * The bytes that text was decoded from; `undefined` if the encoding lacks one of its characters.
 *
 * @param text the text
 * @param encoding the encoding
 */
export const encode = (text: string, { bytes }: Encoding): Uint8Array | undefined => {
  const encoded: Array<number> = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    const byte = code < 0x80 ? code : bytes.get(character)
    if (byte === undefined) return undefined
    encoded.push(byte)
  }
  return Uint8Array.from(encoded)
}

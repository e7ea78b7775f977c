/**
 * Modules, and the damage that they may suffer in transit.
 */
import {
  body,
  build,
  code,
  custom,
  END,
  exported,
  exports,
  func,
  functions,
  I32,
  I64,
  types,
} from "../../support/module_builder.ts"

type Bytes = Uint8Array<ArrayBuffer>

const cp437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"

const encode = (characters: Iterable<string>): Bytes =>
  new TextEncoder().encode([...characters].join(""))

/** A function `double`, exported. */
const small: Bytes = build(
  types(func([I32], [I32])),
  functions(0),
  exports(exported("double", 0, 0)),
  code(body(0, 0x20, 0, 0x20, 0, 0x6a, END)),
).bytes

/** Functions of many sizes, with all kinds of bytes, including LFs. */
const bodyOf = (index: number, extra: ReadonlyArray<number>) => {
  const steps = Array.from({ length: 10 + index % 37 }, (_, step) => {
    // The constant is a signed LEB128 of three bytes.
    const value = (index * 7919 + step * 104729) % 4_096
    return [0x20, 0, 0x41, 0x80 | (value & 0x7f), 0x80 | ((value >> 7) & 0x7f), 0x01, 0x6a, 0x21, 0]
  })
  return body(
    0,
    ...extra,
    ...steps.flat(),
    ...Array(index % 3 === 0 ? 1 : 0).fill([0x41, 10, 0x1a]).flat(),
    0x20,
    0,
    END,
  )
}
const count = 200
/** `v128.const` of bytes that begin with CR LF, dropped. */
const crLf = [0xfd, 0x0c, 0x0d, 0x0a, ...Array(14).fill(1), 0x1a]
const largeWith = (extra: ReadonlyArray<number>): Bytes =>
  build(
    types(func([I32], [I32]), func([I64, I64, I32], [I32])),
    functions(...Array.from({ length: count }, () => 0)),
    exports(...Array.from({ length: 30 }, (_, index) => exported(`f${index}`, 0, index))),
    code(...Array.from({ length: count }, (_, index) => bodyOf(index, index === 120 ? extra : []))),
    custom("end", Array.from({ length: 400 }, (_, index) => index % 256)),
  ).bytes
const large = largeWith([])
const withCrLf = largeWith(crLf)

/** An offset within the bodies of the large module. */
const middle = large.length >> 1

/** The modules, and functions that damage modules. */
export const DamagedModules: {
  readonly small: Bytes
  readonly large: Bytes
  /** The same, with CR LF in function 120. */
  readonly withCrLf: Bytes
  readonly crlf: (bytes: Uint8Array) => Bytes
  readonly lf: (bytes: Uint8Array) => Bytes
  readonly utf8: (bytes: Bytes) => Bytes
  readonly latin1: (bytes: Uint8Array) => Bytes
  readonly cp437: (bytes: Uint8Array) => Bytes
  readonly utf16: (bytes: Uint8Array, big: boolean) => Bytes
  readonly zeroed: (bytes: Bytes) => Bytes
  readonly doubled: (bytes: Bytes) => Bytes
  readonly lostByte: (bytes: Bytes) => Bytes
} = {
  small,
  large,
  withCrLf,
  lf: (bytes: Uint8Array): Bytes =>
    Uint8Array.from([...bytes].filter((byte, at) => byte !== 0x0d || bytes[at + 1] !== 0x0a)),
  crlf: (bytes: Uint8Array): Bytes =>
    Uint8Array.from([...bytes].flatMap((byte) => byte === 0x0a ? [0x0d, 0x0a] : [byte])),
  utf8: (bytes: Bytes): Bytes =>
    encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)),
  latin1: (bytes: Uint8Array): Bytes =>
    encode(Array.from(bytes, (byte) => String.fromCharCode(byte))),
  cp437: (bytes: Uint8Array): Bytes =>
    encode(
      Array.from(bytes, (byte) => byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128] ?? ""),
    ),
  utf16: (bytes: Uint8Array, big: boolean): Bytes =>
    Uint8Array.from([...bytes].flatMap((byte) => big ? [0, byte] : [byte, 0])),
  zeroed: (bytes: Bytes): Bytes => bytes.slice().fill(0, middle),
  doubled: (bytes: Bytes): Bytes =>
    Uint8Array.from([...bytes.subarray(0, middle), ...bytes.subarray(middle - 1_024)]),
  /** Without one byte in the body of a function. */
  lostByte: (bytes: Bytes): Bytes =>
    Uint8Array.from([...bytes.subarray(0, middle), ...bytes.subarray(middle + 1)]),
}

/**
 * A program that loads a package through its published glue code, with the polyfill or with native streaming, and prints the
 * result as a line of JSON.
 *
 * Its arguments: the package, the server's origin, and `ours` or `native`. It runs in a process of its own, as packages keep
 * what they have loaded, even failures.
 */
import process from "node:process"
import { crc32, deflateSync } from "node:zlib"
import { compileStreaming, instantiateStreaming } from "../../../mod.ts"
import { settled } from "../outcomes.ts"

/** What the program prints. */
export interface Told {
  /** Whether the polyfill was installed when the package was imported. */
  readonly ours: boolean
  /** The functions that its glue called. */
  readonly calls: ReadonlyArray<string>
  /** What the package made, if it was loaded. */
  readonly made?: string
  /** The `reason` in the cause of the error that the functions rejected with. */
  readonly reason?: string
  /**
   * Where the message of that error can be seen: in the rejection of the glue, which is the same error, or in its output on
   * the console, while it rejects with another one.
   */
  readonly seen?: "thrown" | "written" | "nowhere"
  /** The number of bytes that the server had sent for each of the package's requests when the glue rejected. */
  readonly sent?: ReadonlyArray<number>
}

const width = 16
const height = 16
const pixels = Uint8ClampedArray.from(
  { length: width * height * 4 },
  (_, index) => index % 4 === 3 ? 255 : index * 7 % 256,
)

const uint32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** A PNG file of the pixels, without compression. */
const makePng = (): Uint8Array<ArrayBuffer> => {
  const chunk = (type: string, ...data: ReadonlyArray<number>): ReadonlyArray<number> => {
    const content = Uint8Array.from([...new TextEncoder().encode(type), ...data])
    return [...uint32(data.length), ...content, ...uint32(crc32(content))]
  }
  const lines = Array.from(
    { length: height },
    (_, line) => [0, ...pixels.subarray(line * width * 4, (line + 1) * width * 4)],
  )
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", ...uint32(width), ...uint32(height), 8, 6, 0, 0, 0),
    ...chunk("IDAT", ...deflateSync(Uint8Array.from(lines.flat()), { level: 0 })),
    ...chunk("IEND"),
  ])
}

/** Imported without its types: they refer to its `.wasm` file, which Deno's type check reads as text. */
const gofmt: string = "@wasm-fmt/gofmt/web"
interface GoFormatter {
  readonly default: (url: string) => Promise<unknown>
  readonly format: (source: string) => string
}

/** Loads a package from the URLs of its files, makes it work, and returns the result. */
type Load = (urlOf: (file: string) => string) => Promise<string>

const loads: Readonly<Record<string, Load>> = {
  "@jsquash/oxipng": async (urlOf) => {
    const { default: optimise, init } = await import("@jsquash/oxipng/optimise.js")
    await init(urlOf("squoosh_oxipng_bg.wasm"))
    const png = makePng()
    const smaller = new Uint8Array(await optimise(png.buffer))
    const sameHead = smaller.subarray(0, 24).every((byte, index) => byte === png[index])
    return sameHead && smaller.length < png.length ? "a smaller PNG" : "no smaller PNG"
  },
  "@jsquash/jxl": async (urlOf) => {
    const encoder = await import("@jsquash/jxl/encode.js")
    const decoder = await import("@jsquash/jxl/decode.js")
    await encoder.init({ locateFile: urlOf })
    await decoder.init({ locateFile: urlOf })
    const image = { data: pixels, width, height, colorSpace: "srgb" as const }
    const { data } = await decoder.default(await encoder.default(image, { lossless: true }))
    const same = data.length === pixels.length &&
      pixels.every((byte, index) => byte === data[index])
    return same ? "the same pixels" : "other pixels"
  },
  "@wasm-fmt/gofmt": async (urlOf) => {
    const { default: init, format }: GoFormatter = await import(gofmt)
    await init(urlOf("gofmt.wasm"))
    return format("package main\nfunc main(){println( 1 )}")
  },
  "@wasm-fmt/dart_fmt": async (urlOf) => {
    const { default: init } = await import("@wasm-fmt/dart_fmt/web")
    await init(urlOf("dart_fmt.wasm"))
    // Nothing is formatted: the published formatter of this entry fails natively too. But `main` has run.
    return "ready"
  },
  "web-tree-sitter": async (urlOf) => {
    // On Bun, Deno and Node its glue reads files; it streams only if it detects a browser.
    Reflect.deleteProperty(globalThis, "process")
    Reflect.set(globalThis, "window", globalThis)
    const sitter = await import("web-tree-sitter")
    await sitter.Parser.init({ locateFile: urlOf })
    const parser = new sitter.Parser()
    const tree = parser.parse("1 + 1")
    parser.delete()
    const isReady = sitter.LANGUAGE_VERSION >= sitter.MIN_COMPATIBLE_VERSION && tree === null
    return isReady ? "a parser without a language" : "no parser"
  },
}

const tell = async (name: string, origin: string, way: string): Promise<Told> => {
  const load = loads[name]
  if (load === undefined) throw new Error(`There is no package ${name} here`)
  if (way === "ours") await import("../../../src/polyfill.ts")

  // Wraps the current functions, whatever they are, to record calls and rejections.
  const calls: Array<string> = []
  const errors: Array<unknown> = []
  const own: Readonly<Record<string, unknown>> = { compileStreaming, instantiateStreaming }
  const found = Object.keys(own).map((name) => {
    const there: unknown = Reflect.get(WebAssembly, name)
    if (typeof there !== "function") throw new Error(`There is no WebAssembly.${name} here`)
    Reflect.set(WebAssembly, name, (...args: ReadonlyArray<unknown>): unknown => {
      calls.push(name)
      const result: Promise<unknown> = Reflect.apply(there, WebAssembly, args)
      result.catch((error: unknown) => errors.push(error))
      return result
    })
    return there === own[name]
  })
  const ours = found.every((own) => own)

  const written: Array<string> = []
  const write = (...args: ReadonlyArray<unknown>): void =>
    void written.push(args.map(String).join())
  Object.assign(console, { warn: write, error: write })

  try {
    return { ours, calls, made: await settled(load((file) => `${origin}/${file}`), 30_000) }
  } catch (thrown) {
    const sent: ReadonlyArray<number> = JSON.parse(await (await fetch(`${origin}/sent`)).text())
    // The response arrives once no response to the package is under way.
    await settled(fetch(`${origin}/closed`), 30_000)
    const [error] = errors
    if (!(error instanceof Error)) throw thrown
    const { cause, message } = error
    const reason: unknown = cause instanceof Error ? Reflect.get(cause, "reason") : undefined
    const isWritten = written.some((line) => line.includes(message))
    const seen = thrown === error ? "thrown" : isWritten ? "written" : "nowhere"
    return { ours, calls, seen, sent, ...(typeof reason === "string" ? { reason } : {}) }
  }
}

const [name = "", origin = "", way = ""] = process.argv.slice(2)
console.log(JSON.stringify(await tell(name, origin, way)))

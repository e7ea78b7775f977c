/**
 * The packages that validation is measured against: they read or validate modules, and their versions are pinned. They are
 * installed on demand into a folder for temporary files, and loaded from there.
 *
 * @module
 */
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { resolvePackage } from "./modules.ts"

/** Reads or validates a module; throws or rejects if it cannot read it, or finds it invalid. */
export type Run = (bytes: Uint8Array<ArrayBuffer>) => unknown

/** A package that reads modules. */
export interface Peer {
  /** Its name in tables. */
  readonly name: string
  readonly package: string
  readonly version: string
  /** What it does with a module. */
  readonly does: string
  /** Loads it from its folder. */
  readonly load: (folder: string) => Promise<Run>
}

interface WasmParser {
  readonly BinaryReader: new () => {
    readonly state: number
    readonly error: unknown
    readonly setData: (buffer: ArrayBuffer, position: number, length: number, end: boolean) => void
    readonly read: () => boolean
  }
}

interface Wabt {
  readonly FEATURES: Readonly<Record<string, boolean>>
  readonly readWasm: (
    bytes: Uint8Array,
    features: Readonly<Record<string, boolean>>,
  ) => { readonly validate: () => void; readonly destroy: () => void }
}

interface Binaryen {
  readonly Features: { readonly All: number }
  readonly readBinary: (
    bytes: Uint8Array,
    features: number,
  ) => { readonly validate: () => number; readonly dispose: () => void }
}

interface WasmParserOfWebAssemblyJs {
  readonly decode: (bytes: ArrayBuffer, options: object) => unknown
}

interface Jco {
  readonly print: (bytes: Uint8Array) => Promise<string>
}

/** The state in which a reader of wasmparser has failed. */
const readerFailed = -1

const commonJs = createRequire(import.meta.url)
const importFile = (folder: string, file: string) => import(pathToFileURL(join(folder, file)).href)

/** All of them. */
export const peers: ReadonlyArray<Peer> = [
  {
    name: "wasmparser",
    package: "wasmparser",
    version: "5.11.1",
    does: "decodes",
    load: (folder) => {
      const { BinaryReader }: WasmParser = commonJs(folder)
      return Promise.resolve((bytes) => {
        const reader = new BinaryReader()
        reader.setData(bytes.buffer, 0, bytes.length, true)
        while (reader.read() && reader.state !== readerFailed);
        if (reader.state === readerFailed) throw reader.error
      })
    },
  },
  {
    name: "wabt",
    package: "wabt",
    version: "1.0.39",
    does: "reads and validates",
    load: async (folder) => {
      const open: () => Promise<Wabt> = commonJs(folder)
      const wabt = await open()
      const all = Object.fromEntries(Object.keys(wabt.FEATURES).map((name) => [name, true]))
      return (bytes) => {
        const module = wabt.readWasm(bytes, all)
        try {
          module.validate()
        } finally {
          module.destroy()
        }
      }
    },
  },
  {
    name: "binaryen",
    package: "binaryen",
    version: "132.0.0",
    does: "reads and validates",
    load: async (folder) => {
      const { default: binaryen }: { default: Binaryen } = await importFile(folder, "index.js")
      return (bytes) => {
        const module = binaryen.readBinary(bytes, binaryen.Features.All)
        try {
          if (module.validate() !== 1) throw new Error("Found it invalid")
        } finally {
          module.dispose()
        }
      }
    },
  },
  {
    name: "webassemblyjs",
    package: "@webassemblyjs/wasm-parser",
    version: "1.14.1",
    does: "decodes to a tree",
    load: (folder) => {
      const { decode }: WasmParserOfWebAssemblyJs = commonJs(folder)
      return Promise.resolve((bytes) => decode(bytes.buffer, {}))
    },
  },
  {
    name: "jco",
    package: "@bytecodealliance/jco",
    version: "1.35.0",
    does: "prints as text",
    load: async (folder) => {
      const { print }: Jco = await importFile(folder, "dist/api.js")
      return print
    },
  },
]

/** The folder of a peer, which is installed if necessary. */
export const peerFolder = (peer: Peer): string => resolvePackage(peer.package, peer.version)

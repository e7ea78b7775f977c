/**
 * The modules that the page offers: the example, and modules of packages that are installed for the tests.
 *
 * @module
 */
import { findFile } from "../test/support/packages.ts"
import { exampleModule } from "./build.ts"

/** A module to look at. */
export interface Sample {
  /** Its name in URLs. */
  readonly name: string
  /** Its name on the page. */
  readonly title: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const packaged: ReadonlyArray<readonly [name: string, title: string, path: string]> = [
  ["gofmt", "gofmt, in Go", "@wasm-fmt/gofmt/gofmt.wasm"],
  ["tree-sitter", "Tree-sitter, in C", "web-tree-sitter/web-tree-sitter.wasm"],
  ["oxipng", "OxiPNG, in Rust", "@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm"],
  ["sqlite", "SQLite, in C", "sql.js/dist/sql-wasm.wasm"],
  ["dart", "Dart's formatter", "@wasm-fmt/dart_fmt/dart_fmt.unopt.wasm"],
]

/** Reads the samples; packages that are not installed are left out. */
export const readSamples = (): ReadonlyArray<Sample> => [
  ...packaged.flatMap(([name, title, path]) => {
    const bytes = findFile(path)
    return bytes === undefined ? [] : [{ name, title, bytes }]
  }),
  { name: "example", title: "Minimal example", bytes: exampleModule },
]

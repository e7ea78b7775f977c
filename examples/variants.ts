/**
 * An encoder in three builds: with threads and SIMD, with threads, and for every engine. The best one that this engine
 * supports is loaded. The digests of the builds would be in `options`.
 *
 * Its argument is the URL of the folder of the builds, such as that of the package `@jsquash/jxl`, `codec/enc/`.
 *
 * @module
 */
import process from "node:process"
import { loadVariant, VariantError } from "../src/http/variants/mod.ts"

const [folder = ""] = process.argv.slice(2)

try {
  const { report, variant } = await loadVariant([
    {
      name: "threads and SIMD",
      source: new URL("jxl_enc_mt_simd.wasm", folder),
      features: ["sign-extension", "bulk-memory", "simd", "threads"],
    },
    {
      name: "threads",
      source: new URL("jxl_enc_mt.wasm", folder),
      features: ["sign-extension", "bulk-memory", "threads"],
    },
    {
      name: "plain",
      source: new URL("jxl_enc.wasm", folder),
      features: ["sign-extension"],
    },
  ], { validation: "full", retries: 1 })
  console.log(`${variant.name}: uses ${report?.features.join(", ")}`)
} catch (error) {
  if (!(error instanceof VariantError)) throw error
  console.log(`${error.reason}: ${error.message}`)
}

/**
 * A database of sql.js, which is made with Emscripten, from a module that is loaded by URL: with retries, a time limit and
 * progress. If loading fails, the program gets the error; with sql.js alone, its promise would never settle.
 *
 * Its argument is the URL of the package's `sql-wasm.wasm`.
 *
 * @module
 */
import process from "node:process"
import initSqlJs from "sql.js"
import { emscripten } from "../src/adapters/mod.ts"
import { loadModule } from "../src/http/mod.ts"

const [url = ""] = process.argv.slice(2)

const module = loadModule(url, {
  retries: 2,
  timeout: "1 minute",
  onProgress: ({ fraction }) => console.log(`${Math.round(fraction * 100)}%`),
})

try {
  const SQL = await emscripten((settings) => initSqlJs(settings), module)
  const database = new SQL.Database()
  const [result] = database.exec("SELECT sqlite_version()")
  console.log(`SQLite ${result?.values[0]?.[0]}`)
  database.close()
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
}

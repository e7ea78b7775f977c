/**
 * Runs commands and programs in processes of their own, with a time limit.
 */
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"

/** The project's own folder. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url))

const commandTimeout = 120_000

/** The result of a command. */
export interface Finished {
  /** The exit code; `null` if a signal ended it, as at the time limit. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Whether a group of processes can be signalled. */
const hasGroups = process.platform !== "win32"

const signalGroup = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    process.kill(hasGroups ? -pid : pid, "SIGKILL")
  } catch {
    // It ended meanwhile.
  }
}

/**
 * Runs a command to its end; at the time limit it is killed with all processes that it started.
 *
 * @param command its name, searched in `PATH`
 * @param args its arguments
 * @param cwd the folder to run it in
 */
export const run = (command: string, args: ReadonlyArray<string>, cwd: string): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      detached: hasGroups,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text)
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text)
    const timer = setTimeout(() => {
      stderr += `\nKilled: ${command} took longer than ${commandTimeout} ms\n`
      signalGroup(child.pid)
    }, commandTimeout)
    child.on("error", (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on("close", (code) => {
      clearTimeout(timer)
      resolve({ code, stdout, stderr })
    })
  })

/**
 * Runs a command that has to succeed.
 *
 * @returns what it wrote to its standard output
 */
export const runOk = async (
  command: string,
  args: ReadonlyArray<string>,
  cwd: string,
): Promise<string> => {
  const { code, stdout, stderr } = await run(command, args, cwd)
  assert.equal(code, 0, `${[command, ...args].join(" ")}: exit code ${code}\n${stdout}${stderr}`)
  return stdout
}

/**
 * Runs a TypeScript file of the project on the runtime that runs the tests.
 *
 * @param file the file, from the project's folder
 * @param args its arguments
 */
export const runProgram = (file: string, ...args: ReadonlyArray<string>): Promise<Finished> =>
  run(
    process.execPath,
    ["Deno" in globalThis ? ["run", "--quiet", "-A", "--no-check"] : [], file, ...args].flat(),
    root,
  )

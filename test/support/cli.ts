/**
 * The command in a process of its own.
 */
import { spawn } from "node:child_process"
import process from "node:process"
import { type Finished, root, runProgram } from "./command.ts"

const program = "src/cli/main.ts"

/** Runs the command on the runtime that runs the tests. */
export const cli = (...args: ReadonlyArray<string>): Promise<Finished> =>
  runProgram(program, ...args)

interface StartedOptions {
  /** What is piped into it. */
  readonly input?: Uint8Array
  /** When to send it SIGINT, as Ctrl-C does. */
  readonly interruptWhen?: Promise<unknown>
}

/** Runs the command with something at its standard input, or interrupts it. */
export const cliWith = (
  { input, interruptWhen }: StartedOptions,
  ...args: ReadonlyArray<string>
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const runtime = "Deno" in globalThis ? ["run", "-A", "--no-check"] : []
    const child = spawn(process.execPath, [...runtime, program, ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: "pipe",
      timeout: 60_000,
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text)
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text)
    child.on("error", reject)
    child.on("close", (code, signal) => {
      // Deno tells the exit code 130 as the signal that it stands for.
      const exitCode = code ?? (signal === "SIGINT" ? 130 : null)
      resolve({ code: exitCode, stdout, stderr })
    })
    // It may end before it has read everything.
    child.stdin.on("error", () => {})
    child.stdin.end(input)
    interruptWhen?.then(() => child.kill("SIGINT"), reject)
  })

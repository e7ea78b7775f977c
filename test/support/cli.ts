/**
 * Runs the command in a process of its own.
 */
import { spawn } from "node:child_process"
import process from "node:process"
import { type Finished, root, runProgram } from "./command.ts"

const program = "src/cli/main.ts"

/** Runs the command on the runtime that runs the tests. */
export const cli = (...args: ReadonlyArray<string>): Promise<Finished> =>
  runProgram(program, ...args)

interface StartedOptions {
  /** The bytes of its standard input. */
  readonly input?: Uint8Array
  /** Whether its standard input stays open after these bytes. */
  readonly keepsInputOpen?: boolean
  /** When to send it a signal. */
  readonly interruptWhen?: Promise<unknown>
  /** Which signal. Defaults to SIGINT, as Ctrl-C sends it. */
  readonly signal?: "SIGINT" | "SIGTERM"
  /** The stream whose first output is awaited before the signal is sent. */
  readonly signalAfter?: "stdout" | "stderr"
  /** Whether to stop reading its standard output after the first output. */
  readonly stopsReading?: boolean
  /** Redirects one of its streams to a file descriptor. */
  readonly to?: { readonly stream: "stdout" | "stderr"; readonly descriptor: number }
}

/** The exit codes by which a shell reports the signal that ended a process. */
const codes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 }

/** Runs the command with some standard input, or interrupts it. */
export const cliWith = (
  { input, interruptWhen, keepsInputOpen, signal = "SIGINT", signalAfter, stopsReading, to }:
    StartedOptions,
  ...args: ReadonlyArray<string>
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    // Quiet: what Deno prints about its downloads is not the command's output.
    const runtime = "Deno" in globalThis ? ["run", "--quiet", "-A", "--no-check"] : []
    const child = spawn(process.execPath, [...runtime, program, ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: [
        "pipe",
        to?.stream === "stdout" ? to.descriptor : "pipe",
        to?.stream === "stderr" ? to.descriptor : "pipe",
      ],
      timeout: 60_000,
    })
    let stdout = ""
    let stderr = ""
    const heard = (stream: "stdout" | "stderr"): void => {
      if (stream === signalAfter) child.kill(signal)
      if (stream === "stdout" && stopsReading === true) child.stdout?.destroy()
    }
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
      heard("stdout")
    })
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
      heard("stderr")
    })
    child.on("error", reject)
    child.on("close", (code, endedBy) => {
      // While the command is busy, the system ends it. Deno reports such an exit code as the signal that it stands for.
      const exitCode = code ?? codes[endedBy ?? ""] ?? null
      resolve({ code: exitCode, stdout, stderr })
    })
    // It may end before it has read everything.
    child.stdin?.on("error", () => {})
    if (keepsInputOpen === true) child.stdin?.write(input ?? "")
    else child.stdin?.end(input)
    interruptWhen?.then(() => child.kill(signal), reject)
  })

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
  /** When to send it a signal. */
  readonly interruptWhen?: Promise<unknown>
  /** Which one: SIGINT, as Ctrl-C does, where none is given. */
  readonly signal?: "SIGINT" | "SIGTERM"
  /** Where to wait for its first output: the signal is sent then. */
  readonly signalAfter?: "stdout" | "stderr"
  /** Whether nobody reads its standard output any more, from the first output on. */
  readonly stopsReading?: boolean
  /** Which of its streams is the file of this descriptor. */
  readonly to?: { readonly stream: "stdout" | "stderr"; readonly descriptor: number }
}

/** What a shell makes of a signal that ended a process. */
const codes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 }

/** Runs the command with something at its standard input, or interrupts it. */
export const cliWith = (
  { input, interruptWhen, signal = "SIGINT", signalAfter, stopsReading, to }: StartedOptions,
  ...args: ReadonlyArray<string>
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    // Quiet, for what Deno says of its own downloads is not the command's.
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
      // While the command is busy the system ends it; and Deno tells its exit code as the signal that it stands for.
      const exitCode = code ?? codes[endedBy ?? ""] ?? null
      resolve({ code: exitCode, stdout, stderr })
    })
    // It may end before it has read everything.
    child.stdin?.on("error", () => {})
    child.stdin?.end(input)
    interruptWhen?.then(() => child.kill(signal), reject)
  })

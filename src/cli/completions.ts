/**
 * Scripts that complete the command's arguments in a shell. Those of `effect/cli` do not know that the command's name may be
 * left out, nor the global options, nor which arguments are modules.
 *
 * @module
 */
import * as Completions from "effect/cli/Completions"
import { bashScript } from "./completions/bash.ts"
import { fishScript } from "./completions/fish.ts"
import { completed, program } from "./completions/model.ts"
import { zshScript } from "./completions/zsh.ts"

/**
 * The script for a shell.
 *
 * @param shell the shell
 * @param described the commands and their options
 */
export const completionScript = (
  shell: Completions.Shell,
  described: Completions.CommandDescriptor,
): string => {
  switch (shell) {
    case "bash":
      return bashScript(completed(described))
    case "zsh":
      return zshScript(completed(described))
    case "fish":
      return fishScript(completed(described))
    case "powershell": {
      // PowerShell itself completes file names where the script offers nothing.
      const [compile] = described.subcommands
      return Completions.generate(program, "powershell", {
        ...described,
        flags: [...(compile?.flags ?? []), ...described.flags],
        subcommands: described.subcommands.map((command) => ({
          ...command,
          flags: [...command.flags, ...described.flags],
        })),
      })
    }
  }
}

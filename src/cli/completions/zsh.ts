/**
 * Completion in zsh, by its own `_arguments`.
 *
 * @module
 */
import { type CompletedCommand, type CompletedOption, type Offer, program } from "./model.ts"

/** In single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Escapes what is special in a specification of `_arguments`. */
const plain = (text: string): string => text.replace(/[\\:[\]]/g, "\\$&")

const action = (offer: Offer): string => {
  if (typeof offer !== "string") return `(${offer.map(plain).join(" ")})`
  return {
    modules: "_compile_streaming_modules",
    files: "_files",
    folders: "_directories",
    nothing: " ",
  }[offer]
}

/** The specifications of an option: one for each of its names. */
const optionSpecs = (option: CompletedOption): ReadonlyArray<string> => {
  const { isRepeated, names, offer, text, value } = option
  const before = isRepeated ? "*" : `(${names.join(" ")})`
  const after = value === "none"
    ? ""
    : `${value === "word" ? ":" : "::"}${names[0]?.slice(2)}:${action(offer)}`
  const equals = value === "none" ? "" : value === "word" ? "=" : "=-"
  return names.map((name) =>
    quoted(`${before}${name}${name.startsWith("--") ? equals : ""}[${plain(text)}]${after}`)
  )
}

const operandSpecs = (
  { operands, others }: CompletedCommand,
  first: Offer | "commands" | undefined = operands[0],
): ReadonlyArray<string> => [
  ...operands.map((offer, index) =>
    index === 0 && first === "commands"
      ? quoted(`${index + 1}:module or command:_compile_streaming_first`)
      : quoted(`${index + 1}:${offer === "modules" ? "module" : "name"}:${action(offer)}`)
  ),
  ...(others === "nothing" ? [] : [quoted(`*:module:${action(others)}`)]),
]

const commandCase = (command: CompletedCommand): string => {
  const specs = [...command.options.flatMap(optionSpecs), ...operandSpecs(command)]
  return `    ${command.name})
      _arguments -s -S : \\
        ${specs.join(" \\\n        ")} ;;`
}

/**
 * The script.
 *
 * @param commands what to offer; the first is the default
 */
export const zshScript = (commands: ReadonlyArray<CompletedCommand>): string => {
  const [first] = commands
  if (first === undefined) return ""
  const whole = first.options.filter(({ isOfWhole }) => isOfWhole)
  const general = whole.flatMap(({ names, value }) =>
    value === "optional" ? [...names, ...names.map((name) => `${name}=*`)] : names
  )
  const specs = [...first.options.flatMap(optionSpecs), ...operandSpecs(first, "commands")]
  return `#compdef ${program}
# Completion of ${program} in zsh. To install it, in a folder of $fpath:
#   ${program} --completions zsh > ~/.zfunc/_${program}

_compile_streaming_modules() {
  _files -g '*.wasm(-.)'
}

_compile_streaming_commands() {
  local -a commands=(
${commands.map(({ name, text }) => `    ${quoted(`${name}:${plain(text)}`)}`).join("\n")}
  )
  _describe -t commands command commands
}

# A command's name stands before all options of its own.
_compile_streaming_first() {
  if ((at < CURRENT)); then
    _compile_streaming_modules
    return
  fi
  _alternative 'commands:command:_compile_streaming_commands' 'modules:module:_compile_streaming_modules'
}

_${program}() {
  local -i at=2
  while ((at < CURRENT)) && [[ $words[at] == (${general.join("|")}) ]]; do
    ((at++))
  done
  local command=""
  if ((at < CURRENT)); then command="$words[at]"; fi
  case "$command" in
    ${commands.map(({ name }) => name).join("|")})
      words=("$words[1]" "\${(@)words[at + 1,-1]}")
      ((CURRENT -= at - 1)) ;;
    *) command="" ;;
  esac
  case "$command" in
${commands.map(commandCase).join("\n")}
    *)
      _arguments -s -S : \\
        ${specs.join(" \\\n        ")} ;;
  esac
}

if [[ $funcstack[1] == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi`
}

/**
 * Completion in bash 3.2 or later, with or without bash-completion.
 *
 * @module
 */
import { type CompletedCommand, type CompletedOption, type Offer, program } from "./model.ts"

const words = (choices: ReadonlyArray<string>): string =>
  `_compile_streaming_words ${choices.join(" ")}`

/** The shell command that offers completions for `$cur`. */
const offering = (offer: Offer): string =>
  typeof offer !== "string"
    ? words(offer)
    : offer === "nothing"
    ? "compopt +o default +o bashdefault 2>/dev/null"
    : `_compile_streaming_${offer}`

/** Options as a pattern of `case`; those with an optional value also with that value, after an equals sign. */
const patterns = (options: ReadonlyArray<CompletedOption>): string =>
  [
    ...new Set(
      options.flatMap(({ names, value }) =>
        value === "optional" ? [...names, ...names.map((name) => `${name}=*`)] : names
      ),
    ),
  ].join("|")

/** The clauses of `case` that complete the values of options. */
const valueCases = ({ name, options }: CompletedCommand): ReadonlyArray<string> =>
  options.filter(({ value }) => value !== "none").map(({ names, offer }) =>
    `    ${name}:${names[0]}) ${offering(offer)} ;;`
  )

const operandCases = ({ name, operands, others }: CompletedCommand): ReadonlyArray<string> => [
  ...operands.map((offer, index) => `    ${name}:${index}) ${offering(offer)} ;;`),
  `    ${name}:*) ${offering(others)} ;;`,
]

/** An option with an optional value is offered alone, and with each of its values. */
const offered = ({ names, offer, value }: CompletedOption): ReadonlyArray<string> =>
  value === "optional" && typeof offer !== "string"
    ? [...names, ...offer.map((choice) => `${names[0]}=${choice}`)]
    : names

/**
 * The script.
 *
 * @param commands what to offer; the first is the default
 */
export const bashScript = (commands: ReadonlyArray<CompletedCommand>): string => {
  const first = commands[0]?.name ?? ""
  const options = commands.flatMap(({ options }) => options)
  const valued = patterns(options.filter(({ value }) => value === "word"))
  // Global options, which may stand before a command's name.
  const general = patterns(options.filter(({ isOfWhole }) => isOfWhole))
  return `# Completion of ${program} in bash. To install it:
#   ${program} --completions bash > ~/.local/share/bash-completion/completions/${program}

_compile_streaming_words() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$before$word")
  done
}

# Readline completes quoted paths better than can be done here.
_compile_streaming_paths() {
  local path
  [[ $line == *[\\"\\']* ]] && return
  while IFS= read -r path; do
    COMPREPLY+=("$before$path")
  done
  compopt -o filenames 2>/dev/null
}

_compile_streaming_files() {
  _compile_streaming_paths < <(compgen -f -- "$cur")
}

_compile_streaming_folders() {
  _compile_streaming_paths < <(compgen -d -- "$cur")
}

# Modules and folders. Where there is neither, readline offers any file.
_compile_streaming_modules() {
  _compile_streaming_paths < <(compgen -f -X '!*.wasm' -- "$cur"; compgen -d -- "$cur")
}

_compile_streaming_value() {
  case "$1" in
${commands.flatMap(valueCases).join("\n")}
  esac
}

_compile_streaming_operand() {
  case "$1" in
${commands.flatMap(operandCases).join("\n")}
  esac
}

_compile_streaming() {
  local cur="$2" before="" option="" command="" operands=0 ended="" value="" i word
  local line="\${COMP_LINE:0:COMP_POINT}"
  local -a words
  # From the line itself: readline splits words at = and : too.
  read -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local last=$((\${#words[@]} - 1))
  COMPREPLY=()

  for ((i = 1; i < last; i++)); do
    word="\${words[i]}"
    if [[ -n $value ]]; then value=""; continue; fi
    if [[ -n $ended ]]; then ((operands++)); continue; fi
    case "$word" in
      ${general}) ;;
      --) ended=1 ;;
      ${valued})
        value=1
        command="\${command:-${first}}" ;;
      -?*) command="\${command:-${first}}" ;;
      ${commands.map(({ name }) => name).join("|")})
        if [[ -z $command ]]; then command="$word"; else ((operands++)); fi ;;
      *)
        command="\${command:-${first}}"
        ((operands++)) ;;
    esac
  done

  word="\${words[last]}"
  if [[ -n $value ]]; then
    option="\${words[last - 1]}"
  elif [[ $word == --*=* ]]; then
    option="\${word%%=*}"
    [[ $cur == "$option="* ]] && before="$option=" cur="\${cur#*=}"
    [[ $cur == "=" ]] && cur=""
  fi
  if [[ -n $option && -z $ended ]]; then
    _compile_streaming_value "\${command:-${first}}:$option"
    return
  fi

  if [[ $word == -* && -z $ended ]]; then
    case "\${command:-${first}}" in
${
    commands.map(({ name, options }) => `      ${name}) ${words(options.flatMap(offered))} ;;`)
      .join("\n")
  }
    esac
    return
  fi

  [[ -n $command || -n $ended ]] || ${words(commands.map(({ name }) => name))}
  _compile_streaming_operand "\${command:-${first}}:$operands"
}

complete -o bashdefault -o default -F _compile_streaming ${program}`
}

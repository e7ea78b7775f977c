/**
 * Completion in fish 3.0 or later.
 *
 * @module
 */
import { type CompletedCommand, type CompletedOption, type Offer, program } from "./model.ts"

const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`

const define = (name: string, body: string): string => `function ${name}\n${body}\nend`

/** What is offered for a value or an argument, as options of `complete`. */
const offering = (offer: Offer): string => {
  if (typeof offer !== "string") return ` -a ${quoted(offer.join(" "))}`
  return {
    modules: ` -k -a '(__fish_complete_suffix .wasm)'`,
    files: " -F",
    folders: ` -a '(__fish_complete_directories (commandline -ct))'`,
    nothing: "",
  }[offer]
}

const optionLines = (command: string, option: CompletedOption): ReadonlyArray<string> => {
  const { names, offer, text, value } = option
  const named = names.map((name) =>
    name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name[1]}`
  )
  const when = `-n '__compile_streaming_is ${command}'`
  const start = `complete -c ${program} ${when}`
  const described = ` -d ${quoted(text)}`
  if (value === "word") {
    return [
      `${start}${named.join("")} ${offer === "files" ? "-r" : "-x"}${offering(offer)}${described}`,
    ]
  }
  const line = `${start}${named.join("")}${described}`
  if (value === "none" || typeof offer === "string") return [line]
  // The value must follow an equals sign, but with -r fish offers it as the next word.
  const choices = offer.map((choice) => `${names[0]}=${choice}`).join(" ")
  const isWritten =
    `__compile_streaming_is ${command}; and string match -q -- "--*" (commandline -ct)`
  return [line, `complete -c ${program} -n ${quoted(isWritten)} -a ${quoted(choices)}${described}`]
}

const operandLines = ({ name, operands, others }: CompletedCommand): ReadonlyArray<string> =>
  [
    ...operands.map((offer, index) => ({ offer, test: `-eq ${index}` })),
    { offer: others, test: `-ge ${operands.length}` },
  ].flatMap(({ offer, test }) => {
    if (offer === "nothing") return []
    const when = `__compile_streaming_is ${name}; and test (__compile_streaming_operands) ${test}`
    return [`complete -c ${program} -n ${quoted(when)}${offering(offer)}`]
  })

/**
 * The script.
 *
 * @param commands what to offer; the first is the default
 */
export const fishScript = (commands: ReadonlyArray<CompletedCommand>): string => {
  const [first] = commands
  if (first === undefined) return ""
  const all = commands.flatMap(({ options }) => options)
  const valued = [
    ...new Set(all.filter(({ value }) => value === "word").flatMap(({ names }) => names)),
  ]
  const whole = first.options.filter(({ isOfWhole }) => isOfWhole)
  const general = whole.flatMap(({ names, value }) =>
    value === "optional" ? [...names, ...names.map((name) => `'${name}=*'`)] : names
  )
  return `# Completion of ${program} in fish. To install it:
#   ${program} --completions fish > ~/.config/fish/completions/${program}.fish

# The command that is written, and the words before the cursor that are its arguments.
${
    define(
      "__compile_streaming_words",
      `    set -l words (commandline -poc)
    set -l operands
    set -l command ''
    set -l value ''
    set -l ended ''
    for word in $words[2..-1]
        if test -n "$value"
            set value ''
            continue
        end
        if test -z "$ended"
            switch $word
                case ${general.join(" ")}
                    continue
                case --
                    set ended 1
                    continue
                case ${valued.join(" ")}
                    set value 1
                    test -n "$command"; or set command ${first.name}
                    continue
                case '-?*'
                    test -n "$command"; or set command ${first.name}
                    continue
                case ${commands.map(({ name }) => name).join(" ")}
                    if test -z "$command"
                        set command $word
                        continue
                    end
            end
        end
        test -n "$command"; or set command ${first.name}
        set -a operands $word
    end
    test -n "$command"; or set command none
    printf '%s\\n' $command $operands`,
    )
  }

${
    define(
      "__compile_streaming_is",
      `    set -l words (__compile_streaming_words)
    test $words[1] = $argv[1]; or test $words[1] = none -a $argv[1] = ${first.name}`,
    )
  }

${
    define(
      "__compile_streaming_operands",
      `    set -l words (__compile_streaming_words)
    math (count $words) - 1`,
    )
  }

complete -c ${program} -f
${
    commands.map(({ name, text }) =>
      `complete -c ${program} -n '__compile_streaming_is none' -a ${name} -d ${quoted(text)}`
    ).join("\n")
  }
${
    commands.flatMap((command) => [
      ...command.options.flatMap((option) => optionLines(command.name, option)),
      ...operandLines(command),
    ]).join("\n")
  }`
}

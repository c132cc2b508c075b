import { globalOptions } from '../commands/options.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../failure.ts'
import type { CommandSpec, Given } from '../spec.ts'

/** Prints a script for a shell. It knows nouns, verbs and options. */
export async function completion(
  { args: [shell = ''] }: Given,
  { out }: Context,
  all: CommandSpec[],
): Promise<void> {
  const script = scripts[shell as keyof typeof scripts]
  if (script === undefined)
    throw new UsageError(`there is no completion for "${shell}"`, 'Use bash, zsh or fish.')
  out.line(script(wordsByPrefix(all)))
}

const scripts = { bash, zsh, fish }

type Words = Map<string, string[]>

function bash(words: Words): string {
  return `_longhaul() {
  local words
  COMPREPLY=()
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1}" in
${cases(words)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _longhaul longhaul ./longhaul`
}

function zsh(words: Words): string {
  return `#compdef longhaul
autoload -U +X bashcompinit && bashcompinit
${bash(words)}`
}

function fish(all: Words): string {
  const lines = [...all].map(([prefix, words]) => {
    const condition =
      prefix === ''
        ? '__fish_use_subcommand'
        : prefix
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ')
    return `complete -c longhaul -f -n '${condition}' -a '${words.join(' ')}'`
  })
  return lines.join('\n')
}

function cases(all: Words): string {
  return [...all]
    .toSorted(([one], [other]) => other.length - one.length)
    .map(
      ([prefix, words]) =>
        `    ${prefix === '' ? "''" : `'${prefix}'*`}) words='${words.join(' ')}' ;;`,
    )
    .join('\n')
}

/** The words that may follow some others. */
function wordsByPrefix(all: CommandSpec[]): Words {
  const found = new Map<string, string[]>()
  const add = (prefix: string, word: string) => {
    const words = found.get(prefix) ?? []
    if (!words.includes(word)) found.set(prefix, [...words, word])
  }
  for (const spec of all) {
    const [noun = '', verb] = spec.name.split(' ')
    add('', noun)
    if (verb !== undefined) add(noun, verb)
    for (const option of optionsOf(spec)) add(spec.name, option)
  }
  return found
}

function optionsOf({ options = [] }: CommandSpec): string[] {
  return [...options, ...globalOptions].map(({ flags }) => /--[\w-]+/.exec(flags)?.[0] ?? '')
}

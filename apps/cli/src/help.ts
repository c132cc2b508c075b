import { commands, nouns } from './commands/index.ts'
import { globalOptions } from './commands/options.ts'
import type { CommandSpec, OptionSpec } from './spec.ts'

/** The help for some words of a command line: of a command, a noun, or of everything. */
export function helpFor(words: string[]): string {
  const command = commands.find(({ name }) => startsWith(words, name.split(' ')))
  if (command !== undefined) return helpOf(command)
  const [noun = ''] = words
  const verbs = commands.filter(({ name }) => name.startsWith(`${noun} `))
  return verbs.length > 0 ? helpOfNoun(noun, verbs) : overview()
}

function overview(): string {
  const singles = commands.filter(({ name }) => !name.includes(' '))
  const rows = [
    ...singles.map(({ name, summary }) => [name, summary] as const),
    ...Object.entries(nouns),
  ]
  return [
    'Usage: longhaul <command> [options]',
    '',
    'Run and watch durable tasks of AI agents.',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Try: longhaul run demo "What is the date today?"',
    'Help: longhaul <command> --help, and docs/guides/command-line.md',
  ].join('\n')
}

function helpOfNoun(noun: string, verbs: CommandSpec[]): string {
  const rows = verbs.map(({ name, summary }) => [name, summary] as const)
  const about = `${nouns[noun] ?? noun}.`
  return [`Usage: longhaul ${noun} <command> [options]`, '', about, '', ...table(rows)].join('\n')
}

function helpOf({
  name,
  summary,
  details,
  args = [],
  options = [],
  examples,
}: CommandSpec): string {
  const usage = [name, ...args.map((arg) => arg.name), '[options]'].join(' ')
  const rows = [...args.map((arg) => [arg.name, arg.about] as const), ...options.map(rowOf)]
  const lines = examples.map(
    ({ about, line }) => `  # ${about}\n  ${line.replaceAll('\n', '\n  ')}`,
  )
  return [
    `Usage: longhaul ${usage}`,
    '',
    `${summary}.${details === undefined ? '' : `\n\n${details}`}`,
    ...(rows.length === 0 ? [] : ['', ...table(rows)]),
    '',
    'For every command:',
    ...table(globalOptions.map(rowOf)),
    '',
    'Examples:',
    ...lines,
  ].join('\n')
}

function rowOf({ flags, about, choices }: OptionSpec): readonly [string, string] {
  return [flags, choices === undefined ? about : `${about}: ${choices.join(', ')}`]
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`)
}

function startsWith(words: string[], name: string[]): boolean {
  return name.every((word, at) => words[at] === word)
}

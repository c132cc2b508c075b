import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { commands } from './commands/index.ts'
import { globalOptions } from './commands/options.ts'
import { exitCodes } from './exit-codes.ts'
import { helpFor } from './help.ts'
import { perform } from './perform.ts'
import type { CommandSpec, Given, OptionSpec } from './spec.ts'

/** Runs the command of some words, and resolves with the exit code. */
export async function runProgram(words: string[]): Promise<number> {
  let code: number = exitCodes.ok
  const program = createProgram(async (...command) => {
    code = await perform(...command)
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    // Commander has written the message.
    if (error instanceof CommanderError) return exitCodes.usage
    throw error
  }
}

type Perform = (...command: Parameters<typeof perform>) => Promise<void>

/** The commands as commander reads them. Their help is in `help.ts`. */
function createProgram(run: Perform): Command {
  const program = new Command('longhaul')
    .description('Run and watch durable tasks of AI agents.')
    .exitOverride()
    .helpCommand(false)
    .helpOption(false)
    .showSuggestionAfterError()
    .showHelpAfterError('Try: longhaul --help')
  for (const spec of commands) addCommand(program, spec, run)
  return program
}

function addCommand(program: Command, spec: CommandSpec, run: Perform): void {
  const [first = '', second] = spec.name.split(' ')
  const parent = second === undefined ? program : nounOf(program, first)
  const command = parent
    .command(second ?? first)
    .helpOption(false)
    .allowExcessArguments(false)
    .showHelpAfterError(`Try: longhaul ${spec.name} --help`)
    .exitOverride()
  for (const { name, about } of spec.args ?? []) command.argument(name, about)
  for (const option of spec.options ?? []) command.addOption(toOption(option))
  for (const option of globalOptions) command.addOption(toOption(option))
  command.action(async (...words: unknown[]) => {
    const options = command.opts<Record<string, unknown>>()
    const args = words.slice(0, spec.args?.length ?? 0).flat()
    const given = givenOf(args.filter((arg) => arg !== undefined).map(String), options)
    await run(spec, given, options)
  })
}

function nounOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name)
  if (known !== undefined) return known
  return program
    .command(name)
    .helpOption(false)
    .helpCommand(false)
    .showHelpAfterError(`Try: longhaul ${name} --help`)
    .exitOverride()
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_, noun: Command) => {
      const verb = noun.args.find((word) => !word.startsWith('-'))
      if (verb !== undefined) {
        const verbs = noun.commands.map((command) => command.name()).join(', ')
        noun.error(`error: ${name} has no command '${verb}', only ${verbs}`)
      }
      process.stderr.write(`${helpFor([name])}\n`)
      throw new CommanderError(exitCodes.usage, 'longhaul.noVerb', 'a verb is missing')
    })
}

function toOption({ flags, about, choices, repeats }: OptionSpec): Option {
  const option = new Option(flags, about)
  if (choices !== undefined) option.choices(choices)
  if (repeats) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
  }
  return option
}

function givenOf(args: string[], options: Record<string, unknown>): Given {
  const text = (name: string) => {
    const value = options[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    args,
    text,
    texts: (name) => {
      const value = options[name]
      return Array.isArray(value) ? value.map(String) : []
    },
    flag: (name) => options[name] === true,
    number: (name) => {
      const value = text(name)
      if (value === undefined) return undefined
      if (/^\d{1,9}$/.test(value)) return Number(value)
      throw new InvalidArgumentError(`--${name} must be a whole number, and not "${value}"`)
    },
  }
}

import type { Context } from './context.ts'

/** One command: what help, completion and the guide say about it, and the file that does it. */
export type CommandSpec = {
  /** Its words: `tasks list`. */
  name: string
  summary: string
  /** Further sentences of its help. */
  details?: string
  args?: ArgumentSpec[]
  options?: OptionSpec[]
  examples: Example[]
  /** Loads the code when the command runs, so that help stays fast. */
  load: () => Promise<Action>
}

export type ArgumentSpec = {
  /** `<id>`, `[text]` or `<id...>`. */
  name: string
  about: string
}

export type OptionSpec = {
  /** `-s, --status <status>`. */
  flags: string
  about: string
  choices?: string[]
  /** May be given several times. */
  repeats?: true
}

export type Example = {
  line: string
  about: string
}

/** The values of options by their long name in camel case, and the arguments in order. */
export type Given = {
  args: string[]
  text(option: string): string | undefined
  texts(option: string): string[]
  flag(option: string): boolean
  /** A whole number from 0 on. */
  number(option: string): number | undefined
}

export type Action = (given: Given, context: Context, all: CommandSpec[]) => Promise<void>

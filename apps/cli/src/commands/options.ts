import type { OptionSpec } from '../spec.ts'

/** Options that several commands have. */
export const timeout: OptionSpec = {
  flags: '--timeout <duration>',
  about: 'wait at most this long, such as 90s, 5m or 2h; the task continues',
}

const limit: OptionSpec = { flags: '--limit <number>', about: 'show at most this many (50)' }

const ids: OptionSpec = { flags: '--ids', about: 'print only the ids, one in each line' }

export const idsOnly: OptionSpec[] = [ids]
export const listOptions: OptionSpec[] = [limit, ids]

export const applyOptions: OptionSpec[] = [
  { flags: '-f, --file <file>', about: 'a file in JSON or YAML, with one or several; - is stdin' },
  { flags: '--dry-run', about: 'show the differences and change nothing' },
]

/** Options of every command. */
export const globalOptions: OptionSpec[] = [
  { flags: '--json', about: 'print JSON; one value in each line while following' },
  { flags: '-y, --yes', about: 'ask nothing' },
  { flags: '--url <url>', about: 'the address of the API' },
  { flags: '--key <key>', about: 'the API key; the environment hides it better' },
  { flags: '--request-timeout <duration>', about: 'how long a reply may take (30s)' },
  { flags: '--profile <name>', about: 'a server of `longhaul login`' },
]

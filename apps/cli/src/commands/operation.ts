import type { CommandSpec } from '../spec.ts'

export const operationCommands: CommandSpec[] = [
  {
    name: 'limits',
    summary: 'Show the limits of the workspace and how much of them is in use',
    examples: [{ line: 'longhaul limits', about: 'The limits.' }],
    load: async () => (await import('../actions/installation/limits.ts')).showLimits,
  },
  {
    name: 'usage',
    summary: 'Show the turns and tokens of the workspace by time',
    options: [
      {
        flags: '--by <group>',
        about: 'divide them; not by minute',
        choices: ['agent', 'model', 'identity'],
      },
      {
        flags: '--grain <grain>',
        about: 'the length of a line (hour)',
        choices: ['minute', 'hour', 'day'],
      },
      { flags: '--since <duration>', about: 'the last 2h, 7d, …' },
    ],
    examples: [
      { line: 'longhaul usage --since 7d', about: 'Each hour of the last week.' },
      { line: 'longhaul usage --by model --json', about: 'The last day by model, as JSON.' },
    ],
    load: async () => (await import('../actions/installation/usage.ts')).showUsage,
  },
  {
    name: 'top',
    summary: 'Show what runs and what waits, all the time',
    details:
      'With the operator key: the whole installation. Otherwise the workspace. Into a pipe it writes once.',
    options: [
      { flags: '--every <duration>', about: 'how often (2s); with --json a line each time' },
      { flags: '--once', about: 'only once' },
    ],
    examples: [{ line: 'longhaul top --once', about: 'The state now.' }],
    load: async () => (await import('../actions/installation/top.ts')).top,
  },
  {
    name: 'doctor',
    summary: 'Check the connection, the keys, Redis, the workers and the providers',
    details:
      'Says what to do about each problem. Providers are checked from this machine, with the keys of this environment.',
    examples: [
      {
        line: 'longhaul doctor',
        about: 'Check everything. The exit code is 1 if something is wrong.',
      },
    ],
    load: async () => (await import('../actions/installation/doctor.ts')).doctor,
  },
  {
    name: 'login',
    summary: 'Keep the address and the key of a server',
    details:
      'Checks the key first. The file is ~/.config/longhaul/config.json, which only you can read.',
    options: [
      { flags: '--key-stdin', about: 'read the key from stdin' },
      { flags: '--operator-key-stdin', about: 'read the operator key from a second line of stdin' },
    ],
    examples: [
      {
        line: 'echo "$LONGHAUL_API_KEY" | longhaul login --url $LONGHAUL_URL --profile local --key-stdin',
        about: 'Without a terminal. On a terminal, `longhaul login` asks.',
      },
    ],
    load: async () => (await import('../actions/profiles/login.ts')).login,
  },
  {
    name: 'profiles list',
    summary: 'List the servers of `longhaul login`',
    details:
      'A file `.longhaul.json` with `{ "profile": "name" }` chooses the profile of its folder.',
    examples: [{ line: 'longhaul profiles list', about: 'The current one has a star.' }],
    load: async () => (await import('../actions/profiles/profiles.ts')).listProfiles,
  },
  {
    name: 'profiles use',
    summary: 'Choose a server',
    args: [{ name: '<name>', about: 'the name of the profile' }],
    examples: [{ line: 'longhaul profiles use local', about: 'Use this server from now on.' }],
    load: async () => (await import('../actions/profiles/profiles.ts')).useProfile,
  },
  {
    name: 'profiles delete',
    summary: 'Forget a server and its key',
    args: [{ name: '<name>', about: 'the name of the profile' }],
    examples: [{ line: 'longhaul profiles delete local', about: 'Delete the key of this server.' }],
    load: async () => (await import('../actions/profiles/profiles.ts')).deleteProfile,
  },
  {
    name: 'completion',
    summary: 'Print the completion of a shell',
    args: [{ name: '<shell>', about: 'bash, zsh or fish' }],
    examples: [
      {
        line: 'source <(longhaul completion bash)',
        about: 'In ~/.bashrc.',
      },
    ],
    load: async () => (await import('../actions/completion.ts')).completion,
  },
]

import type { OptionSpec } from '../spec.ts'

/** What a schedule has besides its times and its message. */
export const scheduleOptions: OptionSpec[] = [
  { flags: '--name <name>', about: 'a name for people (the expression)' },
  { flags: '--timezone <zone>', about: 'the time zone of a cron expression (UTC)' },
  {
    flags: '--overlap <what>',
    about: 'what happens while the run before has not ended (skip)',
    choices: ['skip', 'queue', 'cancel_previous', 'allow'],
  },
  { flags: '--catch-up <duration>', about: 'how late a missed run may start (PT1H)' },
  {
    flags: '--catch-up-runs <which>',
    about: 'which missed runs start after an outage (latest)',
    choices: ['latest', 'none', 'all'],
  },
  { flags: '--spread <duration>', about: 'run later by a fixed part of this, such as 10m' },
  { flags: '--start-at <time>', about: 'no run before this time' },
  { flags: '--end-at <time>', about: 'no run after this time' },
  { flags: '--max-runs <number>', about: 'how often it runs' },
  { flags: '--priority <number>', about: '1 to 5; 1 starts first (3)' },
  { flags: '--pause-after-failures <number>', about: 'pause after so many failed runs in a row' },
  { flags: '--agent-tag <version>', about: 'the version of the agent (the latest)' },
  { flags: '--continue-task', about: 'each run continues the task of the run before' },
]

import type { CommandSpec } from '../spec.ts'
import { limit } from './options.ts'

const actions = () => import('../actions/schedules.ts')
const agent = { name: '<agent>', about: 'the key of the agent' }
const one = [agent, { name: '<schedule>', about: 'the id of the schedule' }]

export const scheduleCommands: CommandSpec[] = [
  {
    name: 'schedules create',
    summary: 'Run an agent at fixed times',
    details: 'Prints the id of the schedule.',
    args: [
      agent,
      {
        name: '<expression>',
        about: 'a cron expression; or @every and a duration; or @at and a time',
      },
      { name: '[text]', about: 'the message of each run; - or nothing reads it from stdin' },
    ],
    options: [
      { flags: '--name <name>', about: 'a name for people (the expression)' },
      { flags: '--timezone <zone>', about: 'the time zone of a cron expression (UTC)' },
      {
        flags: '--overlap <what>',
        about: 'what happens while the run before has not ended (skip)',
        choices: ['skip', 'queue', 'cancel_previous', 'allow'],
      },
      { flags: '--continue-task', about: 'each run continues the task of the run before' },
    ],
    examples: [
      {
        line: `SCHEDULE=$(longhaul schedules create demo "0 9 * * 1-5" "Write the morning report." --timezone Europe/Berlin)
longhaul schedules trigger demo $SCHEDULE
longhaul schedules runs demo $SCHEDULE`,
        about: 'Every working day at nine; and once now, to see that it works.',
      },
    ],
    load: async () => (await actions()).createSchedule,
  },
  {
    name: 'schedules list',
    summary: 'List the schedules of an agent',
    args: [agent],
    examples: [{ line: 'longhaul schedules list demo', about: 'The schedules of an agent.' }],
    load: async () => (await actions()).listSchedules,
  },
  {
    name: 'schedules get',
    summary: 'Show a schedule',
    args: one,
    examples: [{ line: 'longhaul schedules get demo $SCHEDULE', about: 'A schedule, as JSON.' }],
    load: async () => (await actions()).getSchedule,
  },
  {
    name: 'schedules runs',
    summary: 'List what became of the runs of a schedule, the latest first',
    args: one,
    options: [limit],
    examples: [
      {
        line: 'longhaul schedules runs demo $SCHEDULE --limit 5 --json',
        about: 'The latest runs, as JSON.',
      },
    ],
    load: async () => (await actions()).listRuns,
  },
  {
    name: 'schedules trigger',
    summary: 'Run a schedule now; its times do not change',
    args: one,
    examples: [{ line: 'longhaul schedules trigger demo $SCHEDULE', about: 'Run it now.' }],
    load: async () => (await actions()).triggerSchedule,
  },
  {
    name: 'schedules pause',
    summary: 'Let a schedule start no run',
    args: one,
    examples: [{ line: 'longhaul schedules pause demo $SCHEDULE', about: 'Pause it.' }],
    load: async () => (await actions()).pauseSchedule,
  },
  {
    name: 'schedules resume',
    summary: 'Let a schedule run again',
    args: one,
    examples: [{ line: 'longhaul schedules resume demo $SCHEDULE', about: 'Resume it.' }],
    load: async () => (await actions()).resumeSchedule,
  },
  {
    name: 'schedules delete',
    summary: 'Delete a schedule; the tasks that it has started stay',
    args: one,
    examples: [
      {
        line: 'longhaul schedules delete demo $SCHEDULE --yes',
        about: 'Delete it without a question.',
      },
    ],
    load: async () => (await actions()).deleteSchedule,
  },
]

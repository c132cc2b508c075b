import type { CommandSpec } from '../spec.ts'
import { idsOnly, listOptions } from './options.ts'
import { scheduleOptions } from './schedule-options.ts'

const reads = () => import('../actions/schedules/read-schedules.ts')
const changes = () => import('../actions/schedules/change-schedules.ts')
const runs = () => import('../actions/schedules/start-runs.ts')
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
    options: scheduleOptions,
    examples: [
      {
        line: `SCHEDULE=$(longhaul schedules create demo "0 9 * * 1-5" "Write the morning report." --timezone Europe/Berlin)
longhaul schedules trigger demo $SCHEDULE
longhaul schedules runs demo $SCHEDULE`,
        about: 'Every working day at nine; and once now, to see that it works.',
      },
    ],
    load: async () => (await changes()).createSchedule,
  },
  {
    name: 'schedules list',
    summary: 'List the schedules of an agent',
    args: [agent],
    options: idsOnly,
    examples: [{ line: 'longhaul schedules list demo', about: 'The schedules of an agent.' }],
    load: async () => (await reads()).listSchedules,
  },
  {
    name: 'schedules get',
    summary: 'Show a schedule',
    args: one,
    examples: [{ line: 'longhaul schedules get demo $SCHEDULE', about: 'A schedule, as JSON.' }],
    load: async () => (await reads()).getSchedule,
  },
  {
    name: 'schedules runs',
    summary: 'List what became of the runs of a schedule, the latest first',
    args: one,
    options: listOptions,
    examples: [
      {
        line: 'longhaul schedules runs demo $SCHEDULE --limit 5 --json',
        about: 'The latest runs, as JSON.',
      },
    ],
    load: async () => (await reads()).listRuns,
  },
  {
    name: 'schedules trigger',
    summary: 'Run a schedule now; its times do not change',
    args: one,
    options: [{ flags: '--idempotency-key <key>', about: 'repeats with this key are one run' }],
    examples: [{ line: 'longhaul schedules trigger demo $SCHEDULE', about: 'Run it now.' }],
    load: async () => (await runs()).triggerSchedule,
  },
  {
    name: 'schedules backfill',
    summary: 'Run the past times of a schedule',
    details:
      'Also those that have run before. They wait for each other, unless --overlap is allow. At most 100 at once. Prints ' +
      'the times.',
    args: one,
    options: [
      { flags: '--since <duration>', about: 'the last 2h, 7d, …, or from a time on; required' },
      { flags: '--until <duration>', about: 'until then (a minute ago)' },
    ],
    examples: [
      {
        line: 'longhaul schedules backfill demo $SCHEDULE --since 7d',
        about: 'The runs of the last week.',
      },
    ],
    load: async () => (await runs()).backfillSchedule,
  },
  {
    name: 'schedules update',
    summary: 'Change a schedule',
    details:
      'What no option names stays as it is. Other times begin anew: runs that wait are skipped. `none` clears a value.',
    args: one,
    options: [
      { flags: '--expression <expression>', about: 'other times' },
      { flags: '--text <text>', about: 'another message; - reads it from stdin' },
      ...scheduleOptions,
      { flags: '--new-tasks', about: 'each run has a task of its own' },
    ],
    examples: [
      {
        line: 'longhaul schedules update demo $SCHEDULE --expression "0 8 * * 1-5" --overlap queue',
        about: 'At eight, and after the run before.',
      },
    ],
    load: async () => (await changes()).updateSchedule,
  },
  {
    name: 'schedules pause',
    summary: 'Let a schedule start no run',
    args: one,
    examples: [{ line: 'longhaul schedules pause demo $SCHEDULE', about: 'Pause it.' }],
    load: async () => (await changes()).pauseSchedule,
  },
  {
    name: 'schedules resume',
    summary: 'Let a schedule run again',
    args: one,
    examples: [{ line: 'longhaul schedules resume demo $SCHEDULE', about: 'Resume it.' }],
    load: async () => (await changes()).resumeSchedule,
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
    load: async () => (await changes()).deleteSchedule,
  },
]

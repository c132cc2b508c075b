import type { ArgumentSpec, CommandSpec } from '../spec.ts'
import { listOptions, timeout } from './options.ts'

const id: ArgumentSpec = { name: '<id>', about: 'the id of the task' }
const ids: ArgumentSpec = { name: '<id...>', about: 'the ids of the tasks' }
const actions = () => import('../actions/tasks/change-tasks.ts')
const reads = () => import('../actions/tasks/read-tasks.ts')

export const taskCommands: CommandSpec[] = [
  {
    name: 'tasks list',
    summary: 'List tasks, the newest first',
    options: [
      {
        flags: '-s, --status <status>',
        about: 'only these',
        choices: ['in_progress', 'completed', 'failed'],
      },
      { flags: '-a, --agent <key>', about: 'only tasks of this agent' },
      {
        flags: '--state <state>',
        about: 'only these in progress',
        choices: ['queued', 'running', 'parked'],
      },
      { flags: '--model <model>', about: 'only tasks that began with this model' },
      { flags: '--error <code>', about: 'only tasks that failed with this code' },
      { flags: '--search <words>', about: 'only tasks with these words in their first message' },
      { flags: '--identity <id>', about: 'only tasks of this end user' },
      { flags: '--thread <id>', about: 'only tasks of this thread' },
      { flags: '-m, --metadata <key=value>', about: 'only tasks with this value', repeats: true },
      { flags: '--since <duration>', about: 'only tasks of the last 2h, 7d, …, or since a time' },
      ...listOptions,
    ],
    examples: [
      { line: 'longhaul tasks list', about: 'The latest tasks.' },
      {
        line: 'longhaul tasks list --status failed --since 1d --json',
        about: 'The failed tasks of a day, as JSON.',
      },
      {
        line: 'longhaul tasks list --search "refund order"',
        about: 'The tasks whose first message has both words.',
      },
    ],
    load: async () => (await reads()).listTasks,
  },
  {
    name: 'tasks get',
    summary: 'Show a task and its answer',
    args: [id],
    options: [
      { flags: '--messages', about: 'with all messages of the task' },
      { flags: '-w, --wait', about: 'wait for its end' },
      timeout,
    ],
    examples: [{ line: 'longhaul tasks get $TASK --wait', about: 'Wait for a task and show it.' }],
    load: async () => (await reads()).getTask,
  },
  {
    name: 'tasks watch',
    summary: 'Show the events of a task as they happen',
    details:
      'Starts with the latest turn. It reconnects by itself and shows each event once, also when the server restarts. ' +
      'Ctrl-C leaves, and the task continues.',
    args: [id],
    options: [
      { flags: '-f, --follow', about: 'continue with later turns' },
      { flags: '--after <event>', about: 'start after this event; 0 for all events' },
    ],
    examples: [
      {
        line: 'longhaul tasks watch $TASK --after 0 --json',
        about: 'All events of a task, one in each line.',
      },
    ],
    load: async () => (await reads()).watchTask,
  },
  {
    name: 'tasks log',
    summary: 'Show everything that happened to a task',
    args: [id],
    options: [{ flags: '-f, --follow', about: 'continue until the turn ends' }],
    examples: [{ line: 'longhaul tasks log $TASK', about: 'The log of a task.' }],
    load: async () => (await reads()).logOfTask,
  },
  {
    name: 'tasks cancel',
    summary: 'Cancel tasks',
    args: [ids],
    options: [{ flags: '-w, --wait', about: 'until their turns have ended' }],
    examples: [
      {
        line: 'longhaul tasks cancel $TASK',
        about: 'Cancel a task. One that has ended stays as it is.',
      },
    ],
    load: async () => (await actions()).cancelTasks,
  },
  {
    name: 'tasks redrive',
    summary: 'Continue failed tasks from the step where they stopped',
    args: [ids],
    options: [],
    examples: [
      {
        line: 'longhaul tasks list --agent broken --status failed --ids | xargs -r longhaul tasks redrive',
        about: 'Redrive the failed tasks of an agent.',
      },
    ],
    load: async () => (await actions()).redriveTasks,
  },
  {
    name: 'tasks delete',
    summary: 'Cancel tasks and delete all their data',
    args: [ids],
    examples: [
      { line: 'longhaul tasks delete $TASK --yes', about: 'Delete a task without a question.' },
    ],
    load: async () => (await actions()).deleteTasks,
  },
]

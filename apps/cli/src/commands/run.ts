import type { CommandSpec } from '../spec.ts'
import { timeout } from './options.ts'

export const runCommands: CommandSpec[] = [
  {
    name: 'run',
    summary: 'Run a task and show its answer',
    details:
      'Shows the answer as it is written, and what the task waits for. Into a pipe goes the final answer alone. ' +
      'The first Ctrl-C cancels the task, the second one leaves it.',
    args: [
      { name: '<agent>', about: 'the key of the agent' },
      { name: '[text]', about: 'the message; - or nothing reads it from stdin' },
    ],
    options: [
      { flags: '-b, --background', about: 'print the id of the task and leave' },
      { flags: '-w, --wait', about: 'print nothing before the end' },
      { flags: '-t, --task <id>', about: 'continue this task' },
      { flags: '--thread <id>', about: 'the thread, by which lists find the task' },
      {
        flags: '-m, --metadata <key=value>',
        about: 'a value that stays with the task',
        repeats: true,
      },
      { flags: '--start-at <time>', about: 'a later start: a time, or a duration such as PT10M' },
      { flags: '--idempotency-key <key>', about: 'repeats with this key are one turn' },
      timeout,
    ],
    examples: [
      { line: 'longhaul run demo "What is the date today?"', about: 'Run a task.' },
      {
        line: 'echo "What is the date today?" | longhaul run demo -',
        about: 'Read the message from stdin.',
      },
      {
        line: 'TASK=$(longhaul run demo "Hello" --background)',
        about: 'Run it in the background, and keep its id.',
      },
    ],
    load: async () => (await import('../actions/tasks/run.ts')).run,
  },
]

import type { CommandSpec } from '../spec.ts'
import { listOptions } from './options.ts'

const actions = () => import('../actions/tasks/reviews.ts')
const which = {
  name: '<review>',
  about: 'the id of the list, or the id of a task: then it waits until a call of the task waits',
}

export const reviewCommands: CommandSpec[] = [
  {
    name: 'reviews list',
    summary: 'List the tool calls that wait for a person',
    options: listOptions,
    examples: [{ line: 'longhaul reviews list', about: 'What waits for a decision.' }],
    load: async () => (await actions()).listReviews,
  },
  {
    name: 'reviews approve',
    summary: 'Let a call run',
    args: [which],
    options: [{ flags: '--arguments <json>', about: 'run it with these arguments' }],
    examples: [
      {
        line: `TASK=$(longhaul run calendar "What is the date today?" --background)
longhaul reviews approve $TASK
longhaul tasks get $TASK --wait`,
        about: 'Run a task of the agent above, whose tool needs an approval, and approve the call.',
      },
    ],
    load: async () => (await actions()).approve,
  },
  {
    name: 'reviews reject',
    summary: 'Do not let a call run',
    args: [which],
    options: [{ flags: '--reason <text>', about: 'the model reads it' }],
    examples: [
      {
        line: `TASK=$(longhaul run calendar "What is the date today?" --background)
longhaul reviews reject $TASK --reason "Ask the customer first."`,
        about: 'Reject a call.',
      },
    ],
    load: async () => (await actions()).reject,
  },
]

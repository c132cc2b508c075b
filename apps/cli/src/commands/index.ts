import type { CommandSpec } from '../spec.ts'
import { operationCommands } from './operation.ts'
import { registryCommands } from './registries.ts'
import { reviewCommands } from './reviews.ts'
import { runCommands } from './run.ts'
import { scheduleCommands } from './schedules.ts'
import { taskCommands } from './tasks.ts'
import { webhookCommands } from './webhooks.ts'

/** All commands, in the order of the help. A new command is an entry here and a function in `actions`. */
export const commands: CommandSpec[] = [
  ...runCommands,
  ...taskCommands,
  ...registryCommands,
  ...reviewCommands,
  ...scheduleCommands,
  ...webhookCommands,
  ...operationCommands,
]

/** What the nouns mean. */
export const nouns: Record<string, string> = {
  tasks: 'Tasks: list, read, watch, cancel, redrive, delete',
  reviews: 'Tool calls that wait for a person',
  agents: 'Agents: list, read, apply, delete',
  tools: 'Tools of agents',
  schedules: 'Times at which agents run',
  webhooks: 'Endpoints that receive events',
  profiles: 'Servers and their keys',
}

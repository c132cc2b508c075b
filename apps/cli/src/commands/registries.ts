import type { CommandSpec } from '../spec.ts'
import { applyOptions, listOptions } from './options.ts'

const agents = () => import('../actions/registries/agents.ts')
const tools = () => import('../actions/registries/tools.ts')
const key = { name: '<key>', about: 'its key' }

const applying =
  'Creates what is missing and changes what differs. Fields that the file does not name stay as they are. A second ' +
  'call changes nothing. The server shows no secrets, so a field with a secret is sent only together with another change.'

export const registryCommands: CommandSpec[] = [
  {
    name: 'agents list',
    summary: 'List agents',
    options: listOptions,
    examples: [{ line: 'longhaul agents list', about: 'The agents of the workspace.' }],
    load: async () => (await agents()).listAgents,
  },
  {
    name: 'agents get',
    summary: 'Show an agent',
    args: [{ name: '<key>', about: 'its key; key@version names one version' }],
    examples: [{ line: 'longhaul agents get demo', about: 'The latest version, as JSON.' }],
    load: async () => (await agents()).getAgent,
  },
  {
    name: 'agents apply',
    summary: 'Create or change agents as a file describes them',
    details: applying,
    options: applyOptions,
    examples: [
      {
        line: `longhaul agents apply -f - <<'EOF'
key: calendar
role: Calendar
description: Answers questions.
instructions: Answer in one sentence.
path: Default
model: demo/simulated
settings: { tools: [{ type: current_date, requires_approval: true }] }
EOF`,
        about: 'Create an agent. `longhaul agents get calendar` shows all of its fields.',
      },
    ],
    load: async () => (await agents()).applyAgents,
  },
  {
    name: 'agents delete',
    summary: 'Delete an agent',
    args: [key],
    options: [
      { flags: '--tasks', about: 'delete its tasks, too; by default they are cancelled and stay' },
    ],
    examples: [
      {
        line: 'longhaul agents delete broken --tasks --yes',
        about: 'Delete an agent with its tasks.',
      },
    ],
    load: async () => (await agents()).deleteAgent,
  },
  {
    name: 'tools list',
    summary: 'List tools',
    options: listOptions,
    examples: [{ line: 'longhaul tools list', about: 'The tools of the workspace.' }],
    load: async () => (await tools()).listTools,
  },
  {
    name: 'tools apply',
    summary: 'Create or change tools as a file describes them',
    details: applying,
    options: applyOptions,
    examples: [
      {
        line: `echo '{ "key": "ask_me", "path": "Default", "description": "Asks the caller.", "type": "function",
  "function": { "name": "ask_me" } }' | longhaul tools apply -f -`,
        about: 'Create a tool.',
      },
    ],
    load: async () => (await tools()).applyTools,
  },
  {
    name: 'tools get',
    summary: 'Show a tool',
    args: [key],
    examples: [
      {
        line: 'longhaul tools get ask_me',
        about: 'A tool, as JSON.',
      },
    ],
    load: async () => (await tools()).getTool,
  },
  {
    name: 'tools delete',
    summary: 'Delete a tool',
    args: [key],
    examples: [{ line: 'longhaul tools delete ask_me --yes', about: 'Delete a tool.' }],
    load: async () => (await tools()).deleteTool,
  },
]

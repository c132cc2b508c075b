import {
  agentFields,
  idempotencyFields,
  idempotencyTexts,
  optionFields,
} from '../shared/error-names.ts'
import { errorPaths } from '../shared/error-paths.ts'

/** Maps the fields of the domain to those of this dialect, for errors. */
export const orqErrorPaths = errorPaths({
  fields: {
    ...idempotencyFields,
    ...optionFields,
    ...agentFields,
    'agent.key': 'key',
    'agent.maxCost': 'settings.max_cost',
    'agent.guardrails': 'settings.guardrails',
    'agent.fallbacks': 'fallback_models',
    'agent.tools[].server.key': 'settings.tools[].key',
    'agent.tools[].server.url': 'settings.tools[].mcp.server_url',
    'agent.tools[].server.headers': 'settings.tools[].mcp.headers',
    'agent.tools[].server.tools': 'settings.tools[].mcp.tools',
    ...definitionFields({ ours: 'agent.tools[].', theirs: 'settings.tools[].' }),

    'tool.key': 'key',
    'tool.type': 'type',
    ...definitionFields({ ours: 'tool.', theirs: '' }),

    'server.key': 'key',
    'server.url': 'connection.url',
    'server.headers': 'auth.static_headers',

    task: 'task_id',
    'message.parts[].callId': 'message.parts[].tool_call_id',
  },
  texts: {
    ...idempotencyTexts,
    'tool results need the task that asked for them':
      'tool results need the task_id of the task that asked for them',
    'so the task cannot go on: begin a new one':
      'so the task cannot go on: begin a new one, without a task_id',
  },
})

/** The fields of a tool's definition, in a stored tool or within an agent. */
function definitionFields({ ours, theirs }: { ours: string; theirs: string }) {
  return {
    [`${ours}definition.function`]: `${theirs}function`,
    [`${ours}definition.jsonSchema`]: `${theirs}json_schema`,
    [`${ours}definition.block`]: `${theirs}code_tool`,
    [`${ours}definition.http`]: `${theirs}http`,
    [`${ours}definition.http.url`]: `${theirs}http.blueprint.url`,
    [`${ours}definition.http.headers`]: `${theirs}http.blueprint.headers`,
    [`${ours}definition.http.defaults.*`]: `${theirs}http.arguments.*.default_value`,
  }
}

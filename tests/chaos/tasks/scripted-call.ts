import type { ScriptedCall } from '@longhaul/testbed/servers'
import { helper } from '../cluster/create-agents.ts'
import type { CallFlaw, ToolCallScript } from './task-script.ts'

/** A call as the model writes it. */
export function toScriptedCall({ id, tool, service, flaw }: ToolCallScript): ScriptedCall {
  return {
    id,
    name: tool,
    arguments: argumentsOf({ id, tool, service }),
    ...(flaw && flawed[flaw](tool)),
  }
}

function argumentsOf({ id, tool, service }: ToolCallScript): object {
  switch (tool) {
    case 'current_date':
      return {}
    case 'call_sub_agent': {
      // The sub-agent reports no usage, so that the task's usage is independent of the progress of the call.
      const script = [{ delay: 100, text: `For ${id}.`, usage: null }]
      return { agent_key: helper, message: JSON.stringify({ script }) }
    }
    case 'find':
    case 'order':
    case 'refund':
    case 'archive':
      return { call: id, service }
  }
}

const flawed: Record<CallFlaw, (tool: string) => Partial<ScriptedCall>> = {
  'unknown tool': (tool) => ({ name: `${tool}_not` }),
  'broken arguments': () => ({ arguments: '{"call": "' }),
  'wrong arguments': () => ({ arguments: { call: ['none'], timezone: 7 } }),
}

import type { ScriptedCall } from '@longhaul/testbed/servers'
import { helper } from '../cluster/create-agents.ts'
import type { CallFlaw, ToolCallScript } from './task-script.ts'

/** A call as the model writes it. */
export function toScriptedCall({ id, tool, service, flaw }: ToolCallScript): ScriptedCall {
  return {
    id,
    name: tool,
    arguments: toldOf({ id, tool, service }),
    ...(flaw && flawed[flaw](tool)),
  }
}

function toldOf({ id, tool, service }: ToolCallScript): object {
  switch (tool) {
    case 'current_date':
      return {}
    case 'call_sub_agent': {
      // What it uses is not told, so that the usage is the task's own, however far its call has come.
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

import type { Orq } from '@orq-ai/node'
import { newAgent, newKey } from './new-agent.ts'

/** Creates an agent whose model may call `get_weather`, which the caller runs. */
export async function agentWithFunction(orq: Orq): Promise<string> {
  const tool = await orq.tools.create(newFunction())
  const settings = { tools: [{ type: 'function' as const, key: tool.key }] }
  return (await orq.agents.create({ ...newAgent(), settings })).key
}

export function newFunction() {
  return {
    type: 'function' as const,
    key: newKey('weather'),
    path: 'Default/tools',
    displayName: 'Weather',
    description: 'Tells the weather.',
    function: {
      name: 'get_weather',
      description: 'The weather of a city.',
      strict: true,
      parameters: {
        type: 'object' as const,
        properties: { city: { type: 'string' } },
        required: ['city'],
      },
    },
  }
}

/** A call of the function, as a part of the output. */
export function toolCall(toolCallId: string, city: string) {
  return { kind: 'tool_call', toolName: 'get_weather', toolCallId, arguments: { city } }
}

/** The same call, in the list of calls that wait for the caller. */
export function pending(id: string, city: string) {
  return {
    id,
    type: 'function',
    function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
  }
}

import type { BuiltinKind, PlanTool } from './plan.ts'

/** The names and parameters of a built-in tool. The worker implements it. */
export type BuiltinTool = Pick<PlanTool, 'name' | 'description' | 'parameters'> & {
  displayName: string
}

export const builtinTools = {
  current_date: {
    name: 'current_date',
    displayName: 'Current date',
    description: 'Tells the present date, time and day of the week.',
    parameters: {
      type: 'object',
      properties: {
        timezone: {
          type: 'string',
          description: 'IANA name of a time zone, such as Europe/Berlin. UTC if absent.',
        },
      },
    },
  },
  web_scraper: {
    name: 'web_scraper',
    displayName: 'Web scraper',
    description: 'Reads a web page: its title and its text, without menus and scripts.',
    parameters: {
      type: 'object',
      properties: {
        url: {
          type: 'string',
          description: 'The complete address of the page, such as https://example.com/news.',
        },
      },
      required: ['url'],
    },
  },
  retrieve_agents: {
    name: 'retrieve_agents',
    displayName: 'Retrieve agents',
    description: 'Lists the agents that can be called: their keys, and what each is for.',
    parameters: { type: 'object', properties: {} },
  },
  call_sub_agent: {
    name: 'call_sub_agent',
    displayName: 'Call sub-agent',
    description:
      'Hands a task to another agent and tells its answer. The agent knows nothing but the message.',
    parameters: {
      type: 'object',
      properties: {
        agent_key: { type: 'string', description: 'The key of the agent.' },
        message: {
          type: 'string',
          minLength: 1,
          description: 'The whole task, with all that the agent must know.',
        },
      },
      required: ['agent_key', 'message'],
    },
  },
} satisfies Record<BuiltinKind, BuiltinTool>

export function isBuiltin(kind: string): kind is BuiltinKind {
  return Object.hasOwn(builtinTools, kind)
}

import type { PlanTool, ServerTool } from './plan.ts'

/** What a tool that comes with Longhaul is called and takes; how it runs is the worker's to know. */
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
} satisfies Record<Exclude<ServerTool['kind'], 'http'>, BuiltinTool>

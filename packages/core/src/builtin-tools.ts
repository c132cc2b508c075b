import type { BuiltinKind, PlanTool } from './plan.ts'

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
} satisfies Record<BuiltinKind, BuiltinTool>

export function isBuiltin(kind: string): kind is BuiltinKind {
  return Object.hasOwn(builtinTools, kind)
}

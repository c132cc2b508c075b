/** The types of events of which endpoints are notified, with what each tells. A new type is one entry. */
export const eventTypes = {
  'response.started': 'A worker has begun a turn.',
  'response.completed': 'A turn has completed.',
  'response.failed': 'A turn has failed.',
  'response.cancelled': 'A turn was cancelled.',
  'response.incomplete': 'A turn has ended at a limit, with an incomplete answer.',
  'response.action_required': 'A call waits for an approval, or the caller must answer a function.',
  'schedule.skipped': 'An occurrence of a schedule does not run.',
  'schedule.paused': 'A schedule fires no more: its runs have failed, or a caller has paused it.',
  'agent.created': 'An agent was created.',
  'agent.updated': 'An agent has a new version.',
  'agent.deleted': 'An agent was deleted.',
  'webhook_endpoint.disabled': 'An endpoint receives nothing any more.',
} as const

export type EventType = keyof typeof eventTypes

export const eventNames = Object.keys(eventTypes) as EventType[]

/** All events, and all events of each family: `response.*`. */
export const eventPatterns = [
  ...eventNames,
  '*',
  ...new Set(eventNames.map((name) => `${familyOf(name)}.*`)),
]

/** Whether an endpoint with these patterns receives events of a type. */
export function matchesEvent(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) => pattern === '*' || pattern === type || pattern === `${familyOf(type)}.*`,
  )
}

function familyOf(type: string): string {
  return type.slice(0, type.indexOf('.'))
}

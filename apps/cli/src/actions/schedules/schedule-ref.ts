import type { Given } from '../../spec.ts'

/** The agent and the id of a schedule: the first two arguments of most commands. */
export function refOf({ args: [agent = '', id = ''] }: Given) {
  return { agent, id }
}

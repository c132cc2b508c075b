import type { Priority } from '@longhaul/core'
import type { ResponseRequest } from './response-request.ts'

type Tier = NonNullable<ResponseRequest['service_tier']>

/** The priority of each tier. `auto` leaves it to the agent, whose default is that of `default`. */
const priorities: Record<Tier, Priority | undefined> = {
  auto: undefined,
  default: 3,
  scale: 3,
  flex: 5,
  fast: 1,
  ultrafast: 1,
  priority: 1,
}

/** The priority of a turn with this tier; undefined when the request leaves it open. */
export function priorityOfTier(tier: Tier | undefined): Priority | undefined {
  return tier && priorities[tier]
}

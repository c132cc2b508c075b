import { blockingKinds, queuedOf } from '@longhaul/core'
import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const count = (description: string) => z.int().meta({ description })

const ScaleReply = z
  .object({
    demand: count('The number of slots that would be in use if there were enough.'),
    running: count('Turns that a worker runs.'),
    startable: count('Queued turns that only wait for a slot.'),
    queued: count('All queued turns.'),
    blocked: z
      .object(Object.fromEntries(blockingKinds.map((kind) => [kind, z.int()])))
      .meta({ description: 'The other queued turns, by what they wait for.' }),
    slots: count('The slots of all living workers.'),
    oldest_startable_seconds: z.number().meta({
      description: 'How long the next startable turn has waited. 0 if there is none.',
    }),
  })
  .meta({ id: 'Scale', description: 'How many slots the turns could use now.' })

export const adminScale: OperatorRoute = {
  method: 'get',
  path: '/v2/admin/scale',
  auth: 'operator',
  doc: {
    operationId: 'adminScale',
    tag: 'Operations',
    summary: 'Read the demand for workers',
    description:
      'For autoscalers: as many slots are useful as `demand` says. Turns that wait for something else than a slot are no demand. The reply is computed at most once a second. Where a workspace has turns of more than 1,000 fairness keys, `startable` is an estimate.',
    replies: { 200: json('The demand.', ScaleReply) },
  },
  async handle(_call, { operator }) {
    const demand = await operator.demand()
    const { running, startable, blocked, slots, waitMs } = demand
    const body = {
      demand: running + startable,
      running,
      startable,
      queued: queuedOf(demand),
      blocked,
      slots,
      oldest_startable_seconds: waitMs / 1_000,
    }
    return { status: 200, body }
  },
}

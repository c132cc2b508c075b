import { LonghaulError } from '@longhaul/core'
import { openai } from '../../dialects/openai/index.ts'
import type { ReadPayload } from '../../dialects/orq/schedules/schedule-request.ts'
import { defined } from '../../dialects/shared/defined.ts'
import { errorPaths } from '../../dialects/shared/error-paths.ts'
import { parse } from '../../request/parse.ts'

const ofPayload = errorPaths({
  fields: {
    input: 'payload.input',
    metadata: 'payload.metadata',
    'memory.entity_id': 'payload.memory_entity_id',
  },
})

/** Reads the payload of a schedule as a request for its agent: each run is such a request. */
export function readPayload(target: { workspace: string; agent: string }): ReadPayload {
  return ({ input = '', memory_entity_id: entityId, metadata }) => {
    const body = defined({
      input,
      metadata,
      memory: entityId === undefined ? undefined : { entity_id: entityId },
      model: `agent/${target.agent}`,
    })
    try {
      const request = openai.parse(parse(openai.schemas.request, body), target)
      const { asked = {}, notes, labels } = request
      return {
        ...('items' in request && { items: request.items }),
        caller: { asked, ...(notes && { notes }), ...(labels && { labels }) },
      }
    } catch (error) {
      throw error instanceof LonghaulError ? ofPayload(error) : error
    }
  }
}

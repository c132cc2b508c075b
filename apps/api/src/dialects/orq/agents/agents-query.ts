import { z } from 'zod'
import { PageQuery } from '../../shared/page.ts'

export const AgentsQuery = PageQuery.extend({
  type: z.enum(['internal', 'a2a']).optional().meta({
    description: 'All agents are internal: a list of remote ones (`a2a`) is empty.',
  }),
})

import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

/** 200 and not 204: the SDKs of this dialect take nothing else. */
export const deleteTool: Route = {
  method: 'delete',
  path: '/v2/tools/:tool_id',
  doc: {
    operationId: 'deleteTool',
    tag: 'Tools',
    summary: 'Delete a tool',
    description: 'Takes all of its versions away and frees its key.',
    replies: { 200: json('The tool is gone.', z.object({})) },
  },
  async handle({ workspace, params }, { tools }) {
    await tools.remove(workspace, params['tool_id'] ?? '')
    return { status: 200, body: {} }
  },
}

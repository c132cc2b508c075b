import { isToolId, type StoredTool } from '@longhaul/core'
import { orq } from '../../dialects/orq/index.ts'
import { toolBody } from '../../dialects/orq/tools/tool-body.ts'
import { ToolReply } from '../../dialects/orq/tools/tool-reply.ts'
import {
  CreateTool,
  toToolInput,
  toToolPatch,
  UpdateTool,
} from '../../dialects/orq/tools/tool-request.ts'
import { registryRoutes } from './registry-routes.ts'

export const tools = registryRoutes<StoredTool, typeof CreateTool, typeof UpdateTool>({
  path: '/v2/tools',
  parameter: 'tool_id',
  words: {
    tag: 'Tools',
    operationNames: { one: 'Tool', many: 'Tools' },
    item: 'a tool',
    items: 'tools',
    short: 'tool',
  },
  errorPaths: orq.errorPaths,
  reply: ToolReply,
  body: toolBody,
  verbs: (deps) => deps.tools,
  create: {
    body: CreateTool,
    run: (deps, workspace, body) => deps.tools.create(workspace, toToolInput(body)),
    status: 200,
    reply: 'The first version of the tool.',
  },
  list: { isId: isToolId },
  update: {
    body: UpdateTool,
    run: (deps, { workspace, id }, body) => deps.tools.update(workspace, id, toToolPatch(body)),
    reply: 'The new version of the tool.',
    description:
      'Creates a new version. Only the fields in the request change. The type of a tool cannot change.',
    conflict: 'The new key is in use, or the tool was changed concurrently.',
  },
  remove: { description: 'Deletes all versions of the tool and frees its key.' },
})

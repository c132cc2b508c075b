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
    operations: { one: 'Tool', many: 'Tools' },
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
    reply: 'The tool, in its first version.',
  },
  list: { isId: isToolId },
  update: {
    body: UpdateTool,
    run: (deps, { workspace, id }, body) => deps.tools.update(workspace, id, toToolPatch(body)),
    reply: 'The tool, in its new version.',
    description:
      "Makes a new version. Only the fields that are given change; a tool's type never does.",
    conflict: 'The new key is taken, or the tool was changed concurrently.',
  },
  remove: { description: 'Takes all of its versions away and frees its key.' },
})

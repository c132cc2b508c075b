import { toolBody } from '../dialects/orq/tool-body.ts'
import { CreateTool, toToolInput } from '../dialects/orq/tool-schemas.ts'
import { parse } from '../parse.ts'
import type { Route } from '../route.ts'

export const createTool: Route = {
  method: 'post',
  path: '/v2/tools',
  async handle({ workspace, body }, { tools }) {
    const tool = await tools.create(workspace, toToolInput(parse(CreateTool, body)))
    return { status: 200, body: toolBody(tool, workspace) }
  },
}

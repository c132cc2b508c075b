import { limits } from '@longhaul/core'
import { z } from 'zod'
import { isoTime, time } from '../../dialects/shared/reply-fields.ts'
import { publicPath } from '../../http/public-path.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const Body = z
  .object({
    expires_in: z
      .int()
      .min(1)
      .max(limits.watchToken.max)
      .optional()
      .meta({
        description: `For how many seconds it opens the stream; ${limits.watchToken.default} if absent.`,
      }),
  })
  .optional()
  .meta({ id: 'CreateWatchToken' })

const TokenReply = z.object({
  token: z.string(),
  expires_at: time,
  url: z
    .string()
    .meta({ description: 'The path of the stream, including the token, for `EventSource`.' }),
})

/** A key to the events of one task, for browsers: they cannot send a header, and must not know the API key. */
export const createWatchToken: Route<typeof Body> = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses/:task_id/watch-token',
  body: Body,
  doc: {
    operationId: 'createWatchToken',
    tag: 'Responses',
    summary: 'Create a watch token',
    description:
      "Makes a token that opens the events of this task, and nothing else, to whoever has it. A browser's `EventSource` can send no header: it opens `url`. The token is looked at when a stream is opened; one that is open stays so.",
    replies: { 201: json('The token.', TokenReply) },
  },
  async handle({ workspace, params, body, request }, { tasks }) {
    const { agent_key: agent = '', task_id: id = '' } = params
    const seconds = body?.expires_in ?? limits.watchToken.default
    const { token, expiresAt } = await tasks.issueWatchToken({ workspace, agent, id }, seconds)
    const path = `/v2/agents/${encodeURIComponent(agent)}/responses/${id}/events?token=${token}`
    const url = publicPath(path, request)
    return { status: 201, body: { token, expires_at: isoTime(expiresAt), url } }
  },
}

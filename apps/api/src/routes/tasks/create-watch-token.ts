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
        description: `The number of seconds for which the token is valid. Default: ${limits.watchToken.default}.`,
      }),
  })
  .optional()
  .meta({ id: 'CreateWatchToken' })

const TokenReply = z.object({
  token: z.string().meta({ description: 'The watch token.' }),
  expires_at: time.meta({ description: 'The time until which the token opens the stream.' }),
  url: z
    .string()
    .meta({ description: 'The path of the stream, including the token, for `EventSource`.' }),
})

/** Creates a token for the events of one task. Browsers cannot send headers to a stream and must not know the API key. */
export const createWatchToken: Route<typeof Body> = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses/:task_id/watch-token',
  body: Body,
  doc: {
    operationId: 'createWatchToken',
    tag: 'Responses',
    summary: 'Create a watch token',
    description:
      "Creates a token that gives access to the events of this task and to nothing else. A browser's `EventSource` cannot send headers, so it opens `url`. The server checks the token when a stream is opened. An open stream stays open after the token expires.",
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

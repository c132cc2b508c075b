import { limits, LonghaulError } from '@longhaul/core'
import { z } from 'zod'
import { isoTime, time } from '../dialects/shared/reply-fields.ts'
import { publicPath } from '../http/public-path.ts'
import { json } from '../reply-doc.ts'
import type { Route } from '../route.ts'

const LinkReply = z.object({
  url: z.string().meta({ description: 'The path of the link, to open in a browser.' }),
  expires_at: time.meta({ description: 'The time until which it works.' }),
})

/** Creates a link that signs a browser in to the dashboard. */
export const createSignInLink: Route = {
  method: 'post',
  path: '/v2/sign-in-links',
  doc: {
    operationId: 'createSignInLink',
    tag: 'Responses',
    summary: 'Create a link to the dashboard',
    description: `Creates a link that signs a browser in to the dashboard with the key of the request. It works once, within ${limits.session.link / 60_000} minutes.`,
    replies: { 201: json('The link.', LinkReply) },
  },
  handle({ principal, request }, { sessions }) {
    if (principal.type !== 'key') throw new LonghaulError('unauthorized', 'An API key is needed.')
    const { token, expiresAt } = sessions.createLink(principal.bearer())
    const url = publicPath(`/dashboard/sign-in#${token}`, request)
    return Promise.resolve({ status: 201, body: { url, expires_at: isoTime(expiresAt) } })
  },
}

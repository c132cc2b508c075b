import { LonghaulError } from '@longhaul/core'
import type { RequestHandler } from 'express'
import type { Deps } from './deps.ts'
import { writeHead } from './head.ts'
import { sendReply } from './reply.ts'

/** What is served without a key: whether the process lives, whether it can serve, and its numbers. */
export function healthRoutes({ ready, metrics }: Deps): Record<string, RequestHandler> {
  return {
    '/healthz': (_request, response) => {
      sendReply(response, { status: 200, body: { status: 'ok' } })
    },
    '/readyz': async (_request, response) => {
      const reason = await ready()
      if (reason !== undefined) throw new LonghaulError('unavailable', reason)
      sendReply(response, { status: 200, body: { status: 'ok' } })
    },
    '/metrics': async (_request, response) => {
      const text = await metrics.render()
      writeHead(response, 200, { 'content-type': metrics.contentType })
      response.end(text)
    },
  }
}

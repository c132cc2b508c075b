import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { writeHead } from '../reply/head.ts'
import { json } from '../reply-doc.ts'
import { sendReply } from '../reply/send-reply.ts'
import type { PublicRoute } from '../route.ts'

const ok = json('OK.', z.object({ status: z.literal('ok') }))

/** The routes for liveness, readiness and metrics. */
export function healthRoutes({ ready, metrics }: Deps): PublicRoute[] {
  return [
    {
      path: '/healthz',
      doc: {
        operationId: 'healthz',
        tag: 'Health',
        summary: 'Check that the process is alive',
        replies: { 200: ok },
      },
      handle(_request, response) {
        sendReply(response, { status: 200, body: { status: 'ok' } })
      },
    },
    {
      path: '/readyz',
      doc: {
        operationId: 'readyz',
        tag: 'Health',
        summary: 'Check that the process can serve requests',
        replies: { 200: ok },
        errors: {
          503: 'The process cannot serve all requests. The code and the message have the reason.',
        },
      },
      async handle(_request, response) {
        const reason = await ready()
        if (reason !== undefined) throw reason
        sendReply(response, { status: 200, body: { status: 'ok' } })
      },
    },
    {
      path: '/metrics',
      doc: {
        operationId: 'metrics',
        tag: 'Health',
        summary: 'Read the metrics of the process',
        replies: {
          200: {
            description: 'The metrics, in the text format of Prometheus.',
            content: { 'text/plain': z.string() },
          },
        },
      },
      async handle(_request, response) {
        const text = await metrics.render()
        writeHead(response, 200, { 'content-type': metrics.contentType })
        response.end(text)
      },
    },
  ]
}

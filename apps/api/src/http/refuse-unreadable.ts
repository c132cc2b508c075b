import { randomUUID } from 'node:crypto'
import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http'
import { requestIdOf } from './request-context.ts'
import { errorBody } from '../reply/error-body.ts'
import { standardHeaders } from '../reply/head.ts'

/** The response of Express, if the request has got a request id. */
type Named = ServerResponse & { locals?: { requestId?: string } }

/** The bytes of a reply to a request that cannot be parsed, or that is incomplete. */
export function refusal({ code = '' }: NodeJS.ErrnoException, response?: Named): string {
  const { status, headers, body } = refuse(
    problems[code] ?? notHttp,
    response?.locals?.requestId ?? randomUUID(),
  )
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}

/** Refuses a request without a path or a host. */
export function refuseUnaddressed(request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = refuse(notHttp, requestIdOf(request))
  response.writeHead(status, headers).end(body)
}

type Problem = { status: number; code: string; message: string }

const notHttp = { status: 400, code: 'invalid', message: 'This is not a valid HTTP request.' }

const problems: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'too_large', message: 'The headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'too_large',
    message: 'The chunk extensions are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'too_slow',
    message: 'The request did not arrive in time.',
  },
}

function refuse(problem: Problem, requestId: string) {
  const body = JSON.stringify(errorBody({ ...problem, type: 'invalid_request_error', requestId }))
  const headers = {
    'x-request-id': requestId,
    ...standardHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    connection: 'close',
  }
  return { status: problem.status, headers, body }
}

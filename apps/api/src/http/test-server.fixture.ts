import type { ServerOptions } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import {
  type BytesInFlight,
  createBytesInFlight,
  createConnections,
  createKnownQuotas,
  createOpenStreams,
} from '@longhaul/core'
import { type Logger, type TrustProxy, createLogger, createMetrics } from '@longhaul/process'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { createVault } from '@longhaul/outbound'
import { createApp } from '../app.ts'
import { createSessions } from '../dashboard/sessions.ts'
import type { Deps } from '../deps.ts'
import type { UploadBounds } from './end-slow-uploads.ts'
import { createRefusals } from './refusal-log.ts'
import type { AnyRoute, Route, RouteDoc } from '../route.ts'
import { closeHttpServer, createHttpServer } from './server.ts'

export const keyOfAcme = 'lh_acme_0123456789'
export const operatorKey = 'the-key-of-the-operator'

/** Every link is used for the first time. */
const usedLinks = { use: () => Promise.resolve(true) }

type Options = {
  log?: Logger
  ready?: Deps['ready']
  server?: ServerOptions & { uploads?: UploadBounds }
  trustProxy?: TrustProxy
  authenticate?: Deps['keys']['authenticate']
  bytesInFlight?: BytesInFlight
  streams?: Deps['streams']
  connections?: Deps['connections']
  tasks?: Deps['tasks']
}

/** Serves these routes on a free port for one test. The only key belongs to acme. */
export async function serve(routes: AnyRoute[], options: Options = {}) {
  const known = new Map([[keyOfAcme, { workspace: 'acme', keyId: 'acme01234567' }]])
  const log = options.log ?? createLogger({ name: 'test', level: 'silent' })
  const metrics = createMetrics()
  const connections = options.connections ?? createConnections<Socket>({ total: 10_000 })
  const deps = {
    keys: {
      authenticate: options.authenticate ?? ((bearer) => Promise.resolve(known.get(bearer))),
      isOperator: (bearer): boolean => bearer === operatorKey,
    },
    sessions: createSessions({ vault: createVault(undefined), usedLinks, now: Date.now }),
    ready: options.ready ?? (() => Promise.resolve(undefined)),
    bytesInFlight: options.bytesInFlight ?? createBytesInFlight(),
    streams: options.streams ?? createOpenStreams(),
    connections,
    quotas: createKnownQuotas({ now: Date.now, random: () => 0 }),
    refused: createRefusals({ log, metrics }),
    log,
    metrics,
    stopping: new AbortController().signal,
    drained: new AbortController().signal,
    // The routes of these tests use no other verbs.
    ...(options.tasks && { tasks: options.tasks, syncWaitMs: 60_000 }),
  } as Deps
  const server = createHttpServer(
    createApp(deps, routes, { trustProxy: options.trustProxy ?? false }),
    { ...options.server, connections },
  )
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => closeHttpServer(server, 0))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    server,
    url,
    post: (path: string, body: string, headers: Record<string, string> = {}) =>
      fetch(url + path, {
        method: 'POST',
        body,
        headers: { ...withKey, 'content-type': 'application/json', ...headers },
      }),
    raw: (head: string) => talk(port, head),
  }
}

export const withKey = { authorization: `Bearer ${keyOfAcme}` }

/** The OpenAPI texts of the routes of these tests. */
export const doc: RouteDoc = {
  operationId: 'test',
  tag: 'Health',
  summary: 'For a test',
  replies: {},
}

export const echo: Route = {
  method: 'post',
  path: '/v2/echo',
  body: z.looseObject({}),
  doc,
  handle: ({ body }) => Promise.resolve({ status: 200, body: { body } }),
}

/** Sends raw bytes and keeps the connection open until the server closes it. */
function talk(port: number, head: string) {
  const socket = connect(port, '127.0.0.1')
  socket.write(head)
  let text = ''
  const first = Promise.withResolvers<{ text: string }>()
  const all = Promise.withResolvers<{ text: string }>()
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    first.resolve({ text })
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    first.resolve({ text })
    all.resolve({ text })
  })
  onTestFinished(() => void socket.destroy())
  return { socket, first: first.promise, all: all.promise }
}

import type { StoredWebhook } from '@longhaul/core'
import type { WebhookInput, WebhookPatch } from '@longhaul/tasks'
import type { z } from 'zod'
import { changedBy } from '../../auth/principal.ts'
import type { ErrorPaths } from '../../dialects/shared/error-paths.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { type WebhookParameter, webhookRef } from './webhook-ref.ts'

/** The format of endpoints on one wire. The verbs are the same on all of them. */
export type Wire<Create extends z.ZodType, Update extends z.ZodType> = {
  path: string
  parameter: WebhookParameter
  errorPaths?: ErrorPaths
  /** An endpoint in operations (`createWebhook`), in summaries, and in descriptions of replies. */
  names: { operation: string; long: string; short: string }
  reply: z.ZodType
  /** `secret` is shown in the reply to a creation. */
  body: (webhook: StoredWebhook, secret?: string) => object
  create: {
    body: Create
    input: (body: z.output<Create>) => WebhookInput
    reply: z.ZodType
    errors?: Record<number, string>
  }
  update: {
    method: 'patch' | 'post'
    body: Update
    patch: (body: z.output<Update>) => WebhookPatch
    description: string
  }
  remove: { body: (id: string) => object; reply: z.ZodType; replyDescription: string }
}

const tag = 'Webhooks'

/** The routes that create, read, change and delete an endpoint on one wire. */
export function endpointRoutes<Create extends z.ZodType, Update extends z.ZodType>(
  wire: Wire<Create, Update>,
) {
  const { path, parameter, names, reply, body, create, update, remove } = wire
  const one = `${path}/:${parameter}`
  const errorPaths = wire.errorPaths && { errorPaths: wire.errorPaths }
  const shown = { 200: json(`The ${names.short}.`, reply) }

  const createRoute: Route<Create> = {
    method: 'post',
    path,
    body: create.body,
    ...errorPaths,
    doc: {
      operationId: `create${names.operation}`,
      tag,
      summary: `Create a ${names.long}`,
      description: 'It receives the events that happen from now on.',
      replies: { 200: json(`The ${names.short}, with its secret.`, create.reply) },
      ...(create.errors && { errors: create.errors }),
    },
    async handle(call, { webhooks }) {
      const input = create.input(call.body)
      const { webhook, secret } = await webhooks.create(call.workspace, input, changedBy(call))
      return { status: 200, body: body(webhook, secret) }
    },
  }

  const readRoute: Route = {
    method: 'get',
    path: one,
    ...errorPaths,
    doc: {
      operationId: `retrieve${names.operation}`,
      tag,
      summary: `Read a ${names.long}`,
      replies: shown,
    },
    async handle(call, { webhooks }) {
      return { status: 200, body: body(await webhooks.get(webhookRef(call, parameter))) }
    },
  }

  const updateRoute: Route<Update> = {
    method: update.method,
    path: one,
    body: update.body,
    ...errorPaths,
    doc: {
      operationId: `update${names.operation}`,
      tag,
      summary: `Change a ${names.long}`,
      description: update.description,
      replies: shown,
    },
    async handle(call, { webhooks }) {
      const ref = webhookRef(call, parameter)
      const webhook = await webhooks.update(ref, update.patch(call.body), changedBy(call))
      return { status: 200, body: body(webhook) }
    },
  }

  const removeRoute: Route = {
    method: 'delete',
    path: one,
    ...errorPaths,
    doc: {
      operationId: `delete${names.operation}`,
      tag,
      summary: `Delete a ${names.long}`,
      description: 'Its deliveries are deleted, too.',
      replies: { 200: json(remove.replyDescription, remove.reply) },
    },
    async handle(call, { webhooks }) {
      const ref = webhookRef(call, parameter)
      await webhooks.remove(ref)
      return { status: 200, body: remove.body(ref.id) }
    },
  }

  return { createRoute, readRoute, updateRoute, removeRoute }
}

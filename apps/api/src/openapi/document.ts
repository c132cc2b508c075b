import { z } from 'zod'
import { createDocument } from 'zod-openapi'
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi'
import { oneOf } from '../dialects/shared/one-of.ts'
import { pathParameters } from '../dialects/shared/path-parameters.ts'
import { ErrorReply } from '../reply/error-schema.ts'
import { isForOperator } from '../route.ts'
import type { AnyRoute, PublicRoute, ReplyDoc, RouteDoc } from '../route.ts'

/** The OpenAPI document of the routes, generated from the schemas that parse their requests. */
export function openApiDocument(routes: AnyRoute[], publicRoutes: PublicRoute[]) {
  const operations = [
    ...routes.map((route) => [route.path, { [route.method]: operationOf(route) }] as const),
    ...publicRoutes.flatMap(({ path, doc }) =>
      doc === undefined ? [] : [[path, { get: publicOperationOf(doc) }] as const],
    ),
  ]
  const byPath = Map.groupBy(operations, ([path]) => documented(path))
  const paths = [...byPath].map(([path, group]) => [
    path,
    Object.assign({}, ...group.map(([, operation]) => operation)) as object,
  ])
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Longhaul',
        version: '2',
        description: 'Durable jobs for AI agents, with the API of orq.ai agents and responses.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      // Relative to the document, which a proxy may serve under a prefix.
      servers: [{ url: './' }],
      tags: [
        {
          name: 'Responses',
          description: 'Tasks and their turns: messages to an agent, and its answers.',
        },
        {
          name: 'OpenAI Responses',
          description: 'The same tasks, in the format of OpenAI Responses.',
        },
        {
          name: 'Agents',
          description: 'Versioned manifests of agents: instructions, models, tools and limits.',
        },
        { name: 'Tools', description: 'Tools and MCP servers that agents use.' },
        {
          name: 'Operations',
          description: 'Administration of all workspaces. Requires the operator key.',
        },
        { name: 'Health', description: 'Health checks and metrics. No key is required.' },
        { name: 'Webhooks', description: 'Endpoints that are notified of events.' },
      ],
      security: [{ key: [] }],
      paths: Object.fromEntries(paths),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key of a workspace.' },
          operator: { type: 'http', scheme: 'bearer', description: 'The operator key.' },
          watchToken: {
            type: 'apiKey',
            in: 'query',
            name: 'token',
            description: 'A watch token of the task.',
          },
        },
      },
    },
    { override: ({ jsonSchema, io }) => io === 'output' && stayOpen(jsonSchema) },
  )
}

/** A parameter in a path. A literal colon is escaped. */
const parameter = /(?<!\\):(\w+)/g

function documented(path: string): string {
  return path.replaceAll(parameter, '{$1}').replaceAll('\\:', ':')
}

/** Allows additional fields in replies: later versions may add fields, and clients must accept them. */
function stayOpen(schema: { additionalProperties?: unknown }): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties
}

function operationOf(route: AnyRoute): ZodOpenApiOperationObject {
  const { path, body, variants = [], doc } = route
  const operator = isForOperator(route)
  const names = [...path.matchAll(parameter)].map(([, name = '']) => name)
  const named = names.map((name) => [name, pathParameters[name] ?? z.string()])
  return {
    ...common(doc),
    ...(operator && { security: [{ operator: [] }] }),
    ...(route.auth === 'watch' && { security: [{ key: [] }, { watchToken: [] }] }),
    requestParams: {
      ...(names.length > 0 && { path: z.object(Object.fromEntries(named)) }),
      ...(doc.query && { query: doc.query }),
      ...(doc.headers && { header: doc.headers }),
    },
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: {
          'application/json': { schema: oneOf([body, ...variants.map((each) => each.body)]) },
        },
      },
    }),
    responses: {
      ...repliesOf(doc),
      ...errorsOf(
        {
          400: 'The request is not valid. `errors` names the fields.',
          401: `The ${operator ? 'operator' : 'API'} key is missing or not valid.`,
          ...(names.length > 0 && {
            404: operator
              ? 'The operator key finds nothing under this name or id.'
              : 'The workspace has nothing under this name or id.',
          }),
          ...(body && {
            413: 'The body is too large.',
            415: 'The body is not JSON in UTF-8, or it is compressed.',
          }),
          500: 'The server failed unexpectedly.',
          503: 'The store is not available. Retry later.',
          ...doc.errors,
          429: [limited, doc.errors?.[429]].join(' ').trim(),
        },
        doc,
      ),
    },
  }
}

const limited = 'A limit is reached. `violated_policies` names it.'

function publicOperationOf(doc: RouteDoc): ZodOpenApiOperationObject {
  return {
    ...common(doc),
    security: [],
    responses: { ...repliesOf(doc), ...errorsOf(doc.errors ?? {}, doc) },
  }
}

function common({ operationId, tag, summary, description }: RouteDoc) {
  return { operationId, tags: [tag], summary, ...(description !== undefined && { description }) }
}

function repliesOf(doc: RouteDoc): ZodOpenApiResponsesObject {
  return mapValues(doc.replies, ({ description, content }: ReplyDoc) => ({
    description,
    headers: headersOf(doc),
    ...(content && { content: mapValues(content, (schema) => ({ schema })) }),
  }))
}

function errorsOf(errors: Record<number, string>, doc: RouteDoc): ZodOpenApiResponsesObject {
  const headers = headersOf(doc)
  return mapValues(errors, (description, status) => ({
    description,
    headers: asksToWait.has(status) ? headers.extend({ 'retry-after': retryAfter }) : headers,
    content: { 'application/json': { schema: ErrorReply } },
  }))
}

const asksToWait = new Set(['429', '503'])

function headersOf({ tellsQuota = false, replyHeaders = {} }: RouteDoc) {
  return usualHeaders.extend({ ...(tellsQuota && quotaHeaders), ...replyHeaders })
}

const usualHeaders = z.object({
  'x-request-id': z.string().meta({
    description:
      "The id of the request: the `x-request-id` header of the request if that is valid, otherwise a new id. The server's log has it too.",
    header: { id: 'x-request-id' },
  }),
})

const quotaHeaders = {
  'ratelimit-policy': z
    .string()
    .optional()
    .meta({
      description:
        'The limits of the workspace for submits: `"requests";q=100;w=2, "queued";q=10000`.',
      header: { id: 'ratelimit-policy' },
    }),
  ratelimit: z
    .string()
    .optional()
    .meta({
      description:
        'What is left of them (`r`), and the seconds until more is available (`t`): `"requests";r=87;t=1, "queued";r=9688`.',
      header: { id: 'ratelimit' },
    }),
}

const retryAfter = z.int().meta({
  description: 'Seconds to wait before a retry.',
  header: { id: 'retry-after' },
})

function mapValues<T, R>(record: Record<string, T>, change: (value: T, key: string) => R) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

import { limits, OnCrash } from '@longhaul/core'
import { mask } from '@longhaul/tasks'
import type { DefinitionInput, HeaderInput, ToolInput, ToolPatch } from '@longhaul/tasks'
import { z } from 'zod'
import { first, line, map, objectSchema, text, versioning } from '../../shared/request-fields.ts'

export const toolKey = z
  .string()
  .max(64, first)
  .regex(/^[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*$/, {
    error: 'must begin with a letter and have only letters, digits, and single _ - between them',
  })

export const FunctionBlock = z.object({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
    error: 'must be 1 to 64 letters, digits, _ and -',
  }),
  description: text.optional(),
  strict: z
    .boolean()
    .optional()
    .meta({ description: 'Stored and returned unchanged. It has no effect.' }),
  parameters: objectSchema.optional(),
})

const header = z.union([
  z.string().max(limits.fields.headerValue),
  z.object({
    value: z.string().max(limits.fields.headerValue),
    encrypted: z.boolean().default(false).meta({
      description: 'Whether the value is a secret: it is stored encrypted, and replies mask it.',
    }),
  }),
])

export const httpTimeout = z
  .number()
  .min(1)
  .max(600)
  .meta({ description: 'The maximum duration of a call, in seconds.' })

export const codeTimeout = z
  .number()
  .min(1)
  .max(limits.code.seconds.max)
  .meta({ description: 'The maximum duration of a call, in seconds.' })

export const onCrash = z.enum(OnCrash.options, { error: 'must be retry, fail or ask' }).meta({
  description:
    'What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.',
})

export const HttpBlock = z.object({
  blueprint: z.object({
    url: z
      .string()
      .min(1)
      .max(limits.fields.url)
      .meta({
        description: 'The URL. It may have placeholders such as `{{id}}`.',
        examples: ['https://example.com/{{id}}'],
      }),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).meta({ description: 'The HTTP method.' }),
    headers: z.record(z.string(), header).optional(),
    body: map
      .optional()
      .meta({ description: 'The JSON body. Values may have placeholders such as `{{id}}`.' }),
    timeout: httpTimeout.optional(),
  }),
  arguments: z
    .record(
      z.string(),
      z.object({
        type: z.enum(['string', 'number', 'boolean']),
        description: text,
        send_to_model: z.boolean().default(true).meta({
          description:
            'Whether the model provides the argument. Otherwise its value is the variable of the same name, or `default_value`.',
        }),
        default_value: z.union([z.string(), z.number(), z.boolean()]).optional(),
      }),
    )
    .optional(),
})

export const CodeBlock = z.object({
  language: z.literal('python'),
  code: text.min(1).meta({ description: 'The Python source of the tool.' }),
  parameters: objectSchema.optional(),
})

export const JsonSchemaBlock = z.object({
  name: z.string().min(1).max(64),
  description: text,
  schema: z.looseObject({
    type: z.string().meta({ examples: ['object'] }),
    properties: map.default({}),
    required: z.array(z.string()).default([]),
  }),
  strict: z.boolean().optional().meta({
    description: 'Sent to the provider: whether the answer must follow the schema strictly.',
  }),
})

const status = z.enum(['live', 'draft', 'pending', 'published'])

const common = {
  key: toolKey,
  path: line.min(1),
  display_name: z
    .string()
    .max(limits.fields.displayName)
    .optional()
    .meta({ description: 'The display name.' }),
  description: text,
  status: status.default('live'),
}

export const CreateTool = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('function'), function: FunctionBlock }),
  z.object({ ...common, type: z.literal('json_schema'), json_schema: JsonSchemaBlock }),
  z.object({
    ...common,
    type: z.literal('http'),
    http: HttpBlock,
    timeout: httpTimeout.optional(),
    on_crash: onCrash.optional(),
  }),
  z.object({
    ...common,
    type: z.literal('code'),
    code_tool: CodeBlock,
    timeout: codeTimeout.optional(),
    on_crash: onCrash.optional(),
  }),
])
CreateTool.register(z.globalRegistry, {
  id: 'CreateTool',
  examples: [
    {
      type: 'function',
      key: 'weather',
      path: 'Default',
      description: 'Tells the weather.',
      function: {
        name: 'get_weather',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    },
  ],
})

const changes = {
  key: toolKey.optional(),
  path: line.min(1).optional(),
  display_name: z
    .string()
    .max(limits.fields.displayName)
    .optional()
    .meta({ description: 'The display name.' }),
  description: text.optional(),
  status: status.optional(),
  ...versioning,
}

export const UpdateTool = z.discriminatedUnion('type', [
  z.object({ ...changes, type: z.literal('function'), function: FunctionBlock.optional() }),
  z.object({ ...changes, type: z.literal('json_schema'), json_schema: JsonSchemaBlock.optional() }),
  z.object({
    ...changes,
    type: z.literal('http'),
    http: HttpBlock.optional(),
    timeout: httpTimeout.optional(),
    on_crash: onCrash.optional(),
  }),
  z.object({
    ...changes,
    type: z.literal('code'),
    code_tool: CodeBlock.optional(),
    timeout: codeTimeout.optional(),
    on_crash: onCrash.optional(),
  }),
])
UpdateTool.register(z.globalRegistry, {
  id: 'UpdateTool',
  examples: [{ type: 'function', description: 'Tells the weather of a city.' }],
})

export function toToolInput(body: z.output<typeof CreateTool>): ToolInput {
  const { key, path, display_name: displayName, description } = body
  const definition = definitionOf(body)
  if (definition === undefined) throw new Error(`a ${body.type} tool came without its block`)
  return {
    key,
    path,
    ...(displayName !== undefined && { displayName }),
    description,
    status: body.status,
    definition,
  }
}

export function toToolPatch(body: z.output<typeof UpdateTool>): ToolPatch {
  const { type, key, path, display_name: displayName, description } = body
  const { versionIncrement, versionDescription } = body
  return {
    type,
    key,
    path,
    displayName,
    description,
    status: body.status,
    definition: definitionOf(body),
    versionIncrement,
    versionDescription,
  }
}

/** The definition in a body, if it has one. */
export function definitionOf(body: Defined): DefinitionInput | undefined {
  switch (body.type) {
    case 'function':
      return body.function && { type: body.type, function: body.function }
    case 'json_schema':
      return body.json_schema && { type: body.type, jsonSchema: body.json_schema }
    case 'code':
      return body.code_tool && { type: body.type, block: toCode(body.code_tool), ...running(body) }
    case 'http':
      return (
        body.http && {
          type: body.type,
          http: toHttp(body.http),
          ...running(body),
        }
      )
  }
}

type Defined =
  | { type: 'function'; function?: z.output<typeof FunctionBlock> | undefined }
  | { type: 'json_schema'; json_schema?: z.output<typeof JsonSchemaBlock> | undefined }
  | ({ type: 'code'; code_tool?: z.output<typeof CodeBlock> | undefined } & Running)
  | ({ type: 'http'; http?: z.output<typeof HttpBlock> | undefined } & Running)

/** The settings of a tool's calls. */
type Running = { timeout?: number | undefined; on_crash?: OnCrash | undefined }

function running({ timeout, on_crash }: Running) {
  return {
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    ...(on_crash !== undefined && { onCrash: on_crash }),
  }
}

function toCode({ language, code, parameters }: z.output<typeof CodeBlock>) {
  return { language, code, ...(parameters !== undefined && { parameters }) }
}

function toHttp({ blueprint, arguments: args = {} }: z.output<typeof HttpBlock>) {
  const { url, method, headers = {}, body, timeout } = blueprint
  return {
    url,
    method,
    headers: mapValues(headers, toHeader),
    ...(body !== undefined && { body }),
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    arguments: mapValues(args, ({ type, description, send_to_model, default_value }) => ({
      type,
      description,
      hidden: !send_to_model,
      ...(default_value !== undefined && { default: default_value }),
    })),
  }
}

function toHeader(value: z.output<typeof header>): HeaderInput {
  if (typeof value === 'string') return value
  if (!value.encrypted) return value.value
  return value.value === mask ? { kept: true } : { secret: value.value }
}

function mapValues<T, R>(record: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

import type { ToolDefinition } from '@longhaul/core'
import type { ToolInput, ToolPatch } from '@longhaul/tasks'
import { z } from 'zod'
import { line, map, objectSchema, text, versioning } from './fields.ts'

export const toolKey = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*$/, {
    error: 'must begin with a letter and have only letters, digits, and single _ - between them',
  })

export const FunctionBlock = z.object({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
    error: 'must be 1 to 64 letters, digits, _ and -',
  }),
  description: text.optional(),
  strict: z.boolean().optional(),
  parameters: objectSchema.optional(),
})

const header = z.union([
  z.string(),
  z.object({ value: z.string(), encrypted: z.boolean().default(false) }),
])

const http = z.object({
  blueprint: z.object({
    url: z.string().min(1).max(8_000),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
    headers: z
      .record(z.string(), header)
      .superRefine((headers, context) => {
        for (const [name, value] of Object.entries(headers)) {
          if (typeof value === 'string' || !value.encrypted) continue
          const message = 'a secret header cannot be stored yet'
          context.addIssue({ code: 'custom', path: [name], message })
        }
      })
      .optional(),
    body: map.optional(),
    timeout: z.number().min(1).max(600).optional(),
  }),
  arguments: z
    .record(
      z.string(),
      z.object({
        type: z.enum(['string', 'number', 'boolean']),
        description: text,
        send_to_model: z.boolean().default(true),
        default_value: z.union([z.string(), z.number(), z.boolean()]).optional(),
      }),
    )
    .optional(),
})

const code = z.object({
  language: z.literal('python'),
  code: text.min(1),
  parameters: objectSchema.optional(),
})

const jsonSchema = z.object({
  name: z.string().min(1).max(64),
  description: text,
  schema: z.looseObject({
    type: z.string().meta({ examples: ['object'] }),
    properties: map.default({}),
    required: z.array(z.string()).default([]),
  }),
  strict: z.boolean().optional(),
})

const status = z.enum(['live', 'draft', 'pending', 'published'])

const common = {
  key: toolKey,
  path: line.min(1),
  display_name: z.string().max(255).optional(),
  description: text,
  status: status.default('live'),
}

export const CreateTool = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('function'), function: FunctionBlock }),
  z.object({ ...common, type: z.literal('json_schema'), json_schema: jsonSchema }),
  z.object({ ...common, type: z.literal('http'), http }),
  z.object({ ...common, type: z.literal('code'), code_tool: code }),
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
  display_name: z.string().max(255).optional(),
  description: text.optional(),
  status: status.optional(),
  ...versioning,
}

export const UpdateTool = z.discriminatedUnion('type', [
  z.object({ ...changes, type: z.literal('function'), function: FunctionBlock.optional() }),
  z.object({ ...changes, type: z.literal('json_schema'), json_schema: jsonSchema.optional() }),
  z.object({ ...changes, type: z.literal('http'), http: http.optional() }),
  z.object({ ...changes, type: z.literal('code'), code_tool: code.optional() }),
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

function definitionOf(
  body: z.output<typeof CreateTool> | z.output<typeof UpdateTool>,
): ToolDefinition | undefined {
  if (body.type === 'function') {
    return body.function && { type: body.type, function: body.function }
  }
  const { type } = body
  const block =
    body.type === 'http' ? body.http : body.type === 'code' ? body.code_tool : body.json_schema
  return block && { type, block }
}

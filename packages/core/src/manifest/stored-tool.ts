import { z } from 'zod'
import { HttpDefinition } from './http-definition.ts'
import { isUlid } from '../lib/ids.ts'
import { OnCrash } from './plan.ts'
import { Registered } from './registered.ts'

const map = z.record(z.string(), z.unknown())

/** A function that the client runs, as the model sees it. */
export const FunctionDefinition = z.object({
  name: z.string(),
  description: z.string().optional(),
  strict: z.boolean().optional(),
  /** JSON Schema of an object. */
  parameters: map.optional(),
})
export type FunctionDefinition = z.infer<typeof FunctionDefinition>

/** The required form of an agent's final answers. */
export const JsonSchemaDefinition = z.object({
  name: z.string(),
  description: z.string(),
  schema: map,
  strict: z.boolean().optional(),
})
export type JsonSchemaDefinition = z.infer<typeof JsonSchemaDefinition>

/** Python that a worker runs in a sandbox. */
export const CodeDefinition = z.object({
  language: z.literal('python'),
  code: z.string(),
  /** JSON Schema of an object. */
  parameters: map.optional(),
})
export type CodeDefinition = z.infer<typeof CodeDefinition>

/** The definition of a tool, by its type. */
export const ToolDefinition = z.discriminatedUnion('type', [
  z.object({ type: z.literal('function'), function: FunctionDefinition }),
  z.object({
    type: z.literal('http'),
    http: HttpDefinition,
    timeoutSeconds: z.number().optional(),
    /** When absent: a GET is repeated, other methods are not. */
    onCrash: OnCrash.optional(),
  }),
  z.object({ type: z.literal('json_schema'), jsonSchema: JsonSchemaDefinition }),
  z.object({
    type: z.literal('code'),
    block: CodeDefinition,
    timeoutSeconds: z.number().optional(),
    /** When absent: the code is run again. */
    onCrash: OnCrash.optional(),
  }),
])
export type ToolDefinition = z.infer<typeof ToolDefinition>

/** One version of a tool. */
export const StoredTool = Registered.extend({
  path: z.string(),
  displayName: z.string().optional(),
  description: z.string(),
  status: z.enum(['live', 'draft', 'pending', 'published']),
  definition: ToolDefinition,
})
export type StoredTool = z.infer<typeof StoredTool>

/** Whether a text is an id, `tool_<ulid>`. No tool may have such a key, so a reference is never ambiguous. */
export function isToolId(text: string): boolean {
  return text.startsWith('tool_') && isUlid(text.slice('tool_'.length))
}

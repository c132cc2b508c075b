import { z } from 'zod'

/** The value of a header: in clear text, or `sealed`. Only a worker opens a sealed value, when it makes the call. */
export const HttpHeader = z.union([z.string(), z.object({ sealed: z.string() })])
export type HttpHeader = z.infer<typeof HttpHeader>

/** An argument of an `http` tool. The model supplies it unless it is `hidden`. */
export const HttpArgument = z.object({
  type: z.enum(['string', 'number', 'boolean']),
  description: z.string(),
  hidden: z.boolean(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
export type HttpArgument = z.infer<typeof HttpArgument>

/**
 * The request that an `http` tool makes. `{{name}}` in the URL, a header or the body is replaced by an argument's
 * value.
 */
export const HttpDefinition = z.object({
  url: z.string(),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  headers: z.record(z.string(), HttpHeader),
  body: z.record(z.string(), z.unknown()).optional(),
  timeoutSeconds: z.number().optional(),
  arguments: z.record(z.string(), HttpArgument),
})
export type HttpDefinition = z.infer<typeof HttpDefinition>

import { z } from 'zod'

/** The one body of every error. The orq SDKs read `code` and `message`, the OpenAI ones read `error`. */
export const ErrorReply = z
  .object({
    code: z.string().meta({ description: 'The status, as text.', examples: ['404'] }),
    message: z.string(),
    request_id: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .meta({ description: 'The fields that are wrong.' }),
    error: z
      .union([
        z.object({
          message: z.string(),
          type: z.string(),
          code: z.string().meta({ description: 'The error code.' }),
          param: z.string().nullable().meta({ description: 'The first field that is wrong.' }),
        }),
        z.string(),
      ])
      .meta({ description: 'The same once more; just the message where a tool is not found.' }),
    task_id: z.string().optional().meta({
      description: 'Where a turn had begun, or may have been accepted: its task.',
    }),
    response_id: z.string().optional(),
    violated_policies: z.array(z.string()).optional().meta({
      description: 'The limits that refused the request.',
    }),
  })
  .meta({ id: 'Error', description: 'The error message.' })

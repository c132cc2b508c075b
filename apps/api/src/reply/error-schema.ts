import { z } from 'zod'

/** The body of every error. The orq SDKs read `code` and `message`. The OpenAI SDKs read `error`. */
export const ErrorReply = z
  .object({
    code: z.string().meta({ description: 'The HTTP status, as text.', examples: ['404'] }),
    message: z.string(),
    request_id: z
      .string()
      .meta({ description: "The id of the request. The server's log has it, too." }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .meta({ description: 'The fields that are not valid.' }),
    error: z
      .union([
        z.object({
          message: z.string(),
          type: z.string(),
          code: z.string().meta({ description: 'The error code.' }),
          param: z
            .string()
            .nullable()
            .meta({ description: 'The path of the first field that is not valid.' }),
        }),
        z.string(),
      ])
      .meta({
        description:
          'The same error in the format of OpenAI. Only the message, if a tool is not found.',
      }),
    task_id: z.string().optional().meta({
      description: 'The id of the task, if a turn was started or may have been accepted.',
    }),
    response_id: z.string().optional().meta({
      description: 'The id of the response, if a turn was started or may have been accepted.',
    }),
    violated_policies: z.array(z.string()).optional().meta({
      description: 'The limits that refused the request.',
    }),
  })
  .meta({ id: 'Error', description: 'The body of every error.' })

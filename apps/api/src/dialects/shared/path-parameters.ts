import { z } from 'zod'

/** The schemas of path parameters, by their names in the routes. */
export const pathParameters: Record<string, z.ZodType> = {
  agent_key: z.string().meta({
    description: "The agent's key or `_id`. `key@version` names one version.",
    examples: ['support', 'support@1.0.2'],
  }),
  task_id: z.string().meta({
    description: 'The id of the task, or the `_id` of one of its responses.',
  }),
  response_id: z.string().meta({ description: 'The `id` of a response.' }),
  tool_call_id: z.string().meta({ description: 'The id of the tool call.' }),
  server_id: z.string().meta({ description: 'The `id` or the key of an MCP server.' }),
  tool_id: z.string().meta({ description: "The tool's key or `_id`." }),
  webhook_id: z.string().meta({ description: 'The `_id` of a webhook.' }),
  schedule_id: z.string().meta({ description: 'The `_id` of a schedule.' }),
  webhook_endpoint_id: z.string().meta({ description: 'The `id` of a webhook endpoint.' }),
  delivery_id: z
    .string()
    .meta({ description: 'The `id` of a delivery, which is that of its event.' }),
  workspace: z.string().meta({ description: 'The name of the workspace.' }),
  version_id: z.string().meta({
    description: 'The version number, or the `_id` of an entry in the list of versions.',
    examples: ['1.0.0'],
  }),
}

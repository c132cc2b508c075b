/** The fields of an agent. All dialects use the names of the manifest, because turns of all dialects run agents. */
export const agentFields = {
  'agent.role': 'role',
  'agent.description': 'description',
  'agent.instructions': 'instructions',
  'agent.systemPrompt': 'system_prompt',
  'agent.model': 'model',
  'agent.model.output.schema': 'model.parameters.response_format.json_schema.schema',
  'agent.team': 'team_of_agents',
  'agent.tools': 'settings.tools',
  'agent.tools[].tool': 'settings.tools[].tool_id',
}

/** The options of a turn. */
export const optionFields = { startAt: 'longhaul.start_at', webhook: 'longhaul.webhook' }

/** The HTTP header of the idempotency key. */
export const idempotencyFields = { idempotencyKey: 'Idempotency-Key' }

export const idempotencyTexts = {
  'Another request came with this idempotency key before.':
    'Another request came with this Idempotency-Key before.',
  'send another idempotency key to make a new one.':
    'send another Idempotency-Key to make a new one.',
  'send the request again under the same idempotency key.':
    'send the request again under the same Idempotency-Key.',
}

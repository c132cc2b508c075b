const agent = (key: string, name: string, more: object = {}) => ({
  key,
  display_name: name,
  path: 'Default',
  role: name,
  description: `${name} of the demo.`,
  instructions: 'Answer in one sentence.',
  model: 'demo/simulated',
  settings: {},
  ...more,
})

const date = { tools: [{ type: 'current_date' }] }
const team = { tools: [{ type: 'retrieve_agents' }, { type: 'call_sub_agent' }] }
const question =
  '{"agent_key":"carrier","message":"Where is the parcel, and on which date does it arrive?"}'

/** The agents of the demo. They need no model provider. A member of a team comes before the agent that calls it. */
export const demoAgents = [
  agent('support', 'Support', { settings: date }),
  agent('carrier', 'Carrier', { settings: date }),
  agent('parcels', 'Parcel desk', {
    instructions: `Ask the carrier first: call_sub_agent ${question}`,
    team_of_agents: [{ key: 'carrier', role: 'knows where parcels are' }],
    settings: team,
  }),
  agent('refunds', 'Refund desk', { settings: { ...date, tool_approval_required: 'all' } }),
  agent('reports', 'Nightly reports', { model: 'demo/retired' }),
  agent('writer', 'Writer'),
]

import type { InstantKind } from './tool-kind.ts'

/** Lists the agents that the agent may call. */
export const retrieveAgents: InstantKind<'retrieve_agents'> = (_, { tool }) => ({
  agents: tool.team.map(({ key, role, displayName, description }) => ({
    key,
    ...(displayName !== undefined && { name: displayName }),
    role,
    description,
  })),
})

import { MB, GB, SECOND, MINUTE, DAY } from './units.ts'

/** What a workspace may keep, what an agent may have, and what a turn of it may ask for. */
export const agentsLimits = {
  /**
   * What one workspace may keep at a time: items, versions of one agent or one tool, bytes of all definitions with
   * their versions, bytes of the plans of its turns, bytes of its tasks' notes that have 1 KB or more, conversations, and watch tokens that have not expired.
   */
  workspace: {
    agents: 10_000,
    tools: 10_000,
    mcpServers: 1_000,
    versions: 1_000,
    definitionBytes: GB,
    planBytes: 4 * GB,
    noteBytes: GB,
    conversations: 100_000,
    watchTokens: 10_000,
  },
  /** One version of an agent or a tool, as JSON. */
  definition: 1 * MB,
  agentTools: 128,
  fallbackModels: 16,
  /** Characters of a model's `provider/model` id. */
  modelId: 256,
  /** What a turn is run by, as JSON: its agent with all tools. */
  plan: 4 * MB,
  /** Plans that a worker remembers, and their characters together. */
  planCache: { count: 200, characters: 64 * MB },
  /** How often a change of an agent or a tool is made again on top of another one. */
  changeTries: 10,
  iterations: { default: 100, max: 1_000 },
  executionSeconds: { default: 600, max: 86_400 },
  /** How long a call waits for its approval. */
  approvalSeconds: { default: (12 * 60 * MINUTE) / SECOND, max: (30 * DAY) / SECOND },
  /** What a reviewer says of why, in characters. */
  reviewReason: 2_000,
  /** How deep agents may call agents, how many a turn may call, and how many models it and all of these. */
  agentDepth: 5,
  children: 100,
  treeCalls: 2_000,
  /** How many tasks of sub-agents begin in a tree. */
  treeChildren: 1_000,
} as const

import { MB, GB, SECOND, MINUTE, DAY } from './units.ts'

/** Limits of a workspace, of an agent, and of a turn's parameters. */
export const agentsLimits = {
  /** The limits of a workspace for which neither the installation nor the operator has set others. */
  workspaceDefaults: { queued: 100_000, streams: 1_000 },
  /** The limits of a workspace: patterns of models with a rate, and fairness keys with limits of their own. */
  workspaceLimits: { patterns: 100, fairnessKeys: 1_000 },
  /**
   * The capacity of one workspace: items, versions of one agent or tool, bytes of all definitions with their versions,
   * bytes of the plans of its turns, bytes of its tasks' caller metadata of 1 KB or more, conversations, and watch
   * tokens that have not expired.
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
  /** Tools of a request that are left out, by their paths: the first of them are reported. */
  ignoredTools: 100,
  fallbackModels: 16,
  /** Characters of a model's `provider/model` id. */
  modelId: 256,
  /** A plan as JSON: an agent with all its tools. */
  plan: 4 * MB,
  /** Plans that a worker caches, and their characters in total. */
  planCache: { count: 200, characters: 64 * MB },
  /** How often a change of an agent or a tool is repeated when another change came first. */
  changeTries: 10,
  iterations: { default: 100, max: 1_000 },
  executionSeconds: { default: 600, max: 86_400 },
  /** Seconds for which a call waits for its approval. */
  approvalSeconds: { default: (12 * 60 * MINUTE) / SECOND, max: (30 * DAY) / SECOND },
  /** The reason that a reviewer states, in characters. */
  reviewReason: 2_000,
  /**
   * How deep agents may call agents, how many sub-agents a turn may call, and how many model calls a turn and all its
   * sub-agents may make together.
   */
  agentDepth: 5,
  children: 100,
  treeCalls: 2_000,
  /** How many tasks of sub-agents may begin in a tree. */
  treeChildren: 1_000,
} as const

import { LonghaulError, rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import { fullOf } from '../turn/task-full.ts'

/** The quantities of which a workspace has a limit. The name is that of the policy in a refusal. */
export type WorkspacePolicy = keyof typeof messages

const { workspace } = limits

const messages = {
  agents: `The workspace has ${workspace.agents} agents, and that is the most: delete agents that are not used.`,
  tools: `The workspace has ${workspace.tools} tools, and that is the most: delete tools that are not used.`,
  mcp_servers: `The workspace has ${workspace.mcpServers} MCP servers, and that is the most: delete servers that are not used.`,
  schedules: `The workspace has ${limits.schedules.perWorkspace} schedules, and that is the most: delete schedules that are not used.`,
  versions: `It has ${workspace.versions} versions, and that is the most: create it anew under another key, or delete it and create it again.`,
  definition_bytes: `The agents, tools and MCP servers of the workspace with their versions have ${workspace.definitionBytes} bytes, and that is the most: delete some that are not used.`,
  plans: `The plans of the workspace's turns have ${workspace.planBytes} bytes, and that is the most. A plan expires with the tasks that need it: until then, send requests with instructions, tools and parameters that were sent before.`,
  notes: `The notes of the workspace's tasks (identity, thread, metadata …) that have 1 KB or more have ${workspace.noteBytes} bytes, and that is the most: send smaller ones, or delete tasks.`,
  conversations: `The workspace has ${workspace.conversations} conversations, and that is the most: go on with an existing one, use previous_response_id, or wait until the retention of old ones is over.`,
  watch_tokens: `The workspace has ${workspace.watchTokens} watch tokens that have not expired, and that is the most: use a token again, or make it expire sooner with expires_in.`,
  webhooks: `The workspace has ${limits.webhooks.endpoints} webhook endpoints, and that is the most: delete endpoints that are not used.`,
}

/** The error for a workspace that has reached a limit, with advice. */
export function workspaceFull(policy: WorkspacePolicy): LonghaulError {
  // Nothing frees capacity by itself within seconds.
  return rateLimited([policy], messages[policy], limits.retryAfter / 1_000)
}

/**
 * The error for a refused turn: its task has reached a limit, or its workspace has reached the limit of caller
 * metadata.
 */
export function taskFull(what: 'facts' | 'bytes' | 'notes'): LonghaulError {
  return what === 'notes' ? workspaceFull(what) : new LonghaulError('task_full', fullOf(what))
}

import type { Agent, AgentTool, ModelChoice, TurnDefaults } from '@longhaul/core'
import { maskSecrets } from '../mask-secrets.ts'
import { isoTime } from '../../shared/reply-fields.ts'

/** The id of the only project. This dialect requires one. */
export const projectId = 'default'

/** An agent, with every field that any version of the SDKs requires. */
export function agentBody(agent: Agent, workspace: string) {
  const { chat_exposed, evaluators, ...echo } = agent.echo
  return {
    _id: agent.id,
    key: agent.key,
    display_name: agent.displayName ?? agent.key,
    workspace_id: workspace,
    project_id: projectId,
    memory_stores: [],
    knowledge_bases: [],
    skills: [],
    team_of_agents: [],
    ...echo,
    ...(agent.team && { team_of_agents: agent.team }),
    status: 'live',
    type: 'internal',
    version: agent.version,
    created: isoTime(agent.createdAt),
    updated: isoTime(agent.updatedAt),
    path: agent.path,
    role: agent.role,
    description: agent.description,
    instructions: agent.instructions,
    ...(agent.systemPrompt !== undefined && { system_prompt: agent.systemPrompt }),
    engine: agent.engine,
    variables: maskSecrets(agent.variables),
    model: { ...wireModel(agent.model), fallback_models: agent.fallbacks.map(wireModel) },
    settings: {
      max_iterations: agent.maxIterations,
      max_execution_time: agent.maxExecutionSeconds,
      max_cost: 0,
      tool_approval_required: agent.toolApproval,
      ...(agent.approval?.withinSeconds !== undefined && {
        approval_timeout: agent.approval.withinSeconds,
      }),
      ...(agent.approval?.otherwise !== undefined && {
        approval_default: agent.approval.otherwise,
      }),
      ...(agent.variablesInMessages !== undefined && {
        agent_variables_in_messages: agent.variablesInMessages,
      }),
      ...(agent.turns &&
        Object.keys(agent.turns).length > 0 && { longhaul: wireTurns(agent.turns) }),
      tools: agent.tools.map(wireTool),
      ...(chat_exposed !== undefined && { chat_exposed }),
      ...(evaluators !== undefined && { evaluators }),
    },
  }
}

function wireTurns({ priority, fairnessKey, expiresInMs }: TurnDefaults) {
  return {
    ...(priority !== undefined && { priority }),
    ...(fairnessKey !== undefined && { fairness_key: fairnessKey }),
    ...(expiresInMs !== undefined && { expires_in: `PT${expiresInMs / 1_000}S` }),
  }
}

function wireModel({ id, parameters, retry, contextWindow }: ModelChoice) {
  return {
    id,
    ...(contextWindow !== undefined && { context_window: contextWindow }),
    ...(parameters && { parameters }),
    ...(retry && {
      retry: { count: retry.count, ...(retry.onCodes && { on_codes: retry.onCodes }) },
    }),
  }
}

function wireTool({ id, kind, requiresApproval, ...tool }: AgentTool) {
  return {
    id,
    action_type: kind,
    ...(tool.key !== undefined && { key: tool.key }),
    ...(tool.displayName !== undefined && { display_name: tool.displayName }),
    ...(tool.description !== undefined && { description: tool.description }),
    requires_approval: requiresApproval,
    ...(tool.tool !== undefined && { tool_id: tool.tool }),
    ...(tool.onCrash !== undefined && { on_crash: tool.onCrash }),
    ...(tool.configuration && { configuration: tool.configuration }),
    ...(tool.timeoutSeconds !== undefined && { timeout: tool.timeoutSeconds }),
  }
}

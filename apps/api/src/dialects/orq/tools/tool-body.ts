import { hash } from 'node:crypto'
import type { HttpDefinition, OnCrash, StoredTool, ToolDefinition } from '@longhaul/core'
import { mask } from '@longhaul/tasks'
import { projectId } from '../agents/agent-body.ts'
import { isoTime } from '../../shared/reply-fields.ts'

/** A tool as a reply. */
export function toolBody(tool: StoredTool, workspace: string) {
  return {
    _id: tool.id,
    key: tool.key,
    path: tool.path,
    ...(tool.displayName !== undefined && { display_name: tool.displayName }),
    description: tool.description,
    status: tool.status,
    workspace_id: workspace,
    project_id: projectId,
    version: tool.version,
    created: isoTime(tool.createdAt),
    updated: isoTime(tool.updatedAt),
    ...wireDefinition(tool.definition),
  }
}

/** One version of a tool as an entry of its history. */
export function toolVersionBody(tool: StoredTool, workspace: string) {
  const data = toolBody(tool, workspace)
  return {
    _id: `${tool.id}@${tool.version}`,
    version: tool.version,
    ...(tool.versionDescription !== undefined && { description: tool.versionDescription }),
    created_at: isoTime(tool.updatedAt),
    updated_at: isoTime(tool.updatedAt),
    checksum: hash('sha256', JSON.stringify(data)),
    entityType: 'tool',
    entityId: tool.id,
    workspace_id: workspace,
    data,
  }
}

function wireDefinition(definition: ToolDefinition): Record<string, unknown> {
  switch (definition.type) {
    case 'function':
      return definition
    case 'json_schema':
      return { type: definition.type, json_schema: definition.jsonSchema }
    case 'code':
      return {
        type: definition.type,
        code_tool: definition.block,
        ...running(definition),
      }
    case 'http': {
      const { type, http } = definition
      return {
        type,
        http: wireHttp(http),
        ...running(definition),
      }
    }
  }
}

/** The settings of its calls, if the tool has any. */
function running({
  timeoutSeconds,
  onCrash,
}: {
  timeoutSeconds?: number | undefined
  onCrash?: OnCrash | undefined
}) {
  return {
    ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds }),
    ...(onCrash !== undefined && { on_crash: onCrash }),
  }
}

/** A mask replaces every secret. */
function wireHttp({ url, method, headers, body, timeoutSeconds, arguments: args }: HttpDefinition) {
  const wireHeaders = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : { value: mask, encrypted: true },
  ])
  const wireArguments = Object.entries(args).map(([name, argument]) => [
    name,
    {
      type: argument.type,
      description: argument.description,
      send_to_model: !argument.hidden,
      ...(argument.default !== undefined && { default_value: argument.default }),
    },
  ])
  return {
    blueprint: {
      url,
      method,
      headers: Object.fromEntries(wireHeaders) as object,
      ...(body && { body }),
      ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds }),
    },
    arguments: Object.fromEntries(wireArguments) as object,
  }
}

/** The version in the id of an entry, or in a version number. */
export function versionNamed(id: string): string | undefined {
  return /^(?:tool_[0-9A-Z]{26}@)?(\d{1,9}\.\d{1,9}\.\d{1,9})$/.exec(id)?.[1]
}

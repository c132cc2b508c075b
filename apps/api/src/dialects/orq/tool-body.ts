import { createHash } from 'node:crypto'
import type { StoredTool, ToolDefinition } from '@longhaul/core'
import { projectId } from './agent-manifest.ts'
import { isoTime } from './response-body.ts'

/** A tool as this dialect shows it. */
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
    checksum: createHash('sha256').update(JSON.stringify(data)).digest('hex'),
    entityType: 'tool',
    entityId: tool.id,
    workspace_id: workspace,
    data,
  }
}

const blockNames = { http: 'http', code: 'code_tool', json_schema: 'json_schema' } as const

function wireDefinition(definition: ToolDefinition): Record<string, unknown> {
  if (definition.type === 'function') return definition
  return { type: definition.type, [blockNames[definition.type]]: definition.block }
}

/** The version that an entry's id, or a version itself, names. */
export function versionNamed(id: string): string | undefined {
  return /^(?:tool_[0-9A-Z]{26}@)?(\d{1,9}\.\d{1,9}\.\d{1,9})$/.exec(id)?.[1]
}

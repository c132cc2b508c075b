import { cutText, AgentTool, isModelId, LonghaulError, modelIdForm } from '@longhaul/core'
import type { FieldError, ModelChoice } from '@longhaul/core'
import type { AgentPatch, ToolEntry } from './agent-input.ts'

/**
 * Refuses fields of a manifest that Longhaul does not support yet, where ignoring them would surprise the caller:
 * fields on which the answer, safety or costs depend.
 */
export function refuseUnsupported(patch: AgentPatch) {
  const fields: FieldError[] = [
    ...unless(!(patch.maxCost ?? 0), 'agent.maxCost', 'a cost limit is not supported yet'),
    ...unless(isEmpty(patch.guardrails), 'agent.guardrails', 'guardrails are not supported yet'),
    ...(patch.model === undefined ? [] : inModel(patch.model, 'agent.model')),
    ...(patch.fallbacks ?? []).flatMap((model, i) => inModel(model, `agent.fallbacks[${i}]`)),
    ...(patch.tools ?? []).flatMap((tool, i) => inTool(tool, `agent.tools[${i}]`)),
  ]
  const [first] = fields
  if (first === undefined) return
  throw new LonghaulError('invalid', `${first.path}: ${first.message}`, { fields })
}

function inModel({ id, parameters = {} }: ModelChoice, path: string): FieldError[] {
  const { guardrails, plugins, modalities } = parameters
  const at = `${path}.parameters`
  return [
    ...unless(
      isModelId(id),
      path,
      `${JSON.stringify(cutText(id, 100))} is not of the form ${modelIdForm}`,
    ),
    ...unless(isEmpty(guardrails), `${at}.guardrails`, 'guardrails are not supported yet'),
    ...unless(
      !Array.isArray(modalities) || !modalities.includes('audio'),
      `${at}.modalities`,
      'audio is not supported yet',
    ),
    ...(Array.isArray(plugins) ? plugins : []).flatMap((plugin: unknown, i) => {
      const name = idOf(plugin)
      const relied = name === 'pii_redaction' || name === 'trace_scrubbing'
      return unless(!relied, `${at}.plugins[${i}]`, `${name} is not supported yet`)
    }),
  ]
}

function inTool({ type, key, id }: ToolEntry, path: string): FieldError[] {
  if (runnable.has(type)) return []
  const which = key ?? id
  const name = which === undefined ? '' : ` (${cutText(which, 100)})`
  return [{ path, message: `tools of type ${cutText(type, 100)}${name} cannot be run yet` }]
}

const runnable = new Set<string>(AgentTool.shape.kind.options)

function unless(fine: boolean, path: string, message: string): FieldError[] {
  return fine ? [] : [{ path, message }]
}

function isEmpty(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.length === 0)
}

function idOf(plugin: unknown): string {
  const id = typeof plugin === 'object' && plugin !== null && 'id' in plugin ? plugin.id : undefined
  return typeof id === 'string' ? id : 'this plugin'
}

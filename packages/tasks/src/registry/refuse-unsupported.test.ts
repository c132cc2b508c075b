import { LonghaulError } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { AgentPatch } from './agent-input.ts'
import { refuseUnsupported } from './refuse-unsupported.ts'

const model = (parameters: Record<string, unknown>) => ({ id: 'openai/m', parameters })
const guardrail = { id: 'g', execute_on: 'input' }
const tool = (type: string) => ({ type, requiresApproval: false })

const refused = (patch: AgentPatch): string[] => {
  try {
    refuseUnsupported(patch)
    return []
  } catch (error) {
    return error instanceof LonghaulError ? error.fields.map(({ path }) => path) : ['?']
  }
}

const kindsNobodyRuns = [
  'google_search',
  'retrieve_memory_stores',
  'query_memory_store',
  'write_memory_store',
  'delete_memory_document',
  'retrieve_knowledge_bases',
  'query_knowledge_base',
  'advisor',
  'sidekick',
  'code_interpreter',
  'file_system',
  'openai:web_search',
  'made_up',
]

test.each<[AgentPatch, string]>([
  [{ maxCost: 0.5 }, 'agent.maxCost'],
  [{ guardrails: [guardrail] }, 'agent.guardrails'],
  [{ model: { id: 'gpt-4o' } }, 'agent.model'],
  [{ model: { id: '/gpt-4o' } }, 'agent.model'],
  [{ model: { id: 'openai/' } }, 'agent.model'],
  [{ model: { id: 'openai/../x' } }, 'agent.model'],
  [{ fallbacks: [{ id: 'openai/a' }, { id: 'b' }] }, 'agent.fallbacks[1]'],
  [{ model: model({ guardrails: [guardrail] }) }, 'agent.model.parameters.guardrails'],
  [{ model: model({ modalities: ['text', 'audio'] }) }, 'agent.model.parameters.modalities'],
  [
    { model: model({ plugins: [{ id: 'response_healing' }, { id: 'pii_redaction' }] }) },
    'agent.model.parameters.plugins[1]',
  ],
  [
    { fallbacks: [model({ plugins: [{ id: 'trace_scrubbing' }] })] },
    'agent.fallbacks[0].parameters.plugins[0]',
  ],
  ...kindsNobodyRuns.map((type): [AgentPatch, string] => [
    { tools: [tool('function'), tool('current_date'), tool(type)] },
    'agent.tools[2]',
  ]),
])('%j is refused', (patch, path) => {
  expect(refused(patch)).toEqual([path])
})

test('one error names everything that is refused, tools with their key', () => {
  const patch: AgentPatch = {
    maxCost: 1,
    tools: [{ ...tool('file_system'), key: 'crm' }],
  }
  expect(refused(patch)).toEqual(['agent.maxCost', 'agent.tools[0]'])
  expect(() => refuseUnsupported({ tools: patch.tools })).toThrow(
    'agent.tools[0]: tools of type file_system (crm) cannot be run yet',
  )
})

test('fields without effect, or with their default, are accepted', () => {
  expect(
    refused({
      engine: 'jinja',
      maxCost: 0,
      guardrails: [],
      variables: { secret: true, a: { secret: false } },
      model: {
        id: 'local/meta-llama/Llama-3-8b',
        parameters: {
          guardrails: [],
          modalities: ['text'],
          plugins: [{ id: 'response_healing' }],
          cache: { type: 'exact_match' },
          load_balancer: { type: 'weight_based', models: [] },
        },
      },
      fallbacks: [],
      tools: [tool('function'), tool('current_date')],
    }),
  ).toEqual([])
})

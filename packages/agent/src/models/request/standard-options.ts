import { defined } from '@longhaul/core'
import type { ModelRequest, OutputFormat } from '@longhaul/core'
import type { VendorOptions } from '../vendor.ts'

/**
 * The agent's parameters for which the library has a common name. Each vendor's part of the library leaves out those
 * that the vendor or the model does not support.
 */
export function standardOptions({ model }: ModelRequest): VendorOptions {
  const parameters = model.parameters ?? {}
  function number(name: string): number | undefined {
    const value = parameters[name]
    return typeof value === 'number' ? value : undefined
  }
  return defined({
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: number('top_k'),
    frequencyPenalty: number('frequency_penalty'),
    presencePenalty: number('presence_penalty'),
    seed: number('seed'),
    maxOutputTokens: number('max_completion_tokens') ?? number('max_tokens'),
    stopSequences: stopsOf(parameters['stop']),
    reasoning: efforts.find((effort) => effort === parameters['reasoning_effort']),
  })
}

/** The output format; a vendor that requires a schema receives `otherwise` when there is none. */
export function outputOptions(
  output: OutputFormat | undefined,
  otherwise?: Record<string, unknown>,
): VendorOptions {
  if (output === undefined) return {}
  const { name, description, schema = otherwise } = output
  return { responseFormat: { type: 'json', ...defined({ name, description, schema }) } }
}

/** The schema of any JSON object. */
export const anyObject = { type: 'object', additionalProperties: true }

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

function stopsOf(stop: unknown): string[] | undefined {
  if (typeof stop === 'string') return [stop]
  return Array.isArray(stop) ? stop.filter((each) => typeof each === 'string') : undefined
}

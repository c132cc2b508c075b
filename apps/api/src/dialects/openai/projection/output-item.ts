import { type Delta, parseArguments, type ToolCall, type ToolCalled } from '@longhaul/core'
import type { ClientCall, ClientForm } from '../client-tools/forms/client-form.ts'

/** An item of a response's `output`. */
export type Item = { id: string; type: string; status: string } & Record<string, unknown>

type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/**
 * A part of the answer: a message with one text, or reasoning. A part without text has just started or was abandoned.
 */
export function partItem(id: string, kind: Delta['kind'], status: ItemStatus, text?: string): Item {
  const content = text === undefined ? [] : [contentPart(kind, text)]
  return kind === 'text'
    ? { id, type: 'message', status, role: 'assistant', content }
    : { id, type: 'reasoning', status, summary: [], content }
}

export function contentPart(kind: Delta['kind'], text: string): Record<string, unknown> {
  return kind === 'text'
    ? { type: 'output_text', text, annotations: [], logprobs: [] }
    : { type: 'reasoning_text', text }
}

/** A call of a tool that the client runs. */
export function clientCallItem(
  id: string,
  call: ClientCall,
  { form, status }: { form: ClientForm; status: 'in_progress' | 'completed' },
): Item {
  const { type, ...fields } = form.fields(call, status === 'in_progress' ? 'started' : 'finished')
  return { id, type, status, call_id: call.callId, ...fields }
}

/** The outcome of a call that a worker made. */
export type Outcome = { result: unknown } | { error: string }

/**
 * A call that a worker makes. Its item has the type of an MCP call, whatever the type of the tool: clients know that
 * they need not answer an MCP call.
 */
export function serverCallItem(
  id: string,
  { name, arguments: given }: Pick<ToolCalled, 'name' | 'arguments'>,
  status: ItemStatus | 'failed',
  outcome?: Outcome,
): Item {
  return {
    id,
    type: 'mcp_call',
    status,
    server_label: 'longhaul',
    name,
    arguments: outcome === undefined && status === 'in_progress' ? '' : JSON.stringify(given),
    approval_request_id: null,
    output: outcome !== undefined && 'result' in outcome ? asText(outcome.result) : null,
    error: outcome !== undefined && 'error' in outcome ? outcome.error : null,
  }
}

/** A call that was never made: only the model's reply has it. */
export function asCalled({ callId, name, arguments: text }: ToolCall) {
  return { callId, name, arguments: parseArguments(text) ?? {} }
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

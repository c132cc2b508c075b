import { parseArguments, type ToolCall, type ToolCalled } from '@longhaul/core'
import type { ClientCall, ClientForm } from '../client-tools/forms/client-form.ts'

/** An item of a response's `output`. */
export type Item = { id: string; type: string; status: string } & Record<string, unknown>

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

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
    error: outcome !== undefined && 'error' in outcome ? callError(outcome.error) : null,
  }
}

function callError(text: string): Record<string, unknown> {
  return { type: 'mcp_tool_execution_error', content: [{ type: 'text', text }] }
}

/** A call that was never made: only the model's reply has it. */
export function asCalled({ callId, name, arguments: text }: ToolCall) {
  return { callId, name, arguments: parseArguments(text) ?? {} }
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

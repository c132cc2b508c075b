type Part = { kind: string; text?: string; tool_call_id?: string; result?: unknown }
type Message = { role: string; parts: Part[] }

/** The agent's texts, message by message, in a reply that includes the whole exchange. */
export function textsIn(body: Record<string, unknown>): string[] {
  return exchangeOf(body)
    .filter(({ role }) => role === 'agent')
    .flatMap(({ parts }) => parts.flatMap(({ kind, text }) => (kind === 'text' && text) || []))
}

/** The results of the calls, with the error of those that failed. */
export function resultsIn(
  body: Record<string, unknown>,
): { callId: string; error: string | undefined }[] {
  return exchangeOf(body)
    .filter(({ role }) => role === 'tool')
    .flatMap(({ parts }) =>
      parts.map(({ tool_call_id: callId = '', result }) => {
        const failed = typeof result === 'object' && result !== null && 'error' in result
        return { callId, error: failed ? String(result.error) : undefined }
      }),
    )
}

/** The messages of the exchange. In `output` they follow the final message. */
function exchangeOf(body: Record<string, unknown>): Message[] {
  return (body['output'] as Message[]).slice(1)
}

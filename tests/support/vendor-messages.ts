type Requests = { body: { messages?: WireMessage[] } }[]
type WireMessage = { role: string; content?: unknown; tool_calls?: unknown }
type WireCall = { id: string; function: { name: string; arguments: string } }

/** The messages of the last model call without its instructions: of each the role, the text and the calls. */
export function lastMessages(requests: Requests): unknown[][] {
  const messages = requests.at(-1)?.body.messages ?? []
  return messages
    .filter(({ role }) => role !== 'system')
    .map(({ role, content, tool_calls: calls }) => [
      role,
      ...(content === null || content === undefined ? [] : [content]),
      ...((calls ?? []) as WireCall[]).map((call) => `${call.id} ${call.function.arguments}`),
    ])
}

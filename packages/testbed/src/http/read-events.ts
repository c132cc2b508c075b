/** A server-sent event of a task: its id, and the fields of its data. */
export type StreamEvent = {
  id: number
  type: string
  timestamp: string
  data: Record<string, unknown>
}

/** Yields the server-sent events of a reply as they arrive, and `done` for the end marker. Rejects when the reply is cut off. */
export async function* readEvents(response: Response): AsyncGenerator<StreamEvent | 'done'> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = parse(text.slice(0, end))
      text = text.slice(end + 2)
      if (event !== undefined) yield event
    }
  }
}

function parse(frame: string): StreamEvent | 'done' | undefined {
  const data = /^data: (.*)$/m.exec(frame)?.[1]
  if (data === undefined) return undefined
  if (data === '[DONE]') return 'done'
  const id = Number(/^id: (\d+)$/m.exec(frame)?.[1])
  return { id, ...(JSON.parse(data) as Omit<StreamEvent, 'id'>) }
}

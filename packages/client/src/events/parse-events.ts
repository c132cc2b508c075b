/** A server-sent event, or a comment. */
export type Frame = { id?: string; data?: string; comment?: string }

/**
 * Reads the frames of a stream of server-sent events, as the HTML standard defines them. A frame without an empty line
 * at its end is incomplete, and is left out.
 */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  { onRead = () => {} }: { onRead?: () => void } = {},
): AsyncGenerator<Frame> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let frame: Frame = {}
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onRead()
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith(':')) {
          yield { comment: line.slice(1).trim() }
        } else if (line === '') {
          if (frame.data !== undefined) yield frame
          frame = {}
        } else {
          addField(frame, line)
        }
      }
    }
  } finally {
    // Also ends the request, when the reader of the events has left.
    await reader.cancel().catch(() => {})
  }
}

function addField(frame: Frame, line: string): void {
  const [, name = '', value = ''] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? []
  if (name === 'id') frame.id = value
  if (name === 'data') frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`
}

import type { TaskEvent } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { startSpinner, type Spinner } from '../../output/spinner.ts'

type Listeners = { onWaiting: (what: string) => void; onReconnect: (lost: Error) => void }
type Shown = {
  id: string
  events: (listeners: Listeners) => AsyncIterable<TaskEvent>
  /** Whether the final answer is written by the caller, when stdout is no terminal. */
  answerLater?: boolean
}

/**
 * Shows events as they come: JSON, or the text of the answer on stdout and the rest on stderr. Resolves with the end of
 * the last turn.
 */
export async function showEvents(
  { out }: Context,
  { id, events, answerLater = false }: Shown,
): Promise<'done' | 'failed' | undefined> {
  const spinner = startSpinner(`task ${id} waits for a worker`)
  const writer = createWriter(out, spinner)
  const onWaiting = (what: string) => spinner.say(what.replace(/^waiting/, 'waits'))
  const onReconnect = (lost: Error) => {
    spinner.hide()
    spinner.say(`${lost.message}; connecting again`)
  }
  let end: 'done' | 'failed' | undefined
  try {
    for await (const event of events({ onWaiting, onReconnect })) {
      if (event.type === 'response.done') end = 'done'
      if (event.type === 'response.failed') end = 'failed'
      if (out.json) out.entry(event)
      else writer.show(event, answerLater && !out.live)
    }
  } finally {
    spinner.stop()
    writer.close()
  }
  return end
}

function createWriter(out: Context['out'], spinner: Spinner) {
  let open: string | undefined
  const streamed = new Set<string>()
  const note = (text: string) => {
    close()
    spinner.hide()
    out.noteStyled(out.styleNote('dim', text))
  }
  function close(): void {
    if (open !== undefined) out.line('')
    open = undefined
  }
  function write(part: string, text: string): void {
    spinner.hide()
    if (open !== undefined && open !== part) close()
    out.write(text)
    open = part
    streamed.add(part)
  }
  function show(event: TaskEvent, silent: boolean): void {
    const { type, data } = event
    switch (type) {
      case 'response.started':
        return spinner.say('the model works')
      case 'part.delta':
        // A terminal shows the text as it is written. A file gets each part once, when it is complete.
        if (data.delta.kind === 'text' && out.live) write(data.partId, data.delta.text)
        return
      case 'part.done':
        if (data.part.kind !== 'text' || silent || streamed.has(data.partId)) return close()
        write(data.partId, data.part.text)
        return close()
      case 'tool.started':
        spinner.say(`tool ${data.toolName} runs`)
        return note(`→ ${data.toolName} ${JSON.stringify(data.arguments)}`)
      case 'tool.done':
        spinner.say('the model works')
        return note(`← ${shortened(data.result)}`)
      case 'tool.failed':
        return note(`← failed: ${data.error}`)
      case 'tool.review.requested':
        spinner.say('a call waits for an approval')
        return note(
          `? ${data.toolName ?? data.toolId} ${JSON.stringify(data.arguments)} waits for an approval`,
        )
      case 'tool.review.done':
        return note(`  ${data.review}`)
      case 'response.done':
      case 'response.failed':
        return close()
      default:
        // A later version of the API may have further events.
        return undefined
    }
  }
  return { show, close }
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

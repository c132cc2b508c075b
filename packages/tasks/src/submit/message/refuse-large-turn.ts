import { limits, LonghaulError } from '@longhaul/core'
import type { Draft } from '../pipeline.ts'
import type { ConversationCopy } from '../target.ts'
import type { TurnRequest } from '../turn-request.ts'

/** A recorded piece of a request, and its path in the caller's input. */
type Recorded = { path: string; value: unknown }

/**
 * Refuses a request of which more would be recorded than is allowed, with the copy that its task begins with. The error
 * names the largest piece.
 */
export function refuseLargeTurn(
  request: TurnRequest,
  draft: Pick<Draft, 'fields' | 'before' | 'variables'>,
  copy?: ConversationCopy,
): void {
  refuseLargePieces(piecesOf(request, draft, copy))
}

export function refuseLargePieces(pieces: Recorded[]): void {
  const sizes = pieces.map(({ path, value }) => ({ path, size: sizeOf(value) }))
  const total = sizes.reduce((sum, { size }) => sum + size, 0)
  if (total <= limits.submission) return
  const [largest] = sizes.toSorted((a, b) => b.size - a.size)
  const { path, size } = largest ?? { path: '', size: total }
  const message =
    `takes ${size} of ${total} bytes that would be recorded of the request: ` +
    `${limits.submission} are allowed. Send less text, or files by their address.`
  const fields = [{ path, message }]
  throw new LonghaulError('too_large', `${path}: ${message}`, { fields })
}

/** The size as JSON, since JSON is stored. */
function sizeOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value))
}

/** The pieces that would be recorded of a request, and of the copy with which its task begins. */
function piecesOf(
  { message, before = [], follows }: TurnRequest,
  draft: Pick<Draft, 'fields' | 'before' | 'variables'>,
  copy?: ConversationCopy,
): Recorded[] {
  const parts = draft.fields.message?.parts ?? []
  const pieces = [
    ...parts.map((value, at) => ({ path: message.paths?.[at] ?? `message.parts[${at}]`, value })),
    ...draft.before.map((value, at) => ({
      path: before[at]?.paths?.[0] ?? `before[${at}]`,
      value,
    })),
    { path: 'variables', value: draft.variables },
  ]
  if (copy === undefined) return pieces
  const inConversation = follows !== undefined && 'conversation' in follows
  const copied = inConversation ? 'conversation' : 'previousResponse'
  return [
    ...pieces,
    { path: copied, value: copy.messages },
    ...(draft.variables ? [] : [{ path: 'variables', value: copy.variables }]),
  ]
}

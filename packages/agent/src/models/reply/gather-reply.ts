import { ModelError, limits } from '@longhaul/core'
import type {
  ModelDelta,
  ModelReply,
  ModelStopReason,
  ReplyPart,
  Usage,
  VendorData,
  VendorReports,
} from '@longhaul/core'
import type { ProviderEvent } from '../provider.ts'
import type { Watch } from '../watch-call.ts'
import { createSources } from './sources.ts'

/**
 * Gathers a provider's events into one reply, and passes the text on as it arrives. Throws a `ModelError` when the
 * answer is too large, was cut, or is empty.
 */
export async function gatherReply(
  events: AsyncIterable<ProviderEvent>,
  {
    watch,
    onDelta,
    limit = limits.modelOutput,
  }: {
    watch: Pick<Watch, 'signal' | 'received'>
    onDelta: (delta: ModelDelta) => void
    limit?: number
  },
): Promise<ModelReply> {
  const parts: ReplyPart[] = []
  const calls: ModelReply['calls'] = []
  let ending: { reason: ModelStopReason; usage?: Usage } | undefined
  let reports: VendorReports | undefined
  let size = 0
  /** The block of the last part. */
  let block: string | undefined
  const sources = createSources(parts)

  for await (const event of events) {
    watch.signal.throwIfAborted()
    watch.received()
    switch (event.type) {
      case 'text':
      case 'reasoning': {
        const { type: kind, text, refusal, vendor } = event
        if (text === '' && vendor === undefined) break
        size = grown(size, text, limit)
        let part = parts.at(-1)
        if (part?.kind !== kind || block !== event.block) {
          part = { kind, text: '', ...(refusal && { refusal }) }
          parts.push(part)
          block = event.block
        }
        part.text += text
        if (text !== '') {
          onDelta({ part: parts.length - 1, kind, text, ...(refusal && { refusal }) })
        }
        if (vendor === undefined) break
        size = grown(size, JSON.stringify(vendor), limit)
        part.vendor = { ...part.vendor, ...vendor }
        break
      }
      case 'annotations':
        size = grown(size, sources.add(event.of), limit)
        break
      case 'signature':
        sign(parts, event.vendor)
        break
      case 'arguments':
        size = grown(size, event.text, limit)
        break
      case 'call':
        calls.push(event.call)
        break
      case 'ping':
        break
      case 'reports':
        reports = event.reports
        break
      case 'end': {
        const { type: _, ...rest } = event
        ending = rest
      }
    }
  }
  if (ending === undefined) throw cut()
  sources.attach()
  return { ...complete(parts, calls, ending), ...(reports && { reports }) }
}

/** Adds data to the last reasoning, or to an invisible one. */
function sign(parts: ReplyPart[], vendor: VendorData): void {
  let part = parts.findLast(({ kind }) => kind === 'reasoning')
  if (part === undefined) {
    part = { kind: 'reasoning', text: '' }
    parts.push(part)
  }
  part.vendor = { ...part.vendor, ...vendor }
}

function grown(size: number, text: string, limit: number): number {
  if (size + text.length <= limit) return size + text.length
  throw new ModelError(`the model's answer is longer than ${limit} characters`, {
    code: 'output_too_large',
    retryable: false,
  })
}

function cut(): ModelError {
  return new ModelError("the model's answer was cut off", { retryable: true })
}

function complete(
  parts: ReplyPart[],
  calls: ModelReply['calls'],
  { reason, usage }: { reason: ModelStopReason; usage?: Usage },
): ModelReply {
  const begun = calls.filter((call) => reason !== 'length' || hasArguments(call))
  const says = begun.length > 0 || parts.some(({ kind, text }) => kind === 'text' && text.trim())
  if (!says && (reason === 'stop' || reason === 'tool_calls')) {
    throw new ModelError('the model gave an empty answer', { retryable: true, unusable: true })
  }
  return {
    parts,
    calls: begun,
    reason: begun.length > 0 ? 'tool_calls' : reason === 'tool_calls' ? 'stop' : reason,
    ...(usage === undefined ? {} : { usage }),
  }
}

/** A call without arguments was cut by the output limit. It must not run as a call that needs no arguments. */
function hasArguments(call: ModelReply['calls'][number]): boolean {
  return call.arguments.trim() !== ''
}

/** One reply of the scripted model, on any wire. Every field is optional: `{}` is an empty answer. */
export type ScriptedReply = ScriptedPart & {
  /** Milliseconds before the headers. */
  delay?: number
  /** Milliseconds between two chunks. */
  chunkDelay?: number
  /** Further parts, in this order. */
  more?: ScriptedPart[]
  calls?: ScriptedCall[]
  /** By default `stop`, or `tool_calls` when there are calls. These words are translated, others are sent unchanged. */
  finish?: string
  /** Counted in words when absent, omitted when null. */
  usage?: ScriptedUsage | null
  /** An answer of this status instead of a stream, with `headers` and `body`. */
  status?: number
  /** Of any answer with a body. */
  headers?: Record<string, string>
  body?: unknown
  /** The failure after the chunks above have been sent. */
  fault?: Fault
  /** This number of characters, in chunks of 16 KB: of text by default, or of `hugeAs`. */
  huge?: number
  /** `line`: one event that does not end. `error`: the body of a 500. */
  hugeAs?: 'text' | 'line' | 'arguments' | 'error'
}

/**
 * A string is sent word by word, a list chunk by chunk. `signature` signs the reasoning, or otherwise the
 * text. `redacted` is unreadable reasoning. `details` are lists of `reasoning_details`, one for each chunk. `sources` are
 * those of the text, in the form of the wire. Wires without these fields omit them.
 */
export type ScriptedPart = {
  redacted?: string
  reasoning?: string | string[]
  /** `reasoning_content` by default. */
  reasoningField?: string
  details?: unknown[][]
  text?: string | string[]
  sources?: unknown[]
  refusal?: string | string[]
  signature?: string
}

/** `arguments` is sent as JSON, or unchanged if it is a string, in this number of `fragments`. */
export type ScriptedCall = {
  id?: string | null
  name: string
  arguments?: unknown
  fragments?: number
  signature?: string
}

/** `input` and `output` are totals. The other counts are parts of these. */
export type ScriptedUsage = {
  input: number
  output: number
  cached?: number
  cacheCreation?: number
  reasoning?: number
}

/**
 * `hang` never sends headers; `stall` sends the chunks and then nothing; `reset` kills the socket;
 * `cut` ends without a finish reason; `garbage` is a page of HTML with status 200; `error_frame`
 * sends `body` as an error in the stream; `bad_json` a broken chunk; `empty_choices` no choice at all.
 */
export type Fault =
  | 'hang'
  | 'stall'
  | 'reset'
  | 'cut'
  | 'garbage'
  | 'error_frame'
  | 'bad_json'
  | 'empty_choices'

/** The parts of a reply, sent one after the other. */
export type ScriptedBlock =
  | { kind: 'redacted'; data: string }
  | {
      kind: 'reasoning' | 'text'
      pieces: Iterable<string>
      /** The name of the field of reasoning. */
      field?: string | undefined
      sources?: unknown[] | undefined
      signature?: string | undefined
    }
  | { kind: 'refusal'; pieces: Iterable<string> }
  | { kind: 'details'; lists: unknown[][] }
  | {
      kind: 'call'
      index: number
      id: string | undefined
      name: string
      /** As in the script. */
      arguments: unknown
      fragments: Iterable<string>
      signature?: string | undefined
    }

/** A reply's content in the order in which it is sent. */
export function blocksOf(reply: ScriptedReply): ScriptedBlock[] {
  return [
    ...[reply, ...(reply.more ?? [])].flatMap(partBlocks),
    ...hugeBlocks(reply),
    ...(reply.calls ?? []).map(callBlock),
  ]
}

function hugeBlocks({ huge, hugeAs = 'text' }: ScriptedReply): ScriptedBlock[] {
  if (huge === undefined) return []
  if (hugeAs === 'text') return [{ kind: 'text', pieces: hugeText(huge) }]
  if (hugeAs !== 'arguments') return []
  return [{ ...callBlock({ name: 'huge' }, 0), fragments: hugeText(huge) }]
}

function partBlocks(part: ScriptedPart): ScriptedBlock[] {
  const { redacted, reasoning, reasoningField: field, details, text, refusal, signature } = part
  const signsText = reasoning === undefined
  return [
    ...(redacted === undefined ? [] : [{ kind: 'redacted' as const, data: redacted }]),
    ...(signsText
      ? []
      : [{ kind: 'reasoning' as const, pieces: piecesOf(reasoning), field, signature }]),
    ...(details === undefined ? [] : [{ kind: 'details' as const, lists: details }]),
    ...(text === undefined
      ? []
      : [
          {
            kind: 'text' as const,
            pieces: piecesOf(text),
            sources: part.sources,
            signature: signsText ? signature : undefined,
          },
        ]),
    ...(refusal === undefined ? [] : [{ kind: 'refusal' as const, pieces: piecesOf(refusal) }]),
  ]
}

/** Splits a string into words; leaves a list unchanged. */
export function piecesOf(text: string | string[] | undefined): string[] {
  return typeof text === 'string' ? (text.match(/\s*\S+\s*/g) ?? []) : (text ?? [])
}

export function* hugeText(characters: number): Generator<string> {
  for (let left = characters; left > 0; left -= 16_384) yield 'x'.repeat(Math.min(left, 16_384))
}

function callBlock(call: ScriptedCall, index: number): ScriptedBlock & { kind: 'call' } {
  const { name, arguments: given = {}, fragments = 1, signature } = call
  const id = call.id === undefined ? `call_${index}` : (call.id ?? undefined)
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  return {
    kind: 'call',
    index,
    id,
    name,
    arguments: given,
    fragments: fragmentsOf(text, fragments),
    signature,
  }
}

function fragmentsOf(text: string, count: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / count))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  )
}

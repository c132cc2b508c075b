import { type InputFile, type InputPart, invalid, limits, type ReplyPart } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../shared/request-fields.ts'
import { readDataUrl } from './read-data-url.ts'

const text = z.string()
const Annotation = z.record(z.string(), z.unknown())

const Text = z.object({
  type: z.enum(['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']),
  text,
  annotations: z.array(Annotation).max(limits.parts).optional(),
})
const Refusal = z.object({ type: z.literal('refusal'), refusal: text })
const fileId = line
  .optional()
  .meta({ description: 'Not supported: the server stores no files. A value is refused.' })
const Image = z.object({
  type: z.literal('input_image'),
  image_url: z
    .string()
    .optional()
    .meta({
      description: 'A data URL, or a URL that is fetched when the turn runs.',
      examples: ['https://example.com/cat.png'],
    }),
  detail: z.string().optional().meta({ description: 'It has no effect.' }),
  file_id: fileId,
})
const File = z.object({
  type: z.literal('input_file'),
  file_data: z
    .string()
    .optional()
    .meta({ description: 'The bytes of the file: a data URL, or base64.' }),
  file_url: z
    .string()
    .optional()
    .meta({
      description:
        'The URL of the file. It is fetched when the turn runs, and its content is stored.',
      examples: ['https://example.com/plan.pdf'],
    }),
  filename: z.string().max(1_024).optional(),
  file_id: fileId,
})

const Content = z.discriminatedUnion('type', [Text, Refusal, Image, File], {
  error: 'must be a text, an input_image, an input_file or a refusal',
})
export const contents = z.array(Content).max(limits.parts)
export type Contents = z.output<typeof contents>
type FilePart = Extract<Contents[number], { type: 'input_image' | 'input_file' }>

/** The parts of a message of the user. Throws invalid and names the part. */
export function toInputParts(content: Contents, path: string): InputPart[] {
  if (content.length === 0) throw invalid(path, 'is empty')
  return content.map((part, at): InputPart => {
    if (part.type === 'refusal') return { kind: 'text', text: part.refusal }
    if ('text' in part) return { kind: 'text', text: part.text }
    return { kind: 'file', file: toFile(part, `${path}[${at}]`) }
  })
}

/** The parts of an answer of the model. Adjacent texts are one part. */
export function toReplyParts(content: string | Contents, path: string): ReplyPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }]
  const parts: ReplyPart[] = []
  for (const [at, part] of content.entries()) {
    const next = toReplyPart(part, `${path}[${at}]`)
    const last = parts.at(-1)
    if (last !== undefined && isPlain(last) && isPlain(next)) last.text += next.text
    else parts.push(next)
  }
  return parts.length > 0 ? parts : [{ kind: 'text', text: '' }]
}

function toReplyPart(part: Contents[number], path: string): ReplyPart {
  if (part.type === 'refusal') return { kind: 'text', text: part.refusal, refusal: true }
  if (!('text' in part)) throw noFile(path)
  const { annotations = [] } = part
  return { kind: 'text', text: part.text, ...(annotations.length > 0 && { annotations }) }
}

function isPlain({ refusal, annotations }: ReplyPart): boolean {
  return refusal === undefined && annotations === undefined
}

/** The result of a call: its texts, and its images and files. */
export function toResult(
  output: string | Contents,
  path: string,
): { result: string; files?: InputFile[] } {
  if (typeof output === 'string') return { result: output }
  const files = output.flatMap((part, at) => {
    return part.type === 'input_image' || part.type === 'input_file'
      ? [toFile(part, `${path}[${at}]`)]
      : []
  })
  const texts = output.map((part) => {
    if (part.type === 'refusal') return part.refusal
    return 'text' in part ? part.text : ''
  })
  return { result: texts.join(''), ...(files.length > 0 && { files }) }
}

/** A file by its URL, or as a data URL. `file_data` may also be plain base64. */
function toFile(part: FilePart, path: string): InputFile {
  if (part.file_id !== undefined) {
    throw invalid(`${path}.file_id`, 'no files are stored here: send what it holds, or its address')
  }
  if (part.type === 'input_image') return readFile(part.image_url, { path, field: 'image_url' })
  const { file_data: data, file_url: url, filename: name } = part
  const field = data === undefined ? 'file_url' : 'file_data'
  const file = readFile(data ?? url, { path, field })
  return { ...file, ...(name !== undefined && { name }) }
}

function readFile(
  given: string | undefined,
  { path, field }: { path: string; field: 'image_url' | 'file_url' | 'file_data' },
): InputFile {
  if (given === undefined) throw invalid(path, 'needs what it holds, or its address')
  const decoded = readDataUrl(given)
  if (decoded !== undefined) return decoded
  if (/^data:/i.test(given)) throw invalid(`${path}.${field}`, 'must be in base64')
  return field === 'file_data' ? { bytes: given } : { uri: given }
}

function noFile(path: string): Error {
  return invalid(path, 'must be a text: files can be in messages of the user and in results')
}

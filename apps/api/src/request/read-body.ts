import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LonghaulError, invalid, limits, type Share, shapeProblem } from '@longhaul/core'
import { parse } from 'secure-json-parse'
import { joinPath } from './join-path.ts'
import { expectsContinue } from '../http/refuse-request.ts'

/** The client disconnected before the end of its body: no reply is possible. */
export const clientGone = new Error('the client went away')

/**
 * Reads the JSON object in the body of a request; undefined without a body. A body that is too large, or for which
 * there is no capacity now, is refused before it is read. A body that is too deep or has too many values is refused
 * before it is parsed.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  share: Share,
): Promise<object | undefined> {
  const { headers } = request
  const declared = headers['content-length']
  if (
    declared === undefined ? headers['transfer-encoding'] === undefined : Number(declared) === 0
  ) {
    return undefined
  }
  if (!isJson(headers['content-type'] ?? '')) {
    throw new LonghaulError(
      'unsupported_media_type',
      'The Content-Type must be application/json, in UTF-8.',
    )
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new LonghaulError(
      'unsupported_media_type',
      'The body must be sent without a Content-Encoding.',
    )
  }
  if (Number(declared ?? 0) > limits.body) throw tooLarge()
  if (declared !== undefined) share.take(Number(declared))
  if (expectsContinue(request)) response.writeContinue()
  const bytes = await collect(request, declared === undefined ? share : undefined)
  return bytes.length === 0 ? undefined : parseBody(bytes)
}

function isJson(contentType: string): boolean {
  if (contentType === 'application/json') return true
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    /^\s*application\/([\w.+-]+\+)?json\s*$/.test(type) &&
    parameters.every((text) => !/^\s*charset\s*=/.test(text) || /=\s*"?utf-?8"?\s*$/.test(text))
  )
}

/** Reads a body to its end. A body of unknown length takes its `share` as it arrives. */
function collect(request: IncomingMessage, share: Share | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let refused = false
    const refuse = (error: unknown) => {
      refused = true
      chunks.length = 0
      reject(error)
    }
    request.on('data', (chunk: Buffer) => {
      if (refused) return
      size += chunk.length
      if (size > limits.body) {
        refuse(tooLarge())
        return
      }
      try {
        share?.take(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        refuse(error)
      }
    })
    request.on('end', () => {
      const [only] = chunks
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks))
    })
    // This event also follows the end, when it has no effect.
    request.on('close', () => {
      reject(clientGone)
    })
    if (request.destroyed) reject(clientGone)
  })
}

function tooLarge(): LonghaulError {
  return new LonghaulError('too_large', `The body is larger than ${limits.body} bytes.`)
}

/** Parses the object in a JSON text. */
export function parseBody(bytes: Buffer): object {
  if (!isUtf8(bytes)) throw invalidBody('is not valid UTF-8')
  const text = bytes.toString()
  // JSON has no byte order mark, but the parser would accept it.
  if (text.startsWith('\uFEFF')) throw invalidBody('must not begin with a byte order mark')
  const problem = shapeProblem(text)
  if (problem !== undefined) throw invalidBody(problem)
  const parsed = parseJson(text)
  const value = mayNeedRepair(text) ? repaired(parsed) : parsed
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalidBody('must be a JSON object')
}

function parseJson(text: string): unknown {
  try {
    // The safe parser is slower, and few texts need it: a harmful key contains one of these.
    if (!suspicious.some((word) => text.includes(word))) return JSON.parse(text)
    return parse(text, { protoAction: 'remove', constructorAction: 'remove' })
  } catch (error) {
    const [where = ''] = / at position \d+/.exec(error instanceof Error ? error.message : '') ?? []
    throw invalidBody(`is not valid JSON${where}`, error)
  }
}

const suspicious = ['__proto__', 'constructor', '\\u']

/** Whether a text may hold values that cannot be stored. Most texts cannot, and need no second pass. */
function mayNeedRepair(text: string): boolean {
  const manyKeys = text.length > limits.mapKeys * '"":0,'.length
  return manyKeys || text.includes('\\u') || /\d[eE]|\d{300}/.test(text)
}

/** Returns the value in a form that can be stored. A value that cannot be repaired is refused with its path. */
function repaired(value: unknown): unknown {
  try {
    return normalized(value)
  } catch (error) {
    if (!(error instanceof Unkeepable)) throw error
    const path = pathOf(error.value, value, '') ?? ''
    throw path === '' ? invalidBody(error.message) : invalid(path, error.message)
  }
}

/** The path of a value within another one. It is searched only for an error, so valid bodies do not pay for it. */
function pathOf(target: unknown, value: unknown, path: string): string | undefined {
  if (Object.is(value, target)) return path
  if (typeof value !== 'object' || value === null) return undefined
  const steps = Array.isArray(value) ? value.entries() : Object.entries(value)
  for (const [step, item] of steps) {
    const found = pathOf(target, item, joinPath(path, step))
    if (found !== undefined) return found
  }
  return undefined
}

class Unkeepable extends Error {
  readonly value: unknown

  constructor(value: unknown, problem: string) {
    super(problem)
    this.value = value
  }
}

/**
 * Normalizes values that JSON allows and that cannot be stored. A lone surrogate becomes U+FFFD, as in UTF-8, also in a
 * key. A number beyond the range of a double is refused. The depth limit bounds the recursion.
 */
function normalized(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Unkeepable(value, 'is a number that is too large')
  }
  if (Array.isArray(value)) normalizeItems(value)
  else if (typeof value === 'object' && value !== null) normalizeFields(value as Fields)
  return value
}

function normalizeItems(items: unknown[]): void {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index]
    const stored = normalized(item)
    if (stored !== item) items[index] = stored
  }
}

type Fields = Record<string, unknown>

function normalizeFields(fields: Fields): void {
  const keys = Object.keys(fields)
  if (keys.length > limits.mapKeys) {
    throw new Unkeepable(fields, `has more than ${limits.mapKeys} keys`)
  }
  for (const key of keys) {
    const item = fields[key]
    const name = key.toWellFormed()
    const stored = normalized(item)
    if (name === key && stored === item) continue
    delete fields[key]
    fields[name] = stored
  }
}

function invalidBody(problem: string, cause?: unknown): LonghaulError {
  return new LonghaulError('invalid', `The body ${problem}.`, { cause })
}

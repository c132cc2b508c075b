import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LonghaulError, invalid, limits, type Share, shapeProblem } from '@longhaul/core'
import { parse } from 'secure-json-parse'
import { joinPath } from './join-path.ts'
import { expectsContinue } from '../http/refuse-request.ts'

/** Why a body could not be read to its end: nobody is left to be answered. */
export const clientGone = new Error('the client went away')

/**
 * The JSON object that a request brings; undefined when it brings no body at all. What is too large, or for which there
 * is no room now, is refused before it is read, and what is too deep or has too many values before it is parsed.
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

/** Reads a body to its end; one whose length nobody has told takes its `share` as it comes. */
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
    // It comes after the end, too, when it changes nothing any more.
    request.on('close', () => {
      reject(clientGone)
    })
    if (request.destroyed) reject(clientGone)
  })
}

function tooLarge(): LonghaulError {
  return new LonghaulError('too_large', `The body is larger than ${limits.body} bytes.`)
}

/** The object in a JSON text. */
export function parseBody(bytes: Buffer): object {
  if (!isUtf8(bytes)) throw invalidBody('is not valid UTF-8')
  const text = bytes.toString()
  // The parser would overlook it, and JSON has none.
  if (text.startsWith('\uFEFF')) throw invalidBody('must not begin with a byte order mark')
  const problem = shapeProblem(text)
  if (problem !== undefined) throw invalidBody(problem)
  const parsed = parseJson(text)
  const value = mayNeedRepair(text) ? kept(parsed) : parsed
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalidBody('must be a JSON object')
}

function parseJson(text: string): unknown {
  try {
    // The library looks more closely than most texts need: a key that can harm has one of these in it.
    if (!suspicious.some((word) => text.includes(word))) return JSON.parse(text)
    return parse(text, { protoAction: 'remove', constructorAction: 'remove' })
  } catch (error) {
    const [where = ''] = / at position \d+/.exec(error instanceof Error ? error.message : '') ?? []
    throw invalidBody(`is not valid JSON${where}`, error)
  }
}

const suspicious = ['__proto__', 'constructor', '\\u']

/** Whether a text is one of the few that can hold what nobody can keep: the rest need no second look. */
function mayNeedRepair(text: string): boolean {
  const manyKeys = text.length > limits.mapKeys * '"":0,'.length
  return manyKeys || text.includes('\\u') || /\d[eE]|\d{300}/.test(text)
}

/** The value without what nobody can keep; what is beyond repair is refused by its path. */
function kept(value: unknown): unknown {
  try {
    return normalized(value)
  } catch (error) {
    if (!(error instanceof Unkeepable)) throw error
    const path = pathOf(error.value, value, '') ?? ''
    throw path === '' ? invalidBody(error.message) : invalid(path, error.message)
  }
}

/** Where a value stands in another one: looked for only when it is wrong, so that no good body pays. */
function pathOf(wanted: unknown, value: unknown, path: string): string | undefined {
  if (Object.is(value, wanted)) return path
  if (typeof value !== 'object' || value === null) return undefined
  const steps = Array.isArray(value) ? value.entries() : Object.entries(value)
  for (const [step, item] of steps) {
    const found = pathOf(wanted, item, joinPath(path, step))
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
 * What JSON can write and nobody can keep: half a surrogate pair becomes U+FFFD, as UTF-8 has it,
 * also in a key; a number beyond the range of a double is refused. Recursion is bounded by the depth.
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
    const good = normalized(item)
    if (good !== item) items[index] = good
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
    const good = normalized(item)
    if (name === key && good === item) continue
    delete fields[key]
    fields[name] = good
  }
}

function invalidBody(problem: string, cause?: unknown): LonghaulError {
  return new LonghaulError('invalid', `The body ${problem}.`, { cause })
}

import type { HttpDefinition } from '@longhaul/core'

type Values = Record<string, unknown>

export type HttpRequest = {
  url: string
  method: HttpDefinition['method']
  headers: Record<string, string>
  body?: string
}

/**
 * The request that a call makes: each placeholder filled, and written as its place demands, so that no
 * value reaches beyond it. Throws an Error, which the model reads, when a value is missing or cannot stand there.
 */
export function httpRequestOf(
  {
    url,
    method,
    headers,
    body,
  }: Omit<HttpDefinition, 'headers'> & { headers: Record<string, string> },
  values: Values,
): HttpRequest {
  const filled = Object.entries(headers).map(([name, text]) => [
    name.toLowerCase(),
    filledHeader(text, values),
  ])
  const request: HttpRequest = {
    url: filledUrl(url, values),
    method,
    headers: Object.fromEntries(filled) as Record<string, string>,
  }
  if (body !== undefined && method !== 'GET') {
    request.body = JSON.stringify(filledJson(body, values))
    request.headers['content-type'] ??= 'application/json'
  }
  return request
}

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g

function filledUrl(url: string, values: Values): string {
  return url
    .split(/(?=[/?#])/)
    .map(filledPiece)
    .join('')

  /** A segment of the path, the query or the fragment, with the character that begins it. */
  function filledPiece(piece: string): string {
    const text = piece.replaceAll(placeholder, (_, name: string) =>
      encodeURIComponent(textOf(name, values)),
    )
    // A URL reads these as steps to another folder, also where they are encoded.
    const isStep = /^\/(?:\.|%2e){1,2}$/i.test(text)
    if (isStep && text !== piece) throw new Error(`"${text.slice(1)}" cannot be a part of the URL`)
    return text
  }
}

function filledHeader(header: string, values: Values): string {
  return header.replaceAll(placeholder, (_, name: string) => {
    const text = textOf(name, values)
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text
    throw new Error(`the value of ${name} has a character that no header can have`)
  })
}

/** A text that is one placeholder becomes the value itself, of whatever type. */
function filledJson(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const [whole, name = ''] = new RegExp(`^${placeholder.source}$`).exec(value) ?? []
    if (whole !== undefined) return valueOf(name, values)
    return value.replaceAll(placeholder, (_, inner: string) => textOf(inner, values))
  }
  if (Array.isArray(value)) return value.map((item) => filledJson(item, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filledJson(item, values)]),
  )
}

function textOf(name: string, values: Values): string {
  const value = valueOf(name, values)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // Half a surrogate pair can be written nowhere.
  return text.toWellFormed()
}

function valueOf(name: string, values: Values): unknown {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (value === undefined || value === null) throw new Error(`there is no value for ${name}`)
  return value
}

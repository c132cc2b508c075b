import { type HttpDefinition, limits } from '@longhaul/core'

type Values = Record<string, unknown>

export type HttpRequest = {
  url: string
  method: HttpDefinition['method']
  headers: Record<string, string>
  body?: string
}

/**
 * The request of a call, with all placeholders filled. Each value is encoded for its part of the request, so that it
 * cannot change other parts. Throws an Error for the model when a value is missing or invalid there.
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
  const fill = fillFrom(values)
  const filled = Object.entries(headers).map(([name, text]) => [
    name.toLowerCase(),
    filledHeader(text, fill),
  ])
  const request: HttpRequest = {
    url: filledUrl(url, fill),
    method,
    headers: Object.fromEntries(filled) as Record<string, string>,
  }
  if (body !== undefined && method !== 'GET') {
    request.body = JSON.stringify(filledJson(body, fill))
    request.headers['content-type'] ??= 'application/json'
  }
  return request
}

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g

function filledUrl(url: string, fill: Fill): string {
  return url
    .split(/(?=[/?#])/)
    .map(filledPiece)
    .join('')

  /** Fills a segment of the path, the query or the fragment, with the character that begins it. */
  function filledPiece(piece: string): string {
    const text = piece.replaceAll(placeholder, (_, name: string) =>
      encodeURIComponent(fill.text(name)),
    )
    // URL parsers treat these as steps to another folder, also when they are encoded.
    const isStep = /^\/(?:\.|%2e){1,2}$/i.test(text)
    if (isStep && text !== piece) throw new Error(`"${text.slice(1)}" cannot be a part of the URL`)
    return text
  }
}

function filledHeader(header: string, fill: Fill): string {
  return header.replaceAll(placeholder, (_, name: string) => {
    const text = fill.text(name)
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text
    throw new Error(`the value of ${name} has a character that no header can have`)
  })
}

/** A text that consists of one placeholder becomes the value itself, with its type. */
function filledJson(value: unknown, fill: Fill): unknown {
  if (typeof value === 'string') {
    const [whole, name = ''] = new RegExp(`^${placeholder.source}$`).exec(value) ?? []
    if (whole !== undefined) return fill.value(name)
    return value.replaceAll(placeholder, (_, inner: string) => fill.text(inner))
  }
  if (Array.isArray(value)) return value.map((item) => filledJson(item, fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filledJson(item, fill)]),
  )
}

/** The values of placeholders. Their total size is limited, since a long value may occur often. */
function fillFrom(values: Values) {
  let left: number = limits.toolRequest

  function paid(name: string): { value: unknown; text: string } {
    const value = valueOf(name, values)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    left -= text.length
    if (left >= 0) return { value, text }
    throw new Error(`the values are longer than ${limits.toolRequest} characters in their places`)
  }

  return {
    value: (name: string): unknown => paid(name).value,
    // A lone surrogate cannot be encoded.
    text: (name: string): string => paid(name).text.toWellFormed(),
  }
}

type Fill = ReturnType<typeof fillFrom>

function valueOf(name: string, values: Values): unknown {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (value === undefined || value === null) throw new Error(`there is no value for ${name}`)
  return value
}

import {
  cutText,
  type HttpDefinition,
  isSealed,
  limits,
  parseExact,
  shapeProblemOfResult,
} from '@longhaul/core'
import { EgressError } from '@longhaul/outbound'
import { decodeText } from './http-request/decode-text.ts'
import { fetchWithRetries } from './http-request/fetch-with-retries.ts'
import { httpRequestOf } from './http-request/fill-request.ts'
import { readableFile, ResultWithFiles } from './result-files.ts'
import { createSecrets, openedHeaders, sealedIn, type Secrets } from './secrets/secrets.ts'
import type { ToolContext, ToolKind } from './tool-kind.ts'

/** How many characters of an error's body the model reads. */
const errorBodyLength = 2_000

/** The types of replies that may be a file which models read. */
const mayBeFile = /^\s*(?:image\/|application\/(?:pdf|octet-stream))/i

/** Makes the request that the tool describes. A status from 200 to 299 is a result, any other status a failure. */
export const http: ToolKind<'http'> = async (input, context) => {
  const { tool, services, signal, idempotencyKey } = context
  const secrets = createSecrets(services.open)
  const definition = {
    ...tool.http,
    headers: await openedHeaders(tool.http.headers, { id: tool.id, services, secrets }),
  }
  const request = httpRequestOf(definition, valuesOf(input, context, secrets))
  secrets.openMore(sealedIn(context.variables))
  // The tool may set its own key, since the server may require another format.
  request.headers['idempotency-key'] ??= idempotencyKey
  try {
    const sent = {
      ...request,
      signal,
      holdsSecret: secrets.isIn,
      secretHeaders: Object.keys(request.headers).filter((name) => name !== 'content-type'),
      timeoutMs: tool.timeoutSeconds * 1_000,
      maxBytes: limits.file,
      maxBytesOf: (headers: Record<string, string>) =>
        mayBeFile.test(headers['content-type'] ?? '') ? limits.file : limits.storedToolResult,
    }
    const how = { repeatable: tool.onCrash === 'retry' }
    const { status, headers, body } = await fetchWithRetries(services.egress, sent, how)
    const type = headers['content-type'] ?? ''
    const text = textOf(type, body)
    if (status >= 200 && status <= 299) {
      const file = mayBeFile.test(type) ? readableFile(body, secrets) : undefined
      // Parsed before masking, since JSON can write a secret in many ways.
      const result = secrets.maskWithin(asJson(text))
      return file === undefined ? result : new ResultWithFiles(result, [file])
    }
    const masked = cutText(secrets.maskText(text), errorBodyLength)
    throw new Error(`the server answered ${status}: ${masked || '(no text)'}`)
  } catch (error) {
    if (error instanceof EgressError) {
      throw new Error(secrets.maskText(explained(error, tool.http)), { cause: error })
    }
    throw error
  }
}

type Context = ToolContext<Parameters<typeof http>[1]['tool']>

/**
 * The values of placeholders: the model's arguments, the hidden arguments, and under other names the turn's variables.
 * A secret is opened only when it is used.
 */
function valuesOf(input: Record<string, unknown>, { tool, variables }: Context, secrets: Secrets) {
  const values: Record<string, unknown> = {}
  const define = (name: string, get: () => unknown) =>
    Object.defineProperty(values, name, { get, enumerable: true, configurable: true })
  const variable = (name: string) => {
    const value = own(variables, name)
    return isSealed(value) ? secrets.open(value.sealed) : value
  }
  for (const name of Object.keys(variables)) define(name, () => variable(name))
  for (const [name, { hidden, default: usual }] of Object.entries(tool.http.arguments)) {
    define(name, () => (hidden ? variable(name) : own(input, name)) ?? usual)
  }
  return values
}

function own(values: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function textOf(contentType: string, body: Uint8Array): string {
  if (body.length === 0) return ''
  const isText = /json|text|xml|html|csv|form-urlencoded|^$/i.test(contentType)
  return isText ? decodeText(body, contentType) : `(${body.length} bytes of ${contentType})`
}

function asJson(text: string): unknown {
  const problem = shapeProblemOfResult(text)
  if (problem !== undefined) {
    throw new Error(`the result ${problem}, and no more are read: ask for less at a time`)
  }
  try {
    return parseExact(text)
  } catch {
    return text
  }
}

/** The error says whether the request may have had an effect, so that the model knows whether to repeat the call. */
function explained(error: EgressError, { method }: HttpDefinition): string {
  const unknown = error.sent && method !== 'GET'
  return unknown ? `${error.message}; the request may have had its effect` : error.message
}

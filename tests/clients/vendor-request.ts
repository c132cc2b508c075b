import type { RecordedRequest } from '@longhaul/testbed'

export function rolesOf(request: RecordedRequest | undefined): string[] {
  return (request?.body.messages ?? []).map(({ role }) => role)
}

/** The results of tools that a vendor was sent. */
export function resultsOf(request: RecordedRequest | undefined): unknown[] {
  const messages = request?.body.messages ?? []
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
}

/** The images that a vendor was sent. */
export function imagesOf(request: RecordedRequest | undefined): unknown[] {
  return (request?.body.messages ?? [])
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .flatMap((part: { image_url?: { url: string } }) => part.image_url?.url ?? [])
}

/** Whether a request is for the title of a conversation, which opencode requests beside its first turn. */
export function isForTitle({ body }: RecordedRequest): boolean {
  return JSON.stringify(body.messages?.[0]?.content ?? '').includes('You are a title generator')
}

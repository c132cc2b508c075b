import {
  burstMsOf,
  type ModelQuota,
  type RateLeft,
  requestsLeft,
  type SubmitQuota,
  takeRequest,
} from '@longhaul/core'

/**
 * What a workspace may still submit, as headers (draft-ietf-httpapi-ratelimit-headers). `t` is the time until the whole
 * quota is available, or until the next request when none is left.
 */
export function quotaHeaders({ requests, queued }: SubmitQuota): Record<string, string> {
  const policies: string[] = []
  const states: string[] = []
  if (requests !== undefined) {
    const left = requestsLeft(requests, requests.aheadMs)
    policies.push(`"requests";q=${requests.burst};w=${seconds(burstMsOf(requests))}`)
    states.push(`"requests";r=${left};t=${seconds(resetMsOf(requests))}`)
  }
  if (queued !== undefined) {
    policies.push(`"queued";q=${queued.limit}`)
    states.push(`"queued";r=${Math.max(0, queued.limit - queued.now)}`)
  }
  if (policies.length === 0) return {}
  return { 'ratelimit-policy': policies.join(', '), ratelimit: states.join(', ') }
}

/**
 * The same as headers that clients of OpenAI read, with the tokens of the model. Its requests are named where those of
 * the workspace have no limit.
 */
export function openaiQuotaHeaders(
  { requests }: SubmitQuota,
  ofModel: ModelQuota,
): Record<string, string> {
  const ofWorkspace = requests && {
    limit: requests.burst,
    left: requestsLeft(requests, requests.aheadMs),
    resetMs: resetMsOf(requests),
  }
  return {
    ...openaiHeaders('requests', ofWorkspace ?? ofModel.requests),
    ...openaiHeaders('tokens', ofModel.tokens),
  }
}

function openaiHeaders(unit: keyof ModelQuota, rate: RateLeft | undefined): Record<string, string> {
  if (rate === undefined) return {}
  return {
    [`x-ratelimit-limit-${unit}`]: String(rate.limit),
    [`x-ratelimit-remaining-${unit}`]: String(rate.left),
    [`x-ratelimit-reset-${unit}`]: durationText(rate.resetMs),
  }
}

function resetMsOf(requests: NonNullable<SubmitQuota['requests']>): number {
  const taken = takeRequest(requests, requests.aheadMs)
  return 'waitMs' in taken ? taken.waitMs : requests.aheadMs
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}

/** A duration as OpenAI writes it: `20ms`, `1.5s`, `6m0s`. */
function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`
  const tenths = Math.ceil(ms / 100)
  const minutes = Math.floor(tenths / 600)
  const rest = `${(tenths % 600) / 10}s`
  return minutes > 0 ? `${minutes}m${rest}` : rest
}

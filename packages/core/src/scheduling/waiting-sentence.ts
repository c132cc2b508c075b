import type { Waiting, WaitingKind } from './waiting.ts'

/** What each kind of waiting means, for people. */
export const waitingSentences: { readonly [Kind in WaitingKind]: string } = {
  worker: 'It starts as soon as a worker has a free slot.',
  no_worker: 'No worker that could run it is alive. Start one.',
  workspace_running: 'Its workspace has as many running turns as it may have.',
  fairness_key_running: 'Its fairness key has as many running turns as it may have.',
  model_requests: 'Its model may get no more requests in this minute.',
  model_tokens: 'Its model may get no more tokens in this minute.',
  budget: 'Its budget is spent.',
  paused: 'Its workspace or the installation is paused.',
  start_at: 'It starts at the time that its request named.',
  provider_retry: 'The provider of its model failed. The call is repeated.',
  approval: 'A reviewer must decide a tool call.',
  sub_agent: 'It needs the answer of a sub-agent.',
  timer: 'It continues at a set time.',
  repair: 'Its worker died, or could not read it. It is being taken over.',
}

export function isWaitingKind(kind: string): kind is WaitingKind {
  return Object.hasOwn(waitingSentences, kind)
}

/** The reason why a turn waits, for people. */
export function waitingSentence({ for: kind, ahead, limit, inUse }: Waiting): string {
  const sentences = [
    waitingSentences[kind],
    ...(limit === undefined ? [] : [`${inUse} of ${limit} are in use.`]),
    ...(ahead === undefined || ahead === 0 ? [] : [`${turns(ahead)} ahead of it.`]),
  ]
  return sentences.join(' ')
}

function turns(count: number): string {
  return count === 1 ? '1 turn is' : `${count} turns are`
}

import { type TimeKind, waitingSentences } from '@longhaul/core'
import { z } from 'zod'

/** What each kind of time means, for people. */
const timeSentences: { readonly [Kind in TimeKind]: string } = {
  ...waitingSentences,
  model_first_output: 'From the request to the first output of the model.',
  model_output: 'From the first output of the model to its last.',
  model: 'A call of a model whose first output is not known, or that has not ended.',
  model_failed: 'A call of a model that failed.',
  model_rate: 'A worker waited for the rate of a model.',
  tool: 'A tool ran.',
  file: 'A file was fetched.',
  redone: 'Work that was lost with its worker, and done again.',
  overhead: 'A worker prepared or recorded something.',
  caller: 'The caller ran functions.',
  failed: 'The task had failed, until it was redriven.',
  idle: 'The task had ended, until its next message came.',
}

const kinds = Object.keys(timeSentences) as TimeKind[]

export const TimeFor = z.enum(kinds).meta({
  id: 'TimeFor',
  description: kinds.map((kind) => `\`${kind}\`: ${timeSentences[kind]}`).join(' '),
})

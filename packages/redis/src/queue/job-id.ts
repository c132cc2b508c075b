import { type Job, parseResponseId } from '@longhaul/core'

/** The segment of a turn that a job's id names; undefined when the text is not a job id. */
export function parseJobId(id: string): Job | undefined {
  const [response = '', segment] = id.split('.')
  const turn = parseResponseId(response)
  return turn === undefined ? undefined : { ...turn, segment: Number(segment) }
}

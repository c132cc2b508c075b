import type { PriorResult } from '../history/prior-message.ts'
import type { Folding } from './folding.ts'

type Options = {
  /** The beginning of the ids of the result's files. */
  fileIds: string
  /** A text that the model reads after the result. */
  note?: string
  /** Whether the caller sent the result. Then the model reads the whole. */
  fromCaller?: boolean
}

/** Answers an open call with a result. The files of any other result are not fetched. */
export function addResult(
  { callId, result, failed, files = [] }: PriorResult,
  { state, history, files: messageFiles }: Folding,
  { fileIds, ...options }: Options,
): void {
  if (!state.open.some((call) => call.callId === callId)) return
  const userFiles = files.map((file, at) => messageFiles.add(file, fileIds + String(at)))
  history.result({ callId, result, failed: failed === true, files: userFiles }, options)
}

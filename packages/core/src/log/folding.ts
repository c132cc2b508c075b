import { createHistory, type HistoryBuilder } from '../history/history-builder.ts'
import { createFiles, type MessageFiles } from '../history/message-files.ts'
import { type CallRecords, createCallRecords } from './call-records.ts'
import { emptyState, type State } from './state.ts'

/** A state that is being folded, and the builders of its parts. */
export type Folding = {
  state: State
  history: HistoryBuilder
  files: MessageFiles
  calls: CallRecords
}

export function createFolding(): Folding {
  const state = emptyState()
  return {
    state,
    history: createHistory(state),
    files: createFiles(state),
    calls: createCallRecords(state),
  }
}

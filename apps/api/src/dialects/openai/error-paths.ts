import {
  agentFields,
  idempotencyFields,
  idempotencyTexts,
  optionFields,
} from '../shared/error-names.ts'
import { errorPaths } from '../shared/error-paths.ts'

/** Maps the fields of the domain to those of this dialect, for errors. */
export const openaiErrorPaths = errorPaths({
  fields: {
    ...idempotencyFields,
    ...optionFields,
    ...agentFields,
    previousResponse: 'previous_response_id',
    'changes.toolChoice': 'tool_choice',
    'changes.allowed': 'tool_choice.tools',
    'changes.tools': 'tools',
    'changes.fallbacks[]': 'fallbacks[].model',
    'changes.output.schema': 'text.format.schema',
  },
  texts: idempotencyTexts,
})

import type { ToolCall } from '@longhaul/core'
import type { ClientCall, ClientForm } from './forms/client-form.ts'
import { shownNamespace } from './model-name.ts'
import type { OfferedTool } from './offered-tools.ts'
import { type FormName, forms } from './table.ts'

/** A tool of the client whose calls are not those of a plain function: the function that the model saw, and the tool. */
export type RecordedTool = { function: string; type: FormName; name: string; namespace?: string }

/** The tools as the first fact of a turn keeps them, for the items of their calls. */
export function recordTools(offered: OfferedTool[]): RecordedTool[] {
  return offered.flatMap(({ type, name, namespace, function: { name: functionName } }) =>
    type === 'function' && name === functionName
      ? []
      : { function: functionName, type, name, ...shownNamespace(namespace) },
  )
}

/** A model's call as the call of the client's tool, and its form. */
export function readModelCall(
  { callId, name: functionName, arguments: argumentText }: ToolCall,
  recorded: RecordedTool[] = [],
): { form: ClientForm; call: ClientCall } {
  const tool = recorded.find((each) => each.function === functionName)
  const { type = 'function', name = functionName, namespace } = tool ?? {}
  return {
    form: forms[type],
    call: {
      callId,
      name,
      ...(namespace !== undefined && { namespace }),
      arguments: argumentText,
    },
  }
}

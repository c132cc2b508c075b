import { parseArguments, type ToolCall } from '@longhaul/core'

/** Whether two calls of one id are one call. Clients may write its arguments in another form. */
export function isSameCall(one: ToolCall, other: ToolCall): boolean {
  if (one.name !== other.name) return false
  const [a, b] = [one, other].map((call) => parseArguments(call.arguments) ?? call.arguments)
  return JSON.stringify(a) === JSON.stringify(b)
}

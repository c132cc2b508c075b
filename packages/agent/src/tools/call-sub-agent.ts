import { answeredLater, type ToolKind } from './tool-kind.ts'

/** Starts a task of another agent. The end of that task answers the call. */
export const callSubAgent: ToolKind<'call_sub_agent'> = async (input, { tool, callAgent }) => {
  const { agent_key: key, message } = input
  const member = tool.team.find((each) => each.key === key)
  if (member === undefined) {
    const known = tool.team.map((each) => each.key).join(', ') || 'none'
    throw new Error(`there is no agent ${JSON.stringify(key)} to be called; there are: ${known}`)
  }
  if (typeof message !== 'string') throw new Error('the message must be a text')
  await callAgent(member, message)
  return answeredLater
}

import type { ToolCall, ToolCalled } from '@longhaul/core'
import { type EventWriter, placeOf } from './event-writer.ts'
import { readModelCall, type RecordedTool } from '../client-tools/recorded-tools.ts'
import { clientCallItem, type Outcome, serverCallItem } from './output-item.ts'

type Call = Pick<ToolCalled, 'callId' | 'name' | 'arguments'>

/** The calls of a turn: each is an item of the output. */
export function createOutputCalls({ emit, addItem, closeItem }: EventWriter) {
  /** The calls that run, by their ids. */
  const running = new Map<string, { index: number; call: Call }>()

  function begin(call: Call): void {
    // After a crash a call may start again.
    if (running.has(call.callId)) return
    const item = serverCallItem(call, 'in_progress')
    const index = addItem(item)
    running.set(call.callId, { index, call })
    const position = placeOf(item, index)
    const argumentText = JSON.stringify(call.arguments)
    emit('response.mcp_call.in_progress', position)
    emit('response.mcp_call_arguments.delta', { ...position, delta: argumentText })
    emit('response.mcp_call_arguments.done', { ...position, arguments: argumentText })
  }

  function end(callId: string, outcome: Outcome): void {
    const runningCall = running.get(callId)
    if (runningCall === undefined) return
    running.delete(callId)
    const failed = 'error' in outcome
    const item = serverCallItem(runningCall.call, failed ? 'failed' : 'completed', outcome)
    const position = placeOf(item, runningCall.index)
    emit(failed ? 'response.mcp_call.failed' : 'response.mcp_call.completed', position)
    closeItem(runningCall.index, item)
  }

  return {
    begin,
    end,

    /** Adds a call of which only the outcome is recorded. */
    add(call: Call, outcome: Outcome): void {
      begin(call)
      end(call.callId, outcome)
    },

    /** Calls of tools that the client runs. */
    addPending(calls: ToolCall[], tools: RecordedTool[] | undefined): void {
      for (const pending of calls) {
        const { form, call } = readModelCall(pending, tools)
        const item = clientCallItem(call, form, 'in_progress')
        const index = addItem(item)
        for (const [type, fields] of form.events(call, placeOf(item, index))) emit(type, fields)
        closeItem(index, clientCallItem(call, form, 'completed'))
      }
    },

    abandonRunning(): void {
      for (const { index, call } of running.values())
        closeItem(index, serverCallItem(call, 'incomplete'))
      running.clear()
    },
  }
}

import type { ToolCall, ToolCalled } from '@longhaul/core'
import { type EventWriter, placeOf } from './event-writer.ts'
import { argumentsOf, functionCallItem, type Outcome, serverCallItem } from './output-item.ts'

type Call = Pick<ToolCalled, 'callId' | 'name' | 'arguments'>

/** The calls of a turn: each is an item of the output. */
export function createOutputCalls({ emit, addItem, closeItem }: EventWriter) {
  /** The calls that run, by their ids. */
  const running = new Map<string, { id: string; index: number; call: Call }>()

  function begin(call: Call): void {
    // After a crash a call may start again.
    if (running.has(call.callId)) return
    const added = addItem('mcp', call.callId, (id) => serverCallItem(id, call, 'in_progress'))
    running.set(call.callId, { ...added, call })
    const position = placeOf(added)
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
    const { id, index, call } = runningCall
    const item = serverCallItem(id, call, failed ? 'failed' : 'completed', outcome)
    const position = placeOf(runningCall)
    emit(failed ? 'response.mcp_call.failed' : 'response.mcp_call.completed', position)
    closeItem(index, item)
  }

  return {
    begin,
    end,

    /** Adds a call of which only the outcome is recorded. */
    add(call: Call, outcome: Outcome): void {
      begin(call)
      end(call.callId, outcome)
    },

    /** Calls of functions that the client runs. */
    addPending(calls: ToolCall[]): void {
      for (const call of calls) {
        const added = addItem('fc', call.callId, (id) => functionCallItem(id, call, 'in_progress'))
        const position = placeOf(added)
        const argumentText = argumentsOf(call)
        emit('response.function_call_arguments.delta', { ...position, delta: argumentText })
        emit('response.function_call_arguments.done', {
          ...position,
          name: call.name,
          arguments: argumentText,
        })
        closeItem(added.index, functionCallItem(added.id, call, 'completed'))
      }
    },

    abandonRunning(): void {
      for (const { id, index, call } of running.values())
        closeItem(index, serverCallItem(id, call, 'incomplete'))
      running.clear()
    },
  }
}

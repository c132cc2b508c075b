import { parentPort, workerData } from 'node:worker_threads'
import { killCall } from '../kill-call.ts'
import { heldMemory } from './used-memory.ts'
import type { GuardedCall } from './memory-guard.ts'
import { type Bounds, type Holdings, overMemory } from './over-memory.ts'
import type { SamplerReply, SamplerRequest } from './sampler.ts'

const everyMs = 50
const bounds = workerData as Bounds
const calls = new Map<number, GuardedCall>()
const stopped = new Map<number, keyof Bounds>()
let before: Holdings = new Map()
let timer: NodeJS.Timeout | undefined

parentPort?.on('message', (request: SamplerRequest) => {
  const { id } = request
  if (request.type === 'take') {
    calls.set(id, request.call)
    timer ??= setInterval(sample, everyMs)
    return
  }
  calls.delete(id)
  const reply: SamplerReply = { id, stopped: stopped.get(id) }
  stopped.delete(id)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
  parentPort?.postMessage(reply)
  if (calls.size > 0) return
  clearInterval(timer)
  timer = undefined
})

function sample(): void {
  // A call above its share of the total is counted exactly, so that no page counts twice when the total decides.
  const bound = Math.min(bounds.call, bounds.total / Math.max(1, calls.size))
  const now = new Map(
    [...calls].map(([id, { workspace, init }]) => [
      id,
      { workspace, bytes: heldMemory(init, bound) },
    ]),
  )
  for (const [id, why] of overMemory(now, { before, bounds })) {
    const call = calls.get(id)
    if (call === undefined) continue
    stopped.set(id, why)
    calls.delete(id)
    killCall(call)
  }
  before = now
}

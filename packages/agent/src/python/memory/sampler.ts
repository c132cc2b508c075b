import { Worker } from 'node:worker_threads'
import { killCall } from '../kill-call.ts'
import type { GuardedCall, Hold, MemoryGuard } from './memory-guard.ts'
import type { Bounds } from './over-memory.ts'

/** The requests to the thread. */
export type SamplerRequest =
  | { type: 'take'; id: number; call: GuardedCall }
  | { type: 'release'; id: number }

/** The thread's reply to a release. */
export type SamplerReply = { id: number; stopped?: keyof Bounds | undefined }

/**
 * A guard for workers without their own cgroups. It measures the calls many times a second and kills those that hold
 * too much memory. It runs on its own thread, so that it works while the main thread is busy. Until the next sample a
 * call can hold more than its bound.
 */
export function createSampler(bounds: Bounds): MemoryGuard {
  let thread: Worker | undefined
  let lastId = 0
  const releases = new Map<number, PromiseWithResolvers<keyof Bounds | undefined>>()
  const guarded = new Map<number, GuardedCall>()

  function started(): Worker {
    thread ??= start()
    return thread
  }

  function start(): Worker {
    const begun = new Worker(new URL('sampler-thread.ts', import.meta.url), { workerData: bounds })
    // The thread must not keep a worker alive that shuts down.
    begun.unref()
    begun.on('message', ({ id, stopped }: SamplerReply) => {
      releases.get(id)?.resolve(stopped)
      releases.delete(id)
    })
    begun.once('error', (cause) => {
      thread = undefined
      // Without the thread no call is measured, so all calls are killed.
      for (const call of guarded.values()) killCall(call)
      const reason = new Error('the memory of the code cannot be measured', { cause })
      for (const { reject } of releases.values()) reject(reason)
      releases.clear()
    })
    return begun
  }

  function send(message: SamplerRequest): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
    started().postMessage(message)
  }

  return {
    kind: 'samples',
    take(call): Promise<Hold> {
      lastId += 1
      const id = lastId
      guarded.set(id, call)
      send({ type: 'take', id, call })
      return Promise.resolve({
        async release() {
          guarded.delete(id)
          const release = Promise.withResolvers<keyof Bounds | undefined>()
          releases.set(id, release)
          send({ type: 'release', id })
          return await release.promise
        },
      })
    },
  }
}

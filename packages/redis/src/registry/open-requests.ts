import { limits, type OpenRequest, type OpenRequests } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiBeat, workspaceKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { leaveRequestScript } from '../lua/registry/leave-request.ts'
import { openRequestScript } from '../lua/registry/open-request.ts'
import { runScript } from '../lua/run-script.ts'
import { idempotencyName } from './idempotency-keys.ts'

/** Requests that wait for their answers, in Redis: a hash for each content. */
export function createOpenRequests(
  redis: Redis,
  { repeat, silence }: { repeat: number; silence: number } = limits.openRequests,
): OpenRequests {
  return {
    async open(request, { mayRepeat, stopped }) {
      const { id, process } = request
      const isChecked = stopped !== undefined
      const call = openRequestScript.call(
        { requests: keyOf(request) },
        { id, process, keepForMs: repeat, mayRepeat, isChecked, stopped: stopped ?? [] },
      )
      return await runScript(redis, call)
    },

    async leave(request, { key, isAnswered }) {
      const { workspace, id, process } = request
      const call = leaveRequestScript.call(
        { requests: keyOf(request), idempotency: idempotencyName(workspace, key) },
        { id, process, keepForMs: repeat, isAnswered },
      )
      await runScript(redis, call)
    },

    async keep(request) {
      await guarded(() => redis.pexpire(keyOf(request), repeat))
    },

    async beat(process, count) {
      await guarded(() => redis.set(apiBeat(process), count, 'PX', silence))
    },

    async lastBeat(process) {
      return (await guarded(() => redis.get(apiBeat(process)))) ?? undefined
    },
  }
}

function keyOf({ workspace, name }: OpenRequest): string {
  return workspaceKeys(workspace).openRequests(name)
}

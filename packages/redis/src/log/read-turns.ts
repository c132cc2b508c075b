import type { TakenTurn } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/** Reads where each turn of a task begins, the first turn first. The head stores this under the request ids. */
export async function readTurns(redis: Redis, taskId: string): Promise<TakenTurn[]> {
  const { head } = taskKeys(taskId)
  const turns = new Map<string, TakenTurn>()
  let cursor = '0'
  do {
    const [next, flat] = await guarded(() =>
      redis.hscan(head, cursor, 'MATCH', 'r:*', 'COUNT', 1_000),
    )
    // A hash that grows during the scan may list a field twice.
    for (let at = 0; at < flat.length; at += 2) {
      turns.set(flat[at] ?? '', asTakenTurn(flat[at + 1] ?? ''))
    }
    cursor = next
  } while (cursor !== '0')
  return [...turns.values()].toSorted((a, b) => a.turn - b.turn)
}

/** Reads the turn of a request, if it has one. */
export async function readTurn(
  redis: Redis,
  taskId: string,
  requestId: string,
): Promise<TakenTurn | undefined> {
  const taken = await guarded(() => redis.hget(taskKeys(taskId).head, `r:${requestId}`))
  return taken === null ? undefined : asTakenTurn(taken)
}

/** Parses a turn from the text in the head. */
function asTakenTurn(text: string): TakenTurn {
  const [turn = 0, startedAt = 0, pos = 0, fact = 0] = text.split(' ').map(Number)
  return { turn, startedAt, pos, fact }
}

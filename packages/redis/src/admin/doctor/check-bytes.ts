import { type Finding, headVersion } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { setBytesScript } from '../../lua/admin/set-bytes.ts'
import { runScript } from '../../lua/run-script.ts'
import { guarded } from '../../connection/unavailable.ts'
import { countLog } from './count-log.ts'
import { findingOf } from './findings.ts'

/**
 * Checks that the head of a task counts the bytes that the task has recorded. A task that is recording now is skipped.
 */
export async function checkBytes(
  redis: Redis,
  taskId: string,
  { repair }: { repair: boolean },
): Promise<Finding[]> {
  const keys = taskKeys(taskId)
  const read = () => guarded(() => redis.hmget(keys.head, 'v', 'pos', 'bytes', 'blobs', 'turn'))
  const before = await read()
  const [version, pos, bytes, blobs, turn] = before
  if (version == null || Number(version) > headVersion) return []
  const hashes = (blobs ?? '').split(' ').filter((hash) => hash !== '')
  const { least, most, count } = await countLog(redis, taskId, { hashes, turns: Number(turn) })
  const after = await read()
  if (after.some((value, at) => value !== before[at])) return []
  if (bytes != null && Number(bytes) >= least && Number(bytes) <= most) return []
  const values = { seenPos: pos ?? '', seenBytes: bytes ?? '', counted: count }
  if (repair) await runScript(redis, setBytesScript.call(keys, values))
  return [findingOf('bytes', taskId)]
}

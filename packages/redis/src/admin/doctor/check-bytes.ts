import type { Finding } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { loadScript, runScript } from '../../connection/script.ts'
import { guarded } from '../../connection/unavailable.ts'
import { countLog } from './count-log.ts'
import { findingOf } from './findings.ts'

const script = loadScript('admin/set-bytes')

/** Whether a task has recorded as many bytes as its head says; one that is recording is left for another time. */
export async function checkBytes(
  redis: Redis,
  taskId: string,
  { mend }: { mend: boolean },
): Promise<Finding[]> {
  const { head } = taskKeys(taskId)
  const read = () => guarded(() => redis.hmget(head, 'v', 'pos', 'bytes', 'blobs', 'turn'))
  const before = await read()
  const [version, pos, bytes, blobs, turn] = before
  if (version !== '1') return []
  const hashes = (blobs ?? '').split(' ').filter((hash) => hash !== '')
  const { least, most, count } = await countLog(redis, taskId, { hashes, turns: Number(turn) })
  const after = await read()
  if (after.some((value, at) => value !== before[at])) return []
  if (bytes != null && Number(bytes) >= least && Number(bytes) <= most) return []
  if (mend) await runScript(redis, script, [head], [pos ?? '', bytes ?? '', count])
  return [findingOf('bytes', taskId)]
}

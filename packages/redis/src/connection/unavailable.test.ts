import { expect, test } from 'vitest'
import { guarded, refusalCounts, wasRefused } from './unavailable.ts'

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'.", 'store_full'],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'store_cannot_save'],
  ["READONLY You can't write against a read only replica.", 'store_read_only'],
  [
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'store_read_only',
  ],
  ['LOADING Redis is loading the dataset in memory', 'store_loading'],
  ['NOREPLICAS Not enough good replicas to write.', 'store_lacks_replicas'],
  ['MOVED 3999 127.0.0.1:6381', 'store_is_cluster'],
  ['CLUSTERDOWN Hash slot not served', 'store_cluster_down'],
  ['NOAUTH Authentication required.', 'store_denies_access'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'store_denies_access'],
  ["NOPERM this user has no permissions to run the 'xadd' command", 'store_denies_access'],
  ['BUSY Redis is busy running a script.', 'store_busy'],
])('%s: the error says so, and that nothing was done', async (reply, reason) => {
  const before = refusalCounts.get(reason) ?? 0
  const error = await errorOf(new Error(reply))
  expect(error).toMatchObject({ code: 'unavailable', reason, maybeDone: false })
  expect(wasRefused(error)).toBe(true)
  expect(refusalCounts.get(reason)).toBe(before + 1)
})

test('a command that was repeated in a cluster may have taken effect', async () => {
  const repeated = 'Too many Cluster redirections. Last error: '
  const down = await errorOf(new Error(`${repeated}ReplyError: CLUSTERDOWN Hash slot not served`))
  expect(down).toMatchObject({ reason: 'store_cluster_down', maybeDone: true })
  const closed = await errorOf(new Error(`${repeated}Error: Connection is closed.`))
  expect(closed).toMatchObject({ code: 'unavailable', reason: undefined, maybeDone: true })
  const unsent = "Cluster isn't ready and enableOfflineQueue options is false"
  expect(await errorOf(new Error(unsent))).toMatchObject({ maybeDone: false })
})

test('a transaction is refused for the reason of its first command', async () => {
  const error = new Error('EXECABORT Transaction discarded because of previous errors.')
  const previousErrors = [new Error('LOADING Redis is loading the dataset in memory')]
  const thrown = await errorOf(Object.assign(error, { previousErrors }))
  expect(thrown).toMatchObject({ code: 'unavailable', reason: 'store_loading' })
})

test('a Redis that does not reply is unavailable, and the command may have taken effect', async () => {
  for (const reply of ['Command timed out', 'Connection is closed.', 'connect ECONNREFUSED']) {
    const error = await errorOf(new Error(reply))
    expect(error).toMatchObject({ code: 'unavailable', reason: undefined, maybeDone: true })
    expect(wasRefused(error)).toBe(false)
  }
  const unsent = "Stream isn't writeable and enableOfflineQueue options is false"
  expect(await errorOf(new Error(unsent))).toMatchObject({ maybeDone: false })
})

test('any other error is unchanged', async () => {
  for (const error of [new Error('WRONGTYPE Operation against a key'), new TypeError('busy'), 'x'])
    expect(await errorOf(error)).toBe(error)
})

async function errorOf(reason: unknown): Promise<unknown> {
  const fail = () => Promise.reject(reason)
  try {
    return await guarded(fail)
  } catch (thrown) {
    return thrown
  }
}

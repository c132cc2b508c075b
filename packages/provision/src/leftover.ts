import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { birthOf } from './process-birth.ts'

/** Records a process in a file, so that a later start can find it if it is still running. */
export const recordProcess = async (file: string, pid: number) =>
  writeFile(file, `${pid} ${await birthOf(pid)}`)

/** Ends the process that a file records, if exactly that process still runs. */
export const endLeftover = async (file: string) => {
  const [pid, birth] = split(await readFile(file, 'utf8').catch(() => ''))
  const alive = async () => birth !== '' && (await birthOf(pid)) === birth
  for (const [signal, seconds] of [['SIGTERM', 10] as const, ['SIGKILL', 5] as const]) {
    if (!(await alive())) break
    process.kill(pid, signal)
    for (let waited = 0; waited < seconds * 20 && (await alive()); waited += 1) await sleep(50)
  }
  await rm(file, { force: true })
}

const split = (text: string) => {
  const [, pid, birth] = /^(\d+) (.+)$/.exec(text) ?? []
  return [Number(pid), birth ?? ''] as const
}

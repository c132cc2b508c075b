import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Gives a session of processes the lowest processor priority: it uses only what others leave. Where Linux schedules by session, the
 * `nice` of a process counts within its session alone, and many calls would have as many shares.
 */
export async function lowerPriority(leader: number): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      await writeFile(`/proc/${leader}/autogroup`, '19')
      return
    } catch (error) {
      // The kernel takes one change in a tenth of a second from all processes without root together. Any other error
      // means that the call has ended, or that there is no scheduling by session.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      await sleep(100 + Math.random() * 100)
    }
  }
}

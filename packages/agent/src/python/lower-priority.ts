import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Gives a session of processes the lowest processor priority, so that it uses only idle time. Where Linux schedules by
 * session, the `nice` value of a process counts only within its session, so each call would get a full share.
 */
export async function lowerPriority(leader: number): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      await writeFile(`/proc/${leader}/autogroup`, '19')
      return
    } catch (error) {
      // The kernel accepts one change per 100 ms from all processes without root together. Any other error means that
      // the call has ended, or that Linux does not schedule by session here.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      await sleep(100 + Math.random() * 100)
    }
  }
}

import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Lets a session of processes use only what others leave of the processors. Where Linux schedules by session, the
 * `nice` of a process counts within its session alone, and many calls would have as many shares.
 */
export async function giveWay(leader: number): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      await writeFile(`/proc/${leader}/autogroup`, '19')
      return
    } catch (error) {
      // Of all who are not root together, the kernel takes one change in a tenth of a second. Whatever else it says, the
      // call has ended, or there is no scheduling by session.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      await sleep(100 + Math.random() * 100)
    }
  }
}

import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { birthOf } from './process-birth.ts'

/**
 * Takes a lock file, or returns the process that holds it. Libraries such as proper-lockfile recognise a stale lock by
 * its age: a killed holder would delay the next start, and they do not name the holder.
 */
export const takeLock = async (file: string): Promise<Lock | { heldBy: number }> => {
  const temporary = `${file}.${process.pid}`
  const own = `${process.pid} ${await birthOf(process.pid)}`
  for (;;) {
    await writeFile(temporary, own)
    // A link is created atomically, so no process reads a half-written lock.
    const taken = await link(temporary, file).then(
      () => true,
      () => false,
    )
    await rm(temporary)
    if (taken) return { release: () => rm(file, { force: true }) }
    const held = await readFile(file, 'utf8').catch(() => undefined)
    if (held === undefined) continue
    const [pid, birth] = held.split(/ (.*)/)
    if ((await birthOf(Number(pid))) === birth) return { heldBy: Number(pid) }
    // The lock is stale. If another process has taken it since it was read, the file that is moved here belongs to that
    // process and is restored.
    await rename(file, temporary).catch(() => undefined)
    const moved = await readFile(temporary, 'utf8').catch(() => held)
    if (moved !== held) await link(temporary, file).catch(() => undefined)
    await rm(temporary, { force: true })
  }
}

type Lock = { release: () => Promise<void> }

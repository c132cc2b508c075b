import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { birthOf } from './process-birth.ts'

/**
 * Takes a lock file, or says which process holds it. Libraries such as proper-lockfile tell a stale lock by its age: a
 * holder that is killed would keep the next start waiting, and they do not name the holder.
 */
export const takeLock = async (file: string): Promise<Lock | { heldBy: number }> => {
  const aside = `${file}.${process.pid}`
  const mine = `${process.pid} ${await birthOf(process.pid)}`
  for (;;) {
    await writeFile(aside, mine)
    // A link, made whole or not at all: nobody reads a lock that is half written.
    const taken = await link(aside, file).then(
      () => true,
      () => false,
    )
    await rm(aside)
    if (taken) return { release: () => rm(file, { force: true }) }
    const theirs = await readFile(file, 'utf8').catch(() => undefined)
    if (theirs === undefined) continue
    const [pid, birth] = theirs.split(/ (.*)/)
    if ((await birthOf(Number(pid))) === birth) return { heldBy: Number(pid) }
    // Stale. If somebody took it over since it was read, what is moved away here is theirs.
    await rename(file, aside).catch(() => undefined)
    const moved = await readFile(aside, 'utf8').catch(() => theirs)
    if (moved !== theirs) await link(aside, file).catch(() => undefined)
    await rm(aside, { force: true })
  }
}

type Lock = { release: () => Promise<void> }

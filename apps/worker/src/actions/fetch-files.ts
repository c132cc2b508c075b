import { fetchFile, type ToolServices, withCapacity } from '@longhaul/agent'
import { type FileToFetch, limits, type NewFact } from '@longhaul/core'
import type { RunningAttempt } from '../turn/attempt.ts'
import type { LogWriter } from '../turn/log-writer.ts'
import type { HeldBytes } from '../capacity/live-bytes.ts'

/** The number of files of a turn that are fetched concurrently. */
const atOnce = limits.filesAtOnce

type Run = {
  attempt: RunningAttempt
  writer: LogWriter
  services: ToolServices
  hold: () => HeldBytes
}

/**
 * Fetches files and records their contents, so every later call uses the same contents. Records an error for a file
 * that cannot be fetched.
 */
export async function fetchFiles(files: FileToFetch[], run: Run): Promise<void> {
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce)
    const types = await Promise.all(some.map((file) => fetchOne(file, run)))
    if (types.includes('file.failed')) return
  }
}

async function fetchOne(file: FileToFetch, run: Run): Promise<NewFact['type']> {
  const held = run.hold()
  try {
    const fact = await fetched(file, {
      ...run,
      services: withCapacity(run.services, held.capacity),
    })
    await run.writer.append([fact])
    return fact.type
  } finally {
    held.end()
  }
}

async function fetched(file: FileToFetch, { attempt, services }: Run): Promise<NewFact> {
  const { fileId } = file
  attempt.throwIfLost()
  try {
    const { egress } = services
    const content = await fetchFile(file, { egress, signal: attempt.signal })
    return { type: 'file.fetched', fileId, ...content }
  } catch (error) {
    attempt.signal.throwIfAborted()
    return {
      type: 'file.failed',
      fileId,
      error: error instanceof Error ? error.message : 'unknown',
    }
  }
}

import { fetchFile, type ToolServices } from '@longhaul/agent'
import { type FileToFetch, limits, type NewFact } from '@longhaul/core'
import type { Attempted } from './attempt.ts'
import type { Journal } from './journal.ts'

/** How many files of a turn are fetched at once. */
const atOnce = limits.filesAtOnce

type Run = { attempt: Attempted; journal: Journal; services: ToolServices }

/** Fetches files and records their contents, so that every later call is given the same; or that one cannot be had. */
export async function fetchFiles(files: FileToFetch[], run: Run): Promise<void> {
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce)
    const facts = await Promise.all(some.map((file) => fetched(file, run)))
    await run.journal.append(facts)
    if (facts.some(({ type }) => type === 'file.failed')) return
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

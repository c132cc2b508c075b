import { limits } from '@longhaul/core'
import { Worker } from 'node:worker_threads'

export type ReadableText = { title: string; text: string }

/**
 * The readable text of an HTML page. It is read on its own thread, since a hostile page can take minutes to read: then
 * an Error says so. Rejects with the signal's reason when the signal is aborted.
 */
export async function readableText(html: string, signal: AbortSignal): Promise<ReadableText> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<ReadableText>()
  const thread = new Worker(new URL('readable-text-thread.ts', import.meta.url), {
    workerData: html,
    resourceLimits: { maxOldGenerationSizeMb: memory },
  })
  const stop = () => reject(signal.reason as Error)
  const timer = setTimeout(() => reject(unreadable), limits.pageReading)
  thread.once('message', resolve)
  thread.once('error', (cause) => reject(new Error(unreadable.message, { cause })))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    await thread.terminate()
  }
}

const unreadable = new Error('the page cannot be read: it is too large or too deeply nested')
const memory = limits.threads.memory / 1024 ** 2

import type { ShutdownStep } from '@longhaul/process'
import type { Server } from 'node:http'
import type { Background } from './background.ts'
import { closeHttpServer } from './http/server.ts'

type Parts = {
  stopping: AbortController
  drained: AbortController
  server: Server
  background: Background
  wake: { close(): Promise<void> }
}

/** The steps of the shutdown of an API process, in order. */
export function shutdownSteps(parts: Parts, drainMs: number): ShutdownStep[] {
  const { stopping, drained, server, background, wake } = parts
  return [
    {
      name: 'finish replies',
      deadlineMs: drainMs + 1_000,
      async run() {
        stopping.abort()
        const timer = setTimeout(() => drained.abort(), drainMs)
        await closeHttpServer(server, drainMs + lastWordsMs)
        clearTimeout(timer)
      },
    },
    { name: 'finish background work', run: () => background.settled() },
    { name: 'stop watching', run: () => wake.close() },
  ]
}

/** How long replies that are open at the end of the drain have for their last words, in milliseconds. */
const lastWordsMs = 500

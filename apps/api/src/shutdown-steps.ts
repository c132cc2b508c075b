import type { ShutdownStep } from '@longhaul/process'
import type { Server } from 'node:http'
import type { Background } from './background.ts'
import { closeHttpServer } from './http/server.ts'

type Parts = {
  stopping: AbortController
  server: Server
  background: Background
  wake: { close(): Promise<void> }
}

/** The steps of the shutdown of an API process, in order. */
export function shutdownSteps(parts: Parts, drainMs: number): ShutdownStep[] {
  const { stopping, server, background, wake } = parts
  return [
    {
      name: 'finish replies',
      deadlineMs: drainMs + 1_000,
      run() {
        stopping.abort()
        return closeHttpServer(server, drainMs)
      },
    },
    { name: 'finish background work', run: () => background.settled() },
    { name: 'stop watching', run: () => wake.close() },
  ]
}

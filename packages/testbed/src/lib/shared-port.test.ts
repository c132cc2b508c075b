import { connect, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSharedPort } from './shared-port.ts'
import { withCleanup } from './with-cleanup.ts'

const connections = 32

test.runIf(process.platform === 'linux')(
  'several connections are accepted in one turn of the event loop',
  () =>
    withCleanup(async (atEnd) => {
      /** The turn of the loop in which each connection was accepted. */
      const accepted: number[] = []
      let turn = 0
      const shared = createSharedPort(() =>
        createServer((socket) => {
          accepted.push(turn)
          socket.on('error', () => {})
        }),
      )
      const port = await shared.listen(0)
      atEnd(() => shared.close())
      const clients = Array.from({ length: connections }, () => connect(port, '127.0.0.1'))
      atEnd(() => clients.forEach((client) => client.destroy()))

      for (; accepted.length < connections; turn += 1) await nextTurn()

      expect(new Set(accepted).size).toBeLessThan(connections)
    }),
)

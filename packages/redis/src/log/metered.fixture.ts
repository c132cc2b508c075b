import { test as base } from '../lifecycle/turn.fixture.ts'
import { Redis } from 'ioredis'
import { createBulk } from '../connection/transfers.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'

/** A client that measures how many bytes each of its commands sent and received. */
class MeteredRedis extends Redis {
  commands: { name: string; sent: number; came: number }[] = []

  override sendCommand(...given: Parameters<Redis['sendCommand']>): unknown {
    const [command] = given
    const reply: unknown = super.sendCommand(...given)
    const entry = { name: command.name, sent: bytesOf(command.args), came: 0 }
    this.commands.push(entry)
    if (reply instanceof Promise) {
      void reply.then(
        (value: unknown) => (entry.came = bytesOf(value)),
        () => {},
      )
    }
    return reply
  }

  /** The most bytes that one command has sent or received, and the total of all received bytes. */
  measured(): { most: number; all: number } {
    const sizes = this.commands.map(({ sent, came }) => Math.max(sent, came))
    return {
      most: Math.max(0, ...sizes),
      all: this.commands.reduce((sum, { came }) => sum + came, 0),
    }
  }
}

/** `usual` and `large` are the two measured connections of a process, which `measuredStore` uses. */
export const test = base
  .extend('usual', ({ redis }, { onCleanup }) => connected(redis, onCleanup))
  .extend('large', ({ redis }, { onCleanup }) => connected(redis, onCleanup))
  .extend('bulk', ({ large }) => createBulk(large))
  .extend('measuredStore', ({ usual, bulk, time }) =>
    createTaskStore(usual, { bulk, clock: () => time.now }),
  )

async function connected(
  redis: Redis,
  onCleanup: (end: () => void) => void,
): Promise<MeteredRedis> {
  const { host = '', port = 0, db = 0 } = redis.options
  const own = new MeteredRedis({ host, port, db, lazyConnect: true })
  onCleanup(() => own.disconnect())
  await own.connect()
  own.commands = []
  return own
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + bytesOf(each), 0)
  return 8
}

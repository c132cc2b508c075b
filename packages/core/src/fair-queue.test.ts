import { expect, test } from 'vitest'
import { createFairQueue } from './fair-queue.ts'

/** Work that is finished from outside, and the order in which it began. */
function createWork() {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  return {
    began,
    end: (name: string) => ends.get(name)?.(),
    of: (name: string) => () => {
      began.push(name)
      const { promise, resolve } = Promise.withResolvers<string>()
      ends.set(name, () => resolve(name))
      return promise
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('workspaces take turns, however many of one wait', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 1, waiting: 10 })
  const { began, end, of } = createWork()
  const names = ['a1', 'a2', 'a3', 'b1', 'b2']
  const all = names.map((name) => queue.run(name.charAt(0), of(name)))
  for (const name of ['a1', 'a2', 'b1', 'a3', 'b2']) {
    await settled()
    expect(began.at(-1)).toBe(name)
    end(name)
  }
  expect(await Promise.all(all)).toEqual(names)
})

test('no more run at once than may, and work that fails leaves its place', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 2, waiting: 10 })
  const { began, end, of } = createWork()
  const failed = queue.run('a', () => Promise.reject(new Error('no')))
  const all = ['1', '2', '3'].map((name) => queue.run('a', of(name)))
  await expect(failed).rejects.toThrow('no')
  await settled()
  expect(began).toEqual(['1', '2'])
  end('1')
  await settled()
  expect(began).toEqual(['1', '2', '3'])
  end('2')
  end('3')
  await Promise.all(all)
})

test('a full line refuses more of its workspace, and takes those of others', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 1, waiting: 1 })
  const { end, of } = createWork()
  const all = [queue.run('a', of('a1'))]
  await settled()
  all.push(queue.run('a', of('a2')))
  await expect(queue.run('a', of('a3'))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('The queue for tests is full'),
  })
  all.push(queue.run('b', of('b1')))
  for (const name of ['a1', 'a2', 'b1']) {
    await settled()
    end(name)
  }
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1'])
})

test('what is aborted while it waits leaves its line', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 1, waiting: 1 })
  const { began, end, of } = createWork()
  const first = queue.run('a', of('a1'))
  await settled()
  const controller = new AbortController()
  const waits = queue.run('a', of('a2'), { signal: controller.signal })
  controller.abort(new Error('gone'))
  await expect(waits).rejects.toThrow('gone')
  const last = queue.run('a', of('a3'))
  end('a1')
  await settled()
  end('a3')
  expect(await Promise.all([first, last])).toEqual(['a1', 'a3'])
  expect(began).toEqual(['a1', 'a3'])
})

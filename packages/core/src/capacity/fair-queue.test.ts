import { expect, test } from 'vitest'
import { createFairQueue } from './fair-queue.ts'

/** Work that the test finishes, and the order in which it began. */
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

test('workspaces take turns, however much work of one waits', async () => {
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

test('the limit of concurrent work holds, and failed work frees its slot', async () => {
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

test('a full queue refuses work of its workspace, and others are accepted', async () => {
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

test('the limit of one workspace holds, and its waiting work does not block others', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 3, perWorkspace: 2, waiting: 10 })
  const { began, end, of } = createWork()
  const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2']
  const all = names.map((name) => queue.run(name.charAt(0), of(name)))
  await settled()
  expect(began).toEqual(['a1', 'a2', 'b1'])
  end('b1')
  await settled()
  expect(began.at(-1)).toBe('b2')
  end('a1')
  await settled()
  expect(began.at(-1)).toBe('a3')
  for (const name of ['a2', 'a3', 'b2']) end(name)
  await settled()
  end('a4')
  expect(await Promise.all(all)).toEqual(names)
})

test('work that is aborted while it waits leaves its queue', async () => {
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

test('one workspace alone never takes the last slot', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 3, perWorkspace: 2, waiting: 10 })
  const { began, end, of } = createWork()
  const all = ['a1', 'a2', 'a3'].map((name) => queue.run('a', of(name)))
  await settled()
  expect(began).toEqual(['a1', 'a2'])
  all.push(queue.run('b', of('b1')))
  await settled()
  expect(began).toEqual(['a1', 'a2', 'b1'])
  for (const name of ['b1', 'a1', 'a2', 'a3']) {
    end(name)
    await settled()
  }
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1'])
})

test('a free slot goes to the workspace that runs the least', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 4, waiting: 10 })
  const { began, end, of } = createWork()
  const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'c1']
  const all = names.map((name) => queue.run(name.charAt(0), of(name)))
  for (const name of ['a1', 'a2', 'a3']) {
    await settled()
    end(name)
  }
  await settled()
  // The queue of `a` has waited the longest.
  expect(began).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'a5'])
  for (const name of ['a4', 'b1', 'c1', 'a5', 'b2', 'b3']) {
    end(name)
    await settled()
  }
  expect(await Promise.all(all)).toEqual(names)
})

test('work that takes several slots waits until they are free, and is not overtaken', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 10, waiting: 10 })
  const first = await queue.take('a', { size: 6 })
  const began: string[] = []
  const large = queue.take('b', { size: 7 }).then((leave) => {
    began.push('large')
    return leave
  })
  const small = queue.take('c', { size: 1 }).then((leave) => {
    began.push('small')
    return leave
  })
  await settled()
  expect([began, queue.taken(), queue.waiting()]).toEqual([[], 6, 2])
  first()
  await Promise.all([large, small])
  expect([began, queue.taken(), queue.waiting()]).toEqual([['large', 'small'], 8, 0])
})

test('work that takes more slots than exist runs alone', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 10, perWorkspace: 7, waiting: 10 })
  const huge = await queue.take('a', { size: 100 })
  const next = queue.take('b', { size: 1 })
  await settled()
  expect(queue.waiting()).toBe(1)
  huge()
  const leave = await next
  const again = queue.take('a', { size: 100 })
  await settled()
  expect(queue.waiting()).toBe(1)
  leave()
  await again
  expect(queue.taken()).toBe(100)
})

test('one workspace leaves slots for work of others', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 10, perWorkspace: 7, waiting: 10 })
  const first = await queue.take('a', { size: 5 })
  const second = queue.take('a', { size: 5 })
  await queue.take('b', { size: 5 })
  expect(queue.waiting()).toBe(1)
  first()
  await second
  expect(queue.taken()).toBe(10)
})

test('large work that stops waiting unblocks the work after it', async () => {
  const queue = createFairQueue({ name: 'tests', atOnce: 10, waiting: 10 })
  await queue.take('a', { size: 6 })
  const controller = new AbortController()
  const large = queue.take('b', { size: 7, signal: controller.signal })
  const small = queue.take('c', { size: 1 })
  controller.abort(new Error('gone'))
  await expect(large).rejects.toThrow('gone')
  await small
  expect([queue.taken(), queue.waiting()]).toEqual([7, 0])
})

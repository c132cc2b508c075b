import { expect, test } from 'vitest'
import { parseEvents } from './parse-events.ts'

const stream =
  ': waiting for worker\n\nid: 1\ndata: {"a":"é"}\n\nid:2\r\ndata: one\r\ndata: two\r\n\r\nid: 3\ndata: cut'

test.for([1, 2, 3, 7, 1_000])('frames are the same in pieces of %i bytes', async (size) => {
  expect(await framesOf(stream, size)).toEqual([
    { comment: 'waiting for worker' },
    { id: '1', data: '{"a":"é"}' },
    { id: '2', data: 'one\ntwo' },
  ])
})

test('a reader that leaves ends the stream', async () => {
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: () => {
      cancelled = true
    },
  })
  for await (const { data } of parseEvents(body)) if (data === '1') break
  expect(cancelled).toBe(true)
})

async function framesOf(text: string, size: number): Promise<object[]> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
  const frames: object[] = []
  for await (const frame of parseEvents(body)) frames.push(frame)
  return frames
}

import { expect, test } from 'vitest'
import { markLargeIntegers, unmarkLargeIntegers } from './large-integers.ts'

const large = '9007199254740993'
const sent = [
  `data: {"args":{"id":${large},"less":-${large},"of":[${large}, 1.5,${large}.5,${large}e3]}}\r\n`,
  '\r\n',
  `data: {"text":"é \\"${large}\\\\","id": 123456789012345}\r\n`,
].join('')

async function through(bytes: Uint8Array, size: number): Promise<string> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
  return await new Response(ReadableStream.from(pieces).pipeThrough(markLargeIntegers())).text()
}

test.each([1, 7, 1_000])('in pieces of %i bytes, only integers are marked', async (size) => {
  const marked = await through(Buffer.from(sent), size)
  expect(marked.match(/"int-[^"]+"/g)).toHaveLength(3)
  expect(unmarkLargeIntegers(marked)).toBe(sent)
  const [first = ''] = marked.split('\r\n')
  expect(JSON.stringify(JSON.parse(first.replace('data: ', '')))).toMatch(/"id":"int-\S+993"/)
})

test('a text of megabytes passes', async () => {
  const text = `data: {"text":"${'a\\n'.repeat(1_000_000)}","id":${large}}\n`
  expect(unmarkLargeIntegers(await through(Buffer.from(text), 64 * 1024))).toBe(text)
})

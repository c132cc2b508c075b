import { expect, test } from 'vitest'
import { addText, noText } from './live-text.ts'

test('text is added at the end, and no chunk but the last one changes', () => {
  let before = noText('text')
  let whole = ''
  for (let at = 0; at < 1_500; at += 1) {
    const after = addText(before, `token${at} `)
    whole += `token${at} `
    expect(after.chunks.join('')).toBe(whole)
    for (const [index, chunk] of before.chunks.slice(0, -1).entries()) {
      expect(after.chunks[index]).toBe(chunk)
    }
    before = after
  }
  expect(before.chunks.length).toBeGreaterThan(5)
})

test('of a long text the end is kept, and the dropped chunks are counted', () => {
  let live = noText('text')
  let whole = ''
  for (let at = 0; at < 20_000; at += 1) {
    live = addText(live, `token${at} `)
    whole += `token${at} `
  }
  const kept = live.chunks.join('')
  expect(whole.endsWith(kept)).toBe(true)
  expect(kept.length).toBeGreaterThan(18_000)
  expect(kept.length).toBeLessThan(25_000)
  expect(live.chunks.length + live.dropped).toBeGreaterThan(150)
})

test('a megabyte that comes at once is cut as well', () => {
  const live = addText(noText('text'), `${'x'.repeat(1_000_000)}end`)
  expect(live.chunks.join('').length).toBeLessThan(41_000)
  expect(live.chunks.at(-1)?.endsWith('end')).toBe(true)
})

import { expect, test } from 'vitest'
import { renderApart } from './render-apart.ts'

const loops = (times: number) => `{% for i in range(${times}) %}{{ i }}{% endfor %}`

function filled(text: string, workspace = 'beta'): Promise<string[]> {
  const values = { engine: 'jinja' as const, variables: { name: 'Ada' }, workspace }
  return renderApart([{ path: 'message.parts[0].text', text }], values)
}

test('a large template is filled as a small one is', async () => {
  expect(await filled(loops(10))).toEqual(['0123456789'])
  const [text = ''] = await filled(`${loops(3_000)} {{ name }}`)
  expect(text.slice(0, 10)).toBe('0123456789')
  expect(text.slice(-8)).toBe('2999 Ada')
})

test('what is refused on a thread is refused by its path', async () => {
  await expect(filled(loops(3_000).repeat(20))).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^message\.parts\[0\]\.text: the template takes too many steps/),
    fields: [{ path: 'message.parts[0].text' }],
  })
  await expect(filled(`${loops(3_000)}{{ name - 1 }}`)).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'message.parts[0].text' }],
  })
})

test('small templates are filled while large ones of another workspace are under way', async () => {
  const order: string[] = []
  const large = Array.from({ length: 6 }, async () => {
    await filled(`{% if no %}${'{{ a.b|upper }}'.repeat(5_000)}{% endif %}`, 'alpha')
    order.push('large')
  })
  await filled('Hello {{ name }}')
  order.push('small')
  await Promise.all(large)
  expect(order[0]).toBe('small')
})

test('more large templates than may wait are refused, those of another workspace are not', async () => {
  const results = await Promise.allSettled([
    ...Array.from({ length: 40 }, () => filled(loops(3_000), 'alpha')),
    filled(loops(3_000), 'beta'),
  ])
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.length).toBeGreaterThan(10)
  expect(refused[0]?.reason).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('large templates'),
  })
  expect(results.at(-1)?.status).toBe('fulfilled')
})
